"""How this door says no: a page about what happened, or a line put into the page that asked."""

from collections.abc import Mapping
from datetime import datetime

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from webapp.lib.refusal import Refusal
from webapp.lib.window import read_time
from webapp.screens.session import ask_to_sign_in

PAGES = {400, 403, 404, 405, 409, 413, 429, 500, 503}
# A refusal asked for by a part of a page goes to the place that every page keeps for it.
INTO_PLACE = {"HX-Retarget": "#refusal", "HX-Reswap": "innerHTML"}


def tell(no: Refusal, headers: Mapping[str, str]) -> Response:
    """The one place where a refusal becomes an answer to a person."""
    if no.status == 401:
        return ask_to_sign_in(no)
    if request.headers.get("HX-Request"):
        answer = make_response(render_template("components/_refusal.html", refusal=no), no.status, INTO_PLACE)
    else:
        told = {"refusal": no, "ended_at": _told_at(no, "ended_at"), "free_from": _told_at(no, "earliest_start")}
        page = render_template(f"errors/{_page(no)}.html", **told)
        answer = make_response(page, no.status)
    answer.headers.extend(headers)
    return answer


def _told_at(no: Refusal, name: str) -> datetime | None:
    """A time among its details: when somebody else ended it, from when on a place is free."""
    told = no.details.get(name)
    return read_time(str(told), name) if told else None


def _page(no: Refusal) -> int | str:
    """The page that tells this, or its nearest."""
    if no.code == "RULE_VIOLATION":
        return "rule"
    if no.status in PAGES:
        return no.status
    return 409 if no.status == 412 else 500 if no.status > 500 else 400
