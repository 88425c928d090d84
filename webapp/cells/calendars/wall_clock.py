"""What the clock on a wall shows, as instants. Pure.

A wall time counts minutes since 1970-01-01 00:00 on that wall. Each means one instant: where the clock jumps over it in
spring, the instant it jumps to; where the clock shows it twice in autumn, the first time. Being one rule for starts and
ends, shifts that meet on the clock meet in time, and a night shift over the change has its 7 or 9 hours.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

DAY = 1440  # minutes
SECONDS = 86_400

Ints = NDArray[np.int64]


def is_zone(name: object) -> bool:
    try:
        return isinstance(name, str) and bool(ZoneInfo(name).key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def instants(wall: Ints, zone: ZoneInfo) -> Ints:
    """Seconds since 1970, UTC, of each wall time; as ascending as they are."""
    if not len(wall):
        return wall
    days = wall // DAY
    first = int(days.min()) - 1
    offsets = _offsets(zone, first, int(days.max()) + 3)
    at = days - first
    seconds = wall * 60 - offsets[at]
    # A wall time lies between the midnights (UTC) before its day and after the next: where the offset is the same all
    # through, there is nothing to look up.
    changing = np.flatnonzero((offsets[at - 1] != offsets[at + 1]) | (offsets[at] != offsets[at + 2]))
    seconds[changing] = [instant(int(minutes), zone) for minutes in wall[changing]]
    return seconds


def _offsets(zone: ZoneInfo, first: int, end: int) -> Ints:
    """Seconds east of UTC at each midnight (UTC) of these days since 1970."""
    return np.array([_offset(zone, day * SECONDS) for day in range(first, end)], dtype=np.int64)


def _offset(zone: ZoneInfo, second: int) -> int:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=second)
    shift = at.astimezone(zone).utcoffset()
    return int(shift.total_seconds()) if shift else 0


@lru_cache(maxsize=4096)
def instant(minutes: int, zone: ZoneInfo) -> int:
    """Of one wall time."""
    wall = datetime(1970, 1, 1, tzinfo=zone) + timedelta(minutes=minutes)
    seconds = minutes * 60
    # fold=0 is the first showing of an ambiguous time, and of a skipped one it is later than the jump.
    earlier, later = (_seconds(wall.replace(fold=fold).utcoffset()) for fold in (0, 1))
    found = seconds - earlier
    return _jump(zone, seconds - later, found) if later > earlier else found


def _seconds(offset: timedelta | None) -> int:
    return int(offset.total_seconds()) if offset else 0


def _jump(zone: ZoneInfo, before: int, after: int) -> int:
    """The second between these two at which the offset changes."""
    old = _offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _offset(zone, middle) == old else (before, middle)
    return after
