"""Times as files write them: ISO 8601, with their zone, or in a zone that somebody named. Pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NO_ZONE = "must be a zone such as Europe/Berlin"
EXPECTED = "a time such as 2019-06-03T14:30:00Z, with seconds"
#: The shortest there is: 2019-06-03T14:30.
SHORTEST = 16


class BadTime(Exception):
    """(what is wrong, what would be accepted)."""


def read_moment(text: str, zone: ZoneInfo) -> int:
    """Microseconds since 1970. Raises BadTime, also where the zone's clocks skip that time or show it twice."""
    try:
        if len(text) < SHORTEST:
            raise ValueError(text)
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            at = local(at, zone)
        return (at - BEGINNING) // MICROSECOND
    except (ValueError, OverflowError):
        raise BadTime(f"{text[:40] or 'nothing'} is no time", EXPECTED) from None


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """With its offset, as the clocks of that zone showed it once. Raises BadTime."""
    early, late = at.replace(tzinfo=zone, fold=0), at.replace(tzinfo=zone, fold=1)
    before, after = early.utcoffset() or timedelta(), late.utcoffset() or timedelta()
    if before == after:
        return early
    happens = "does not exist" if before < after else "comes twice"
    raise BadTime(f"{at:%Y-%m-%d %H:%M:%S} {happens} in {zone.key}", "the same time with its offset, such as +02:00")


def shown_moment(at: int) -> str:
    """2019-06-03T14:30:00Z."""
    return f"{BEGINNING + at * MICROSECOND:%Y-%m-%dT%H:%M:%SZ}"


def micros(at: datetime) -> int:
    return (at - BEGINNING) // MICROSECOND


def is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name).key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
