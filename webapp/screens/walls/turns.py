"""Whose turn it is: by the clock alone, so that a page with script, one without, and the server agree. Pure."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate

from webapp.lib.clock import epoch, moment
from webapp.people import Item

#: How long one of several pages stays.
SECONDS = 20


def page_now(pages: int, now: datetime) -> int:
    """From 1."""
    return epoch(now) // SECONDS % pages + 1


def turn_now(playlist: Sequence[Item], now: datetime) -> int:
    """Which item of a playlist it is, from 0."""
    at = epoch(now) % sum(item.seconds for item in playlist)
    return next(n for n, end in enumerate(accumulate(item.seconds for item in playlist)) if at < end)


def is_night(clock: str, night: tuple[str, str]) -> bool:
    """Whether 23:10 lies in ("22:00", "06:00"); two empty texts: there is no night."""
    start, end = night
    return start <= clock < end if start <= end else clock >= start or clock < end


def change_after(now: datetime, starts: Sequence[datetime]) -> tuple[int, datetime]:
    """Which side a screen's picture has, 0 or 1, and when the next shift swaps it.

    starts: of the shifts from some days back to some days on, oldest first. Without any, three shifts of eight hours.
    """
    following = next((at for at in starts if at > now), None)
    begun = [at for at in starts if at <= now]
    if following is None or not begun:
        third = 8 * 3600
        return epoch(now) // third % 2, moment((epoch(now) // third + 1) * third)
    day = [at for at in starts if at.date() == begun[-1].date()]
    return (len(day) * day[0].toordinal() + day.index(begun[-1])) % 2, following
