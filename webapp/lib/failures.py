"""What goes wrong becomes a Refusal, once; the door whose path was asked says it in its own way."""

import logging
from collections.abc import Callable, Mapping

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from webapp.lib.refusal import Refusal, Unavailable

#: A Refusal and the headers that belong to it, worded by a door.
Door = Callable[[Refusal, Mapping[str, str]], ResponseReturnValue]

DATABASE_TROUBLE = (OperationalError, InterfaceError, NoConnectionFree)
#: The API's word for each status, and what to tell whoever met it.
WORDS = {
    400: ("VALIDATION", "The request cannot be read"),
    401: ("NOT_SIGNED_IN", "Sign in to do this"),
    403: ("NOT_ALLOWED", "This may not be done"),
    404: ("NOT_FOUND", "There is nothing at this address"),
    405: ("METHOD_NOT_ALLOWED", "This cannot be done at this address"),
    409: ("WRONG_STATE", "This cannot be done now"),
    412: ("STALE", "It was changed in the meantime"),
    413: ("TOO_LARGE", "The request is too large"),
    415: ("UNSUPPORTED_MEDIA_TYPE", "The body is of a kind that is not read here"),
    422: ("KEY_REUSED", "This Idempotency-Key came with another request"),
    429: ("TOO_MANY", "Too many requests; try again later"),
    500: ("INTERNAL", "Something went wrong here; it was written down"),
    503: ("UNAVAILABLE", "This cannot be answered now; try again shortly"),
}
RETRY_SECONDS = 2


def answer_under(app: Flask, prefix: str, door: Door) -> None:
    """Whatever goes wrong under this path is told by this door; of several the longest prefix decides."""
    doors = app.extensions.setdefault("doors", {})
    if not doors:
        for kind in (Refusal, HTTPException, *DATABASE_TROUBLE):
            app.register_error_handler(kind, _tell)
    doors[prefix] = door


def as_refusal(error: Exception) -> Refusal:
    """The Refusal behind what was raised; of a bug it says nothing but that it is one."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, HTTPException):
        return _of_status(error.code or 500, error)
    # The first line only: what follows in SQLAlchemy's text are the values of a statement, secrets among them.
    logging.getLogger(__name__).warning("the database does not answer: %s", str(error).partition("\n")[0])
    return Unavailable("The database cannot answer now; try again shortly", retry_after=RETRY_SECONDS)


def _of_status(status: int, error: HTTPException) -> Refusal:
    code, message = WORDS.get(status, WORDS[500] if status >= 500 else WORDS[400])
    no = Refusal(str(error.description) if isinstance(error, CSRFError) else message)
    no.code, no.status = code, status
    return no


def _tell(error: Exception) -> ResponseReturnValue:
    no = as_refusal(error)
    return _door(request.path)(no, _headers(error, no))


def _door(path: str) -> Door:
    doors: dict[str, Door] = current_app.extensions["doors"]
    fit = [prefix for prefix in doors if path == prefix or path.startswith(prefix.rstrip("/") + "/")]
    return doors[max(fit, key=len)] if fit else _plainly


def _plainly(no: Refusal, headers: Mapping[str, str]) -> ResponseReturnValue:
    return no.message, no.status, {**headers, "Content-Type": "text/plain; charset=utf-8"}


def _headers(error: Exception, no: Refusal) -> dict[str, str]:
    """Allow of a 405 and its like, as werkzeug knows them; and when to come again."""
    known = dict(error.get_headers()) if isinstance(error, HTTPException) else {}
    known.pop("Content-Type", None)
    if "retry_after" in no.details:
        known["Retry-After"] = str(no.details["retry_after"])
    return known
