"""Files of time that is over: whoever holds one already is told so before it is made."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, request

from webapp import cells
from webapp.lib.clock import utcnow
from webapp.lib.tags import digest, named, seen
from webapp.screens.times import site_zone
from webapp.screens.utilization.asked import Asked
from webapp.screens.utilization.reading import read_asked

Words = ParamSpec("Words")


def held(file: Callable[Words, Response]) -> Callable[Words, Response]:
    """A weak tag: one file says when it was made, the next says another time and else the same."""

    @wraps(file)
    def answer(*args: Words.args, **words: Words.kwargs) -> Response:
        tag = _tag(read_asked(utcnow(), site_zone()))
        if tag and (same := seen(tag, weak=True)):
            return same
        given = file(*args, **words)
        return named(given, tag, weak=True) if tag else given

    return answer


def _tag(asked: Asked) -> str | None:
    """Of the window, since an address may say "yesterday"; of the cells, since what it filters by may be changed."""
    ids = None if asked.chosen.ids is None else sorted(asked.chosen.ids)
    mark = None if asked.errors else cells.mark_of_history(asked.window, ids)
    return mark and digest(mark, asked.window, asked.before, ids, request.full_path)
