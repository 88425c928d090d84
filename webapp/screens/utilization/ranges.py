"""Ranges with a name, and the period before each: today against yesterday up to the same time of day. Pure.

Days, months and years are those of the site's clock; one of 23 or 25 hours comes out right because each is asked for
by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from webapp.lib.window import Window, last
from webapp.screens.times import midnight

SECOND = timedelta(seconds=1)


class Spans(NamedTuple):
    """What is asked for, and what it is compared with."""

    window: Window
    before: Window


Spanning = Callable[[datetime, ZoneInfo], Spans]


@dataclass(frozen=True)
class Range:
    """label: on its button; before: what the period before is called."""

    label: str
    before: str
    spans: Spanning


def hours_up_to(hours: int) -> Spanning:
    def spans(now: datetime, zone: ZoneInfo) -> Spans:
        window = last(now, hours=hours)
        return Spans(window, last(window.start, hours=hours))

    return spans


def today(now: datetime, zone: ZoneInfo) -> Spans:
    day = _today(now, zone)
    return _so_far(now, zone, day, day - timedelta(days=1), day - timedelta(days=1))


def yesterday(now: datetime, zone: ZoneInfo) -> Spans:
    day = _today(now, zone)
    return _whole(zone, day - timedelta(days=1), day, day - timedelta(days=2))


def this_month(now: datetime, zone: ZoneInfo) -> Spans:
    day = _today(now, zone)
    earlier = _months_before(day, 1)
    return _so_far(now, zone, day.replace(day=1), earlier.replace(day=1), earlier)


def last_month(now: datetime, zone: ZoneInfo) -> Spans:
    first = _today(now, zone).replace(day=1)
    return _whole(zone, _months_before(first, 1), first, _months_before(first, 2))


def last_quarter(now: datetime, zone: ZoneInfo) -> Spans:
    day = _today(now, zone)
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return _whole(zone, _months_before(first, 3), first, _months_before(first, 6))


def this_year(now: datetime, zone: ZoneInfo) -> Spans:
    day = _today(now, zone)
    earlier = _months_before(day, 12)
    return _so_far(now, zone, date(day.year, 1, 1), date(day.year - 1, 1, 1), earlier)


def stretch_before(window: Window) -> Window:
    """As long as it is, and right before it."""
    return Window(window.start - (window.end - window.start), window.start)


#: The order of the buttons; those of the shift stand before them where a calendar gives them.
PRESETS = {
    "today": Range("Today", "yesterday up to this time", today),
    "yesterday": Range("Yesterday", "the day before", yesterday),
    "24h": Range("24 h", "the 24 hours before", hours_up_to(24)),
    "7d": Range("7 days", "the 7 days before", hours_up_to(7 * 24)),
    "30d": Range("30 days", "the 30 days before", hours_up_to(30 * 24)),
    "90d": Range("90 days", "the 90 days before", hours_up_to(90 * 24)),
    "year": Range("This year", "last year to this date", this_year),
}
#: Those of the reports, which an address may name too.
CALENDAR = {
    "month": Range("This month", "last month to this day", this_month),
    "last-month": Range("Last month", "the month before", last_month),
    "last-quarter": Range("Last quarter", "the quarter before", last_quarter),
}
NAMED = PRESETS | CALENDAR


def _today(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()


def _whole(zone: ZoneInfo, first: date, end: date, before: date) -> Spans:
    return Spans(
        Window(midnight(first, zone), midnight(end, zone)), Window(midnight(before, zone), midnight(first, zone))
    )


def _so_far(now: datetime, zone: ZoneInfo, first: date, before: date, same_day: date) -> Spans:
    """From that day up to now, against from an earlier day up to the same time of a day. At midnight: a second."""
    start, earlier = midnight(first, zone), midnight(before, zone)
    then = datetime.combine(same_day, now.astimezone(zone).time().replace(microsecond=0), zone)
    then = then.astimezone(now.tzinfo)
    return Spans(Window(start, max(now, start + SECOND)), Window(earlier, max(then, earlier + SECOND)))


def _months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last one: 31 March is a month after 28 February."""
    year, month = divmod(12 * day.year + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))
