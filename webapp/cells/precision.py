"""How finely a time is known, and what of it is really counted."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from webapp import ledger
from webapp.lib.clock import epoch, moment
from webapp.lib.window import Window


class Counting(NamedTuple):
    """What comes of a window. precision: "day" where it begins in time of which only whole days (UTC) are known, else
    "second"; counted: up to now, such an edge at the midnight nearest to it; None: nothing of it, or it has not begun.
    """

    precision: str
    counted: Window | None

    @property
    def by_days(self) -> bool:
        return self.precision == "day"


def counting(window: Window, now: datetime) -> Counting:
    """What figures of this window are figures of. One statement."""
    cut = window.cut(None, now)
    if cut is None:
        return Counting("second", None)
    exact = exact_since()
    if cut.start >= exact:
        return Counting("second", cut)
    start, end = map(moment, ledger.counted_edges([epoch(cut.start), epoch(cut.end)], epoch(exact)))
    return Counting("day", Window(start, end) if start < end else None)


def days_only_before(now: datetime, keep: timedelta) -> datetime:
    """What is older than this is kept by whole days after the next night, if it is older than `keep`."""
    return (now - keep).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def exact_since() -> datetime:
    """From then on windows are counted to the second; of the time before, whole days (UTC) are known."""
    return moment(ledger.exact_from().every)
