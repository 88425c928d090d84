"""Idempotency-Key: the same key and body get the first answer again, for a day.

Key, act and answer are one commit: of two equal requests at one moment the second waits for the first. A request that
is refused changed nothing, and its key may come again. Signing in and out stand apart: a token is never stored.
"""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, make_response, request
from flask_login import current_user

from webapp import journal
from webapp.extensions import held_open
from webapp.journal import Answer
from webapp.lib.clock import utcnow
from webapp.lib.refusal import Invalid, Unavailable

HEADER = "Idempotency-Key"
FORM = re.compile(r"[\x20-\x7e]{1,150}", re.ASCII)
KEPT_HEADERS = ("Content-Type", "Location", "ETag", "Cache-Control")


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """For a view that creates: inside its guard, so that only who may do it hears the answer again."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(HEADER)
        return view(*args, **kwargs) if key is None else _first_answer(key, lambda: view(*args, **kwargs))

    return answered


def _first_answer(key: str, act: Callable[[], Any]) -> Response:
    if not FORM.fullmatch(key):
        raise Invalid("An Idempotency-Key has 1 to 150 plain characters")
    owner, asked = _owner(), _asked()
    with held_open():
        row = journal.reserve_answer(owner, f"api:{key}", asked, utcnow())
        if row is not None:
            answer = make_response(act())
            _keep(row, answer)
            return answer
    return _again(journal.answer_to(owner, f"api:{key}", asked))


def _owner() -> str:
    """Another caller's same key is another key."""
    return f"user:{current_user.user.id}" if current_user.user else f"cell:{current_user.cell_id}"


def _asked() -> str:
    return journal.digest(request.method.encode(), request.path.encode(), request.get_data(cache=True))


def _keep(row: Answer, answer: Response) -> None:
    row.status, row.body = answer.status_code, answer.get_data()
    row.headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}


def _again(row: Answer | None) -> Response:
    if row is None:  # the first one's transaction was undone while this one waited for it
        raise Unavailable("The first request with this key did not get through; send it again", retry_after=1)
    return Response(row.body, row.status, {**row.headers, "Idempotent-Replayed": "true"})
