"""The blueprint every module of this door hangs its routes on, and how a number or a name is written in an address."""

from collections.abc import Callable

from flask import Response, after_this_request
from flask_smorest import Blueprint
from werkzeug.routing import BaseConverter, IntegerConverter

from webapp.api.reading import limit_body
from webapp.jobs import wake


class Identity(IntegerConverter):
    """<id:id>: 1 to 999999999 in plain digits and one spelling; nothing else is an address here."""

    regex = "[1-9][0-9]{0,8}"


class Ref(BaseConverter):
    """<ref:id>: a name as people gave it, such as WO-1001: 1 to 60 characters, no slash, nothing that is no text."""

    regex = r"[^/\\\x00-\x1f\x7f]{1,60}"
    part_isolating = True


bp = Blueprint("api", __name__, url_prefix="/api")
bp.before_request(limit_body)


def wake_afterwards(chore: Callable[[int], None]) -> None:
    """Ring once the view is through: with an Idempotency-Key the commit comes after it."""

    @after_this_request
    def ring(answer: Response) -> Response:
        wake(chore)
        return answer
