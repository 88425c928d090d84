"""Times and durations as spreadsheets and planning programs write them. Pure."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.lib.clock import epoch
from webapp.lib.moments import BadTime, local
from webapp.orders.imports.rules import UNITS

EXPECTED = "a time such as 2026-03-04T14:30:00Z or 2026/03/04 14:30"
LENGTH = "a length such as 90, 1.5 or 1:30"

_YEAR_FIRST = re.compile(r"(?P<y>\d{4})(?P<by>[-/.])(?P<m>\d{1,2})(?P=by)(?P<d>\d{1,2})(?P<rest>[T ,].*)?", re.ASCII)
_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})(?P<by>[-/.])(?P<b>\d{1,2})(?P=by)(?P<y>\d{4})(?P<rest>[T ,].*)?", re.ASCII)
_CLOCK = re.compile(
    r"[T ,]+(?P<h>\d{1,2}):(?P<mi>\d\d)(:(?P<s>\d\d)([.,]\d{1,9})?)?"
    r" ?(?P<half>[AaPp][Mm])? ?(?P<zone>Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_LENGTH = re.compile(r"(?P<h>\d{1,5}):(?P<m>[0-5]\d)(:(?P<s>[0-5]\d))?", re.ASCII)


def read_at(text: str, zone: ZoneInfo, dates: str, end_of_day: bool = False) -> int:
    """Whole seconds since 1970; a day alone is its first moment, or with end_of_day its last. Raises BadTime.

    zone: whose clock it is where the text does not say; dates: which comes first in 03/04/2026, "day" or "month".
    """
    try:
        day, rest = _day(text, dates)
        if not rest:
            day += timedelta(days=1) if end_of_day else timedelta()
            return epoch(local(datetime.combine(day, time()), zone))
        return epoch(_clock(day, rest, zone))
    except (ValueError, OverflowError):
        raise BadTime(f"{text[:40] or 'nothing'} is no time", EXPECTED) from None


def _day(text: str, dates: str) -> tuple[date, str]:
    if found := _YEAR_FIRST.fullmatch(text):
        return date(int(found["y"]), int(found["m"]), int(found["d"])), found["rest"] or ""
    found = _YEAR_LAST.fullmatch(text)
    if found is None:
        raise ValueError(text)
    first, second = int(found["a"]), int(found["b"])
    month_first = found["by"] != "." and _says_month(text, dates)
    day, month = (second, first) if month_first else (first, second)
    return date(int(found["y"]), month, day), found["rest"] or ""


def _says_month(text: str, dates: str) -> bool:
    if not dates:
        raise BadTime(f"{text[:40]} does not say which is the day", f"{EXPECTED}; or say which of the two comes first")
    return dates == "month"


def _clock(day: date, rest: str, zone: ZoneInfo) -> datetime:
    found = _CLOCK.fullmatch(rest.rstrip())
    if found is None:
        raise ValueError(rest)
    hour = _hour(int(found["h"]), found["half"])
    at = datetime.combine(day, time(hour, int(found["mi"]), int(found["s"] or 0)))
    if found["zone"]:
        return datetime.fromisoformat(f"{at.isoformat()}{found['zone']}")
    return local(at, zone)


def _hour(shown: int, half: str | None) -> int:
    if half is None:
        return shown
    if not 1 <= shown <= 12:
        raise ValueError(shown)
    return shown % 12 + (12 if half.lower() == "pm" else 0)


def read_length(text: str, unit: str) -> int:
    """Seconds; a bare number is of that unit, 1:30 is hours and minutes. Raises BadTime."""
    if found := _LENGTH.fullmatch(text):
        return int(found["h"]) * 3600 + int(found["m"]) * 60 + int(found["s"] or 0)
    try:
        if not re.fullmatch(r"\d{1,9}([.,]\d{1,6})?", text, re.ASCII):
            raise ValueError(text)
        return round(float(text.replace(",", ".")) * UNITS[unit])
    except ValueError:
        raise BadTime(f"{text[:40] or 'nothing'} is no length of time", LENGTH) from None
