"""Site time: the zone people read times in, and times as they type them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import g

from webapp import cells
from webapp.lib.clock import whole
from webapp.lib.refusal import Invalid
from webapp.lib.settings import settings
from webapp.lib.window import Window

#: What can be counted on every platform and shown in every zone; what lies outside is a slip.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)
_TYPED = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2})(:\d{2}(?::\d{2})?)(?:[.,]\d{1,9})? ?(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
A_TIME = "must be a time such as 2025-09-16 14:30, 2025-09-16 14:30:05 or 2025-09-16 14:30+02:00, or a date"


def site_zone() -> ZoneInfo:
    """The first site's zone; before there is a site, the one the process was started with. Asked once a request."""
    if "zone" not in g:
        first = next(iter(cells.sites()), None)
        g.zone = ZoneInfo(first.zone if first else settings().site_zone)
    return g.zone


def typed_time(text: str, field: str, zone: ZoneInfo) -> datetime:
    """The second that is meant: by the site's clock, unless the text says Z or an offset; a date is its first moment.

    Raises Invalid: for what that clock never showed, and for what it showed twice, asking which one is meant.
    """
    found = _TYPED.fullmatch(text.strip())
    try:
        at = _read(found, field, zone) if found else None
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise Invalid(**{field: A_TIME})
    if not EARLIEST <= at <= LATEST:
        raise Invalid(**{field: "must lie between 1970 and 9998"})
    return at


def _read(found: re.Match[str], field: str, zone: ZoneInfo) -> datetime:
    day, hour, rest, offset = found.groups()
    if hour is None:
        return midnight(date.fromisoformat(day), zone)
    at = datetime.fromisoformat(f"{day}T{hour:0>2}{rest}{offset or ''}")
    return at.astimezone(UTC) if offset else _on_the_clock(at, field, zone)


def _on_the_clock(wall: datetime, field: str, zone: ZoneInfo) -> datetime:
    """wall: as it stands there, without a zone."""
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    at = first.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != wall:
        raise Invalid(**{field: f"never was on the clock, which went from {_skipped(at, zone)} then"})
    if first.utcoffset() != second.utcoffset():
        raise Invalid(**{field: f"was on the clock twice then: write {written(first)} or {written(second)}"})
    return at


def written(local: datetime) -> str:
    """As it stands on the wall, with its offset where it has one."""
    return local.isoformat(" ", "seconds" if local.second else "minutes")


def _skipped(after: datetime, zone: ZoneInfo) -> str:
    """02:00 to 03:00: what the clock left out shortly before this moment."""
    low, high = after - timedelta(days=1), after
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if _offset(middle, zone) == _offset(low, zone) else (low, middle)
    resumed = high.astimezone(zone)
    began = resumed - ((_offset(high, zone) or timedelta()) - (_offset(low, zone) or timedelta()))
    return f"{began:%H:%M} to {resumed:%H:%M}"


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def shown_time(at: datetime, zone: ZoneInfo) -> str:
    """As a text field shows it, so that what is sent back unread is the same second: 2025-09-16 14:30, with its seconds
    where it has some, and with its offset where the clock showed it twice."""
    local = whole(at).astimezone(UTC).astimezone(zone)
    once = local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset()
    return written(local.replace(tzinfo=None) if once else local)


def shown_minute(at: datetime, zone: ZoneInfo) -> str:
    """2025-09-16 14:30, where seconds do not matter or stand elsewhere."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant a local day begins; days of 23 and 25 hours come out right because each is asked for by name."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def days_up_to(now: datetime, count: int, zone: ZoneInfo) -> list[date]:
    """The last `count` local days, today last."""
    today = now.astimezone(zone).date()
    return [today - timedelta(days=back) for back in range(count - 1, -1, -1)]


def hour_edges(window: Window, zone: ZoneInfo) -> list[datetime]:
    """The window's ends and each full local hour between them (a zone may be half an hour off UTC)."""
    local = window.start.astimezone(zone)
    first = local.replace(minute=0, second=0).astimezone(UTC) + timedelta(hours=1)
    edges, at = [window.start], first
    while at < window.end:
        edges.append(at)
        at += timedelta(hours=1)
    return [*edges, window.end]


def day_edges(window: Window, zone: ZoneInfo, every: int = 1) -> list[datetime]:
    """The window's ends and each local midnight between them, or each `every`th."""
    day = window.start.astimezone(zone).date() + timedelta(days=every)
    edges = [window.start]
    while midnight(day, zone) < window.end:
        edges.append(midnight(day, zone))
        day += timedelta(days=every)
    return [*edges, window.end]
