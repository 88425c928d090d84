"""The tag by which a program says which version of an answer it saw: who holds it already is told so, and no more."""

import hashlib
from typing import TypeVar

from flask import Response, request

Answer = TypeVar("Answer", bound=Response)


def digest(*told: object) -> str:
    """For an ETag: another one whenever any of it is another."""
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def seen(tag: str, weak: bool = False) -> Response | None:
    """304 where the program holds this version already."""
    return named(Response(status=304), tag, weak) if request.if_none_match.contains_weak(tag) else None


def named(given: Answer, tag: str, weak: bool = False) -> Answer:
    """With the tag by which the program may ask again."""
    given.set_etag(tag, weak)
    given.headers["Cache-Control"] = "private, no-cache"
    return given
