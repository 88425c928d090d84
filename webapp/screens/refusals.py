"""How this door says no: a page about what happened, or a line put into the page that asked."""

from collections.abc import Mapping

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from webapp.lib.refusal import Refusal
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
        answer = make_response(render_template(f"errors/{_page(no.status)}.html", refusal=no), no.status)
    answer.headers.extend(headers)
    return answer


def _page(status: int) -> int:
    """The page that tells this status, or its nearest."""
    if status in PAGES:
        return status
    return 409 if status == 412 else 500 if status > 500 else 400
