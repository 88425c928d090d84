"""Weekly shifts, holidays and extra shifts as stretches of time. Pure.

A shift belongs to the local date on which it begins, whatever midnight it runs over. Classes of a second: OFF (not
scheduled), WORKING, PLANNED_STOP (a break inside a shift).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from webapp.cells.calendars.wall_clock import DAY, SECONDS, Ints, instants

OFF, WORKING, PLANNED_STOP = 0, 1, 2
CLASSES = ("not scheduled", "working", "planned stop")
_EPOCH = date(1970, 1, 1)
#: From when on a calendar's first pattern holds: before anything this program counts.
BEGINNING = _EPOCH

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Shift:
    """start, end and those of its breaks: minutes after midnight of the day it begins on; end is up to 24 h later.

    days: on which of the week it begins, 0 Monday to 6 Sunday; they mean nothing for a shift of one date.
    """

    name: str
    start: int
    end: int
    breaks: tuple[tuple[int, int], ...] = ()
    days: tuple[int, ...] = ()

    @property
    def worked(self) -> int:
        """Minutes of it without its breaks."""
        return self.end - self.start - sum(end - start for start, end in self.breaks)


@dataclass(frozen=True)
class Week:
    """The pattern that holds from a local date on."""

    since: date
    shifts: tuple[Shift, ...]


@dataclass(frozen=True)
class OtherDay:
    """One date that differs. shifts: None where nobody works; extra: they come beside the week's own."""

    name: str
    shifts: tuple[Shift, ...] | None = None
    extra: bool = False


@dataclass(frozen=True, eq=False)
class Plan:
    """A calendar's content. weeks: by date, the first one since BEGINNING. Kept as it is, for what is derived of it."""

    zone: ZoneInfo
    weeks: tuple[Week, ...]
    days: Mapping[date, OtherDay] = field(default_factory=dict)

    @classmethod
    def of(cls, zone: ZoneInfo, shifts: Iterable[Shift]) -> "Plan":
        """One pattern for all time."""
        return cls(zone, (Week(BEGINNING, tuple(shifts)),))

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """Those that begin on that date, by their start."""
        usual = tuple(shift for shift in self.week_on(day).shifts if day.weekday() in shift.days)
        other = self.days.get(day)
        if other:
            usual = (usual if other.extra else ()) + (other.shifts or ())
        return tuple(sorted(usual, key=lambda shift: shift.start))

    def with_week(self, week: Week) -> "Plan":
        """It takes the place of a pattern since the same date."""
        return replace(self, weeks=tuple(sorted([*self._but(week.since), week], key=lambda one: one.since)))

    def without_week(self, since: date) -> "Plan":
        return replace(self, weeks=tuple(self._but(since)))

    def with_days(self, days: Mapping[date, OtherDay]) -> "Plan":
        return replace(self, days={**self.days, **days})

    def without_day(self, day: date) -> "Plan":
        return replace(self, days={one: other for one, other in self.days.items() if one != day})

    def _but(self, since: date) -> list[Week]:
        return [week for week in self.weeks if week.since != since]

    def week_on(self, day: date) -> Week:
        return next((week for week in reversed(self.weeks) if week.since <= day), self.weeks[0])


@dataclass(frozen=True, eq=False)
class Marks:
    """From at[i] up to at[i + 1] every second is of klass[i]; at[0] is where the stretch begins. Neighbours differ."""

    at: Ints
    klass: Bytes


@dataclass(frozen=True)
class Worked:
    """A shift as it took place: seconds since 1970, UTC."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=256)
def marks(plan: Plan, start: int, end: int) -> Marks:
    """The classes of every second from start up to end."""
    years = range(_day_of(start - 2 * SECONDS).year, _day_of(end + 2 * SECONDS).year + 1)
    parts = [year_of(plan, year) for year in years]
    at, klass = (np.concatenate([part[n] for part in parts]) for n in (0, 1))
    low, high = np.searchsorted(at, start, "right"), np.searchsorted(at, end, "left")
    begins = klass[low - 1] if low else OFF
    return settled(np.concatenate([[start], at[low:high]]), np.concatenate([[begins], klass[low:high]]))


@lru_cache(maxsize=256)
def always(start: int) -> Marks:
    """Where nothing is said of shifts, all of it counts."""
    return settled(np.array([start], dtype=np.int64), np.array([WORKING]))


def settled(at: Ints, klass: NDArray[Any]) -> Marks:
    """Of several marks at one second the last one stands; those that change nothing go."""
    last = np.append(at[1:] != at[:-1], True)
    at, klass = at[last], klass[last].astype(np.uint8)
    news = np.insert(klass[1:] != klass[:-1], 0, True)
    at, klass = at[news], klass[news]
    at.setflags(write=False)
    klass.setflags(write=False)
    return Marks(at, klass)


@lru_cache(maxsize=512)
def year_of(plan: Plan, year: int) -> tuple[Ints, Bytes]:
    """(seconds, classes) of the shifts that begin in that local year, in order."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
    drawn: list[NDArray[np.int64]] = []
    for shifts, same in groupby(sorted(days, key=lambda day: _key(plan, day)), key=lambda day: plan.shifts_on(day)):
        steps = np.array(list(_steps(shifts)), dtype=np.int64).reshape(-1, 2)
        walls = np.array([_number(day) * DAY for day in same], dtype=np.int64)
        drawn.append(((walls[:, None] + steps[:, 0]) * 4 + steps[:, 1]).ravel())
    # One number per mark, minute and class: at one minute an end comes before a start, and a start before a break.
    told = np.sort(np.concatenate(drawn))
    return instants(told // 4, plan.zone), (told % 4).astype(np.uint8)


def _key(plan: Plan, day: date) -> tuple[date, int, date]:
    """Days of one pattern lie together."""
    return plan.week_on(day).since, day.weekday(), day if day in plan.days else BEGINNING


def _steps(shifts: Iterable[Shift]) -> Iterable[tuple[int, int]]:
    for shift in shifts:
        yield shift.start, WORKING
        yield shift.end, OFF
        for begin, over in shift.breaks:
            yield begin, PLANNED_STOP
            if over < shift.end:
                yield over, WORKING


def worked(plan: Plan, start: int, end: int) -> list[Worked]:
    """The shifts that lie in this time, whole or in part, oldest first; not what the clock jumped over."""
    first, last = _day_of(start) - timedelta(days=3), _day_of(end) + timedelta(days=1)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    begun = [(_number(day) * DAY, shift) for day in days for shift in plan.shifts_on(day)]
    walls = np.array([[day + shift.start, day + shift.end] for day, shift in begun], dtype=np.int64).reshape(-1)
    edges = instants(walls, plan.zone).reshape(-1, 2).tolist()
    found = [Worked(shift.name, low, high) for (_, shift), (low, high) in zip(begun, edges, strict=True)]
    return [one for one in found if one.start < one.end and one.start < end and one.end > start]


def difference(before: Marks, after: Marks, end: int) -> tuple[int, int] | None:
    """The first second before the end that is of another class in one of them, and the one after the last."""
    edges = np.union1d(before.at, after.at)
    differs = np.flatnonzero(classes_at(before, edges) != classes_at(after, edges))
    if not len(differs):
        return None
    ends = np.append(edges[1:], end)
    return int(edges[differs[0]]), int(ends[differs[-1]])


def classes_at(marks: Marks, seconds: Ints) -> Bytes:
    return marks.klass[np.searchsorted(marks.at, seconds, "right") - 1]


def scheduled_minutes(shifts: Sequence[Shift]) -> int:
    """Of a week's pattern, breaks included."""
    return sum((shift.end - shift.start) * len(shift.days) for shift in shifts)


def working_minutes(shifts: Sequence[Shift]) -> int:
    return sum(shift.worked * len(shift.days) for shift in shifts)


def _number(day: date) -> int:
    """Days since 1970."""
    return (day - _EPOCH).days


def _day_of(second: int) -> date:
    """The date in UTC: a local one is at most a day away."""
    return _EPOCH + timedelta(days=second // SECONDS)


def to_rows(shifts: Iterable[Shift]) -> list[dict[str, Any]]:
    """As JSON keeps them."""
    return [
        {"name": s.name, "days": [*s.days], "start": s.start, "end": s.end, "breaks": [[*pair] for pair in s.breaks]}
        for s in shifts
    ]


def from_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[Shift, ...]:
    return tuple(
        Shift(row["name"], row["start"], row["end"], tuple((a, b) for a, b in row["breaks"]), tuple(row["days"]))
        for row in rows
    )
