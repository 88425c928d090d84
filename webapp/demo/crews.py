"""When there is a crew at a machine, and the calendars that say so."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import product
from zoneinfo import ZoneInfo

from webapp import cells
from webapp.cells import OtherDay, Plan
from webapp.demo.plant import CALENDARS, HOLIDAYS, PLACES

Stretch = tuple[int, int]  # epoch seconds


def manned(calendar: str, zone: ZoneInfo, start: int, end: int) -> list[Stretch]:
    """Stretches of shifts that follow upon each other, oldest first."""
    found: list[Stretch] = []
    for shift in cells.worked(Plan.of(zone, CALENDARS[calendar]), start, end):
        begun = found.pop()[0] if found and found[-1][1] == shift.start else shift.start
        found.append((begun, shift.end))
    return found


def crew_from(stretches: Sequence[Stretch], at: int) -> Stretch | None:
    """From when on after that moment there is a crew, and until when; None: not any more."""
    return next(((max(at, start), end) for start, end in stretches if end > at), None)


def set_calendars(numbers: dict[int, int], zone: str, by: str, start: datetime, now: datetime) -> None:
    """Make them, and let the cells follow them since the story begins. numbers: of a place -> its cell."""
    for name, shifts in CALENDARS.items():
        made = cells.add_calendar(name, zone, shifts, by, start)
        cells.set_days(made.id, dict(_holidays(now.astimezone(ZoneInfo(zone)).date())), by, start)
        followers = [numbers[place.number] for place in PLACES if place.calendar == name]
        cells.use_calendar(followers, made.id, start, by, start)


def _holidays(today: date) -> Iterator[tuple[date, OtherDay]]:
    """A year of them from tomorrow on: in the time that is told the machines ran."""
    for year, ((month, day), name) in product((today.year, today.year + 1), HOLIDAYS.items()):
        at = date(year, month, day)
        if today < at <= today.replace(year=today.year + 1, day=1):
            yield at, OtherDay(name)
