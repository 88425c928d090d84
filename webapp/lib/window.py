"""A stretch of time, half open: start <= t < end. And how people and programs write one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from webapp.lib.clock import epoch, moment
from webapp.lib.refusal import Invalid

# The source document's own spelling, 2025-08-29:01:42:11, is accepted beside ISO 8601.
_COLON_DATE = re.compile(r"(\d{4}-\d{2}-\d{2}):(\d{2}:\d{2}(:\d{2})?)", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)

#: Of a longer window somebody mistyped an end.
MOST_YEARS = 50


@dataclass(frozen=True, order=True)
class Window:
    """start <= t < end, aware UTC, whole seconds; raises Invalid where it would be empty."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs aware times")
        object.__setattr__(self, "start", moment(epoch(self.start)))
        object.__setattr__(self, "end", moment(epoch(self.end)))
        if self.start >= self.end:
            raise Invalid(end_time="must be later than start_time")

    @property
    def seconds(self) -> int:
        return epoch(self.end) - epoch(self.start)

    @property
    def too_long(self) -> bool:
        return self.seconds > MOST_YEARS * 366 * 86_400

    def cut(self, start: datetime | None, end: datetime | None) -> "Window | None":
        """The part of it from start up to end (None: no bound); None where nothing is left."""
        low = max(self.start, start) if start else self.start
        high = min(self.end, end) if end else self.end
        return Window(low, high) if epoch(low) < epoch(high) else None

    def cut_up(self, length: timedelta, until: datetime) -> "Iterator[Window]":
        """Its parts up to `until`, none longer than that, in order."""
        left = self.cut(None, until)
        while left:
            yield left.cut(None, left.start + length) or left
            left = left.cut(left.start + length, None)


def last(now: datetime, **length: float) -> Window:
    """last(now, hours=24): the window that ends now."""
    return Window(now - timedelta(**length), now)


def read_time(text: str, field: str) -> datetime:
    """A time as a query may write it: ISO with or without zone (then UTC), a date (00:00 UTC), or 2025-08-29:01:42:11.

    Raises Invalid naming the field.
    """
    text = text.strip()
    spelled = _COLON_DATE.fullmatch(text)
    iso = f"{spelled[1]}T{spelled[2]}" if spelled else text
    try:
        if not _ISO.fullmatch(iso):
            raise ValueError(text)
        if len(iso) == 10:
            return datetime.combine(date.fromisoformat(iso), time(), UTC)
        at = datetime.fromisoformat(iso)
        return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(**{field: "must be a time such as 2025-09-01T14:30:00Z or a date such as 2025-09-01"}) from None
