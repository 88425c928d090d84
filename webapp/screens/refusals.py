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
        page = render_template(f"errors/{_page(no.status)}.html", refusal=no, ended_at=_ended_at(no))
        answer = make_response(page, no.status)
    answer.headers.extend(headers)
    return answer


def _ended_at(no: Refusal) -> datetime | None:
    """When somebody else ended it, where that is why."""
    told = no.details.get("ended_at")
    return read_time(str(told), "ended_at") if told else None


def _page(status: int) -> int:
    """The page that tells this status, or its nearest."""
    if status in PAGES:
        return status
    return 409 if status == 412 else 500 if status > 500 else 400
