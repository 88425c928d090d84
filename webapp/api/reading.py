"""Reading what a program sent, strictly: what is read loosely here is a wrong project on a machine later."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from webapp.api.fields import EARLIEST, Number
from webapp.lib.refusal import Invalid
from webapp.lib.window import MOST_YEARS, Window

LARGEST_BODY = 256 * 1024
DEEPEST = 32
BEGINNING, END = EARLIEST, datetime(9999, 12, 31, tzinfo=UTC)
DAY = timedelta(hours=24)
# NUL, which PostgreSQL cannot keep, and halves of characters, which no encoding can write.
NO_TEXT = re.compile("[\0\ud800-\udfff]")


def limit_body() -> None:
    """Before anything is read: a page may send more than a program."""
    request.max_content_length = LARGEST_BODY


def body(schema: type[Schema]) -> dict[str, Any]:
    """The body as this schema reads it; raises Invalid naming each field."""
    sent = json_body()
    if not isinstance(sent, dict):
        raise Invalid("The body must be a JSON object")
    return _load(schema, sent)


def json_body() -> Any:
    """Whatever JSON the body holds, its numbers as Number."""
    kind = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or kind not in ("utf-8", "utf8"):
        raise UnsupportedMediaType
    return parse(request.get_data(cache=True))


def parse(raw: bytes) -> Any:
    """JSON as RFC 8259 has it, and no more: no NaN, no name twice, no NUL, no half characters, no tower of brackets."""
    try:
        value = json.loads(
            raw.decode(),
            parse_int=Number,
            parse_float=Number,
            parse_constant=_no_number,
            object_pairs_hook=_each_name_once,
        )
        texts = list(_texts(value))
    except RecursionError:
        raise Invalid("The body is nested too deeply") from None
    except ValueError as error:
        where = f" (character {error.pos + 1})" if isinstance(error, json.JSONDecodeError) else ""
        raise Invalid(f"The body is not JSON in UTF-8{where}") from None
    for text in texts:
        refuse_no_text(text)
    return value


def plain(value: Any) -> Any:
    """The same with ordinary numbers, for what reads JSON objects itself."""
    if isinstance(value, Number):
        return _ordinary(value.text)
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list) else value


def query(schema: type[Schema]) -> dict[str, Any]:
    """What the address asks for. A name nobody knows is refused: a slip must not answer with everything."""
    given = {name: values for name, values in request.args.lists() if any(values)}
    for name, values in given.items():
        refuse_no_text(name + values[0])
        if len(values) > 1:
            raise Invalid(**{name: "may be given once"})
    return _load(schema, {name: values[0] for name, values in given.items()})


def window(asked: dict[str, Any], now: datetime) -> Window:
    """For figures: up to now where no end is said, and from 24 hours before the end where no start is."""
    start, end = asked.get("start_time"), asked.get("end_time") or now
    asked_for = Window(start, end) if start else Window(max(end - DAY, BEGINNING), end)
    if asked_for.too_long:
        raise Invalid(end_time=f"must be within {MOST_YEARS} years of start_time")
    return asked_for


def open_window(asked: dict[str, Any]) -> Window | None:
    """For projects: no limit of time on the side where nothing is said."""
    start, end = asked.get("start_time"), asked.get("end_time")
    return Window(start or BEGINNING, end or END) if start or end else None


def refuse_no_text(text: str) -> None:
    if NO_TEXT.search(text):
        raise Invalid("The request holds a NUL or half a character, which is no text")


def _load(schema: type[Schema], sent: dict[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = _made(schema).load(sent)
    except ValidationError as error:
        raise Invalid(**dict(_flat(error.messages))) from None
    return loaded


@cache
def _made(schema: type[Schema]) -> Schema:
    """Made once: to make one takes longer than to read with it."""
    return schema()


def _flat(messages: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """{"x-params": {"x1": ["must be text"]}} -> x-params.x1"""
    if not isinstance(messages, dict):
        yield path, list(messages)
        return
    for name, inner in messages.items():
        yield from _flat(inner, f"{path}.{name}" if path else str(name))


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Invalid("The body names something twice in one object")
    return found


def _no_number(word: str) -> None:
    raise Invalid(f"The body holds {word}, which is no number in JSON")


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Every text in it, names included."""
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from _texts(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, depth + 1)


def _ordinary(text: str) -> int | float:
    return int(text) if len(text) < 20 and text.lstrip("-").isdigit() else float(text)
