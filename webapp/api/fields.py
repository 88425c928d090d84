"""The kinds of values a program may send. A number keeps its text until somebody knows what it is for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields

from webapp.lib.refusal import Invalid
from webapp.lib.window import read_time

LARGEST = 2**31 - 1
WHOLE = re.compile(r"-?[0-9]{1,10}", re.ASCII)
DECIMAL = re.compile(r"[0-9]{1,6}(\.[0-9]{1,9})?", re.ASCII)
ZONED = re.compile(r"[^Z]*T[^Z]*(Z|[+-][0-9]{2}:?[0-9]{2})", re.ASCII)
#: Nothing here is older: a time before it is a slip, and some platforms cannot count it.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Number:
    """A number of a JSON body as it was written: 1.50 stays 1.50."""

    text: str


class Text(fields.String):
    default_error_messages = {"required": "is required", "null": "must not be null", "invalid": "must be text"}


class Whole(fields.Integer):
    """A whole number of a JSON body."""

    default_error_messages = {"required": "is required", "null": "must not be null"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if isinstance(value, Number):
            return _whole(value.text)
        raise ValidationError("must be a whole number")


class Texts(fields.List):
    default_error_messages = {"null": "must not be null", "invalid": "must be a list of texts"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Text(), **kwargs)


class Values(fields.Field[dict[str, str | None]]):
    """x-params: text, or a number kept as the text sent; null clears. Which names there are is the room's to say."""

    default_error_messages = {"null": "must not be null"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, str | None]:
        if not isinstance(value, dict):
            raise ValidationError('must be an object such as {"x1": "12.5"}')
        wrong = {name: ["must be text or a number"] for name, one in value.items() if not _is_value(one)}
        if wrong:
            raise ValidationError(wrong)
        return {name: one.text if isinstance(one, Number) else one for name, one in value.items()}


class Count(fields.Integer):
    """A whole number in an address, from `least` to `most`."""

    def __init__(self, least: int = 1, most: int = LARGEST, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(metadata={"minimum": least, "maximum": most, **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if WHOLE.fullmatch(value) and self.least <= int(value) <= self.most:
            return int(value)
        raise ValidationError(f"must be a whole number from {self.least} to {self.most}")


class Word(fields.String):
    """One of a few words in an address."""

    def __init__(self, *words: str, **kwargs: Any) -> None:
        self.words = words
        super().__init__(metadata={"enum": list(words), **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if value in self.words:
            return str(value)
        raise ValidationError("must be one of " + ", ".join(self.words))


class Time(fields.Field[datetime]):
    """A time in an address, as lib.window reads it: more spellings than the document's date-time knows."""

    def __init__(self, says: str = "") -> None:
        super().__init__(
            metadata={"type": "string", "examples": ["2025-09-01", "2025-09-01T14:30:00Z"], "description": says}
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            at = read_time(value, "time")
        except Invalid:
            raise ValidationError("must be a time such as 2025-09-01T14:30:00Z or a date such as 2025-09-01") from None
        if at < EARLIEST:
            raise ValidationError("must not be before 1970")
        return at


class Moment(fields.Field[datetime]):
    """A time in a body: it says its zone, or nobody knows which hour is meant."""

    default_error_messages = {"required": "is required", "null": "must not be null"}

    def __init__(self, **kwargs: Any) -> None:
        about = {"type": "string", "format": "date-time", "examples": ["2025-08-20T09:00:00Z"]}
        super().__init__(metadata={**about, **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            at = read_time(value, "time") if isinstance(value, str) and ZONED.fullmatch(value) else None
        except Invalid:
            at = None
        if at is None:
            raise ValidationError("must be a time with its zone, such as 2025-08-20T09:00:00Z")
        if at < EARLIEST:
            raise ValidationError("must not be before 1970")
        return at


class Flag(fields.Field[bool]):
    """true or false of a JSON body."""

    default_error_messages = {"null": "must not be null"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"type": "boolean", **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise ValidationError("must be true or false")


class Hours(fields.Field[int]):
    """A length in an address, in hours such as 1.5; read as whole seconds."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        self.most = most
        about = {"type": "number", "exclusiveMinimum": 0, "maximum": most}
        super().__init__(metadata={**about, **kwargs.pop("metadata", {})}, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        seconds = round(float(value) * 3600) if DECIMAL.fullmatch(value) else 0
        if 0 < seconds <= self.most * 3600:
            return seconds
        raise ValidationError(f"must be hours such as 1.5, up to {self.most}")


def _whole(text: str) -> int:
    """90.0 is whole, too: some languages write every number so."""
    whole, _, rest = text.partition(".")
    if rest.strip("0") or not WHOLE.fullmatch(whole) or abs(int(whole)) > LARGEST:
        raise ValidationError("must be a whole number")
    return int(whole)


def _is_value(value: object) -> bool:
    return value is None or isinstance(value, str | Number)
