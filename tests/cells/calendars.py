"""Shifts as tests write them, and what they come to."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from webapp.cells.calendars import shifts
from webapp.cells.calendars.shifts import BEGINNING, OtherDay, Plan, Shift, Week
from webapp.cells.calendars.texts import read_shift
from webapp.lib.clock import epoch

EVERY_DAY = range(7)
WORKDAYS = range(5)


def shift(start: str = "06:00", end: str = "14:00", breaks: str = "", name: str = "Early", days=EVERY_DAY) -> Shift:
    return read_shift(name, start, end, breaks, tuple(days))


def plan(*pattern: Shift, zone: str = "UTC", days: dict[date, OtherDay] | None = None, weeks=()) -> Plan:
    """weeks: (since, shifts) that follow the first pattern."""
    later = tuple(Week(since, tuple(had)) for since, had in weeks)
    return Plan(ZoneInfo(zone), (Week(BEGINNING, pattern), *later), days or {})


def second(text: str, zone: str = "UTC", fold: int = 0) -> int:
    """Of a wall time such as 2026-03-29 06:00."""
    return epoch(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold))


def hours(made: Plan, start: str, end: str) -> float:
    """Scheduled hours between two wall times."""
    zone = made.zone.key
    return seconds_of(made, second(start, zone), second(end, zone)).count_scheduled / 3600


class Counted:
    def __init__(self, pieces: Sequence[tuple[int, int]]) -> None:
        self.by_class = {klass: sum(length for k, length in pieces if k == klass) for klass in (0, 1, 2)}
        self.count_scheduled = self.by_class[1] + self.by_class[2]


def seconds_of(made: Plan, start: int, end: int) -> Counted:
    drawn = shifts.marks(made, start, end)
    edges = [*drawn.at.tolist(), end]
    return Counted([(int(k), b - a) for k, a, b in zip(drawn.klass, edges, edges[1:], strict=False)])
