"""What is scheduled: the calendars that cells follow, as classes of seconds and as shifts.

Calendars change seldom and are asked for all the time: a process keeps them with what is derived of them until the
edition's token in the database is another one.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import select

from webapp.cells.calendars.models import Calendar, CalendarDay, CalendarEdition, CalendarUse, CalendarWeek
from webapp.cells.calendars.shifts import Marks, OtherDay, Plan, Week, Worked, always, from_rows, marks, settled, worked
from webapp.extensions import db
from webapp.lib.clock import epoch, moment
from webapp.lib.refusal import NotFound
from webapp.lib.window import Window

#: How far back the last shift is looked for: past any works holiday.
LOOK_BACK = 60 * 86_400
#: (from this second on, calendar or none), oldest first.
Uses = tuple[tuple[int, int | None], ...]
#: Classes of seconds, and which cells they are the same for.
Shared = tuple[Marks, list[int]]


@dataclass(frozen=True)
class NamedWindow:
    """A shift: its name and when it is."""

    name: str
    window: Window


@dataclass(frozen=True)
class ShiftWindows:
    """this: the shift that is on now; last: the one before it, or the latest that ended."""

    this: NamedWindow | None
    last: NamedWindow | None


@dataclass(frozen=True)
class _Edition:
    """All calendars as they were under one token."""

    token: str
    plans: Mapping[int, tuple[str, Plan]]  # id -> version, content
    uses: Mapping[int, Uses]  # by cell


_kept = _Edition("", {}, {})


def calendar_marks(cell_ids: Iterable[int], start_s: int, end_s: int) -> dict[int, Marks | None]:
    """Classes of each cell's seconds. Cells that share calendars over that time share the same object.

    None: the cell follows no calendar in that time, so that all of it counts; where it follows none for a part,
    that part is WORKING.
    """
    edition = _edition()
    made: dict[Uses, Marks | None] = {}
    found = {}
    for cell_id in cell_ids:
        uses = edition.uses.get(cell_id, ())
        if uses not in made:
            made[uses] = _marks(edition, uses, start_s, end_s)
        found[cell_id] = made[uses]
    return found


def marks_shared(cell_ids: Iterable[int], spans: Sequence[tuple[int, int]]) -> list[list[Shared]]:
    """The same for many cells and several times, as each calendar and the places in cell_ids of those that share it.

    Cells that follow none in that time are in none of them.
    """
    edition, sharing = _edition(), defaultdict[Uses, list[int]](list)
    for place, cell_id in enumerate(cell_ids):
        sharing[edition.uses.get(cell_id, ())].append(place)
    drawn = ([(_marks(edition, uses, *span), places) for uses, places in sharing.items()] for span in spans)
    return [[(marks, places) for marks, places in found if marks is not None] for found in drawn]


def _marks(edition: _Edition, uses: Uses, start: int, end: int) -> Marks | None:
    parts = list(_parts(uses, start, end))
    if all(calendar is None for _, _, calendar in parts):
        return None
    drawn = [_drawn(edition, calendar, low, high) for low, high, calendar in parts]
    if len(drawn) == 1:
        return drawn[0]
    return settled(np.concatenate([part.at for part in drawn]), np.concatenate([part.klass for part in drawn]))


def _parts(uses: Uses, start: int, end: int) -> Iterable[tuple[int, int, int | None]]:
    """(from, to, calendar) without gaps, cut to this time."""
    for (since, calendar), (until, _) in pairwise([(start, None), *uses, (end, None)]):
        low, high = max(since, start), min(until, end)
        if low < high:
            yield low, high, calendar


def _drawn(edition: _Edition, calendar: int | None, start: int, end: int) -> Marks:
    return always(start) if calendar is None else marks(edition.plans[calendar][1], start, end)


def bases(cell_ids: Iterable[int], begins: Iterable[int], ends: Iterable[int]) -> list[str]:
    """What counts as scheduled, of each cell from its begin up to its end: "schedule" where it follows a calendar all
    the time; "calendar" where it follows none, so that all hours count; "mixed" where it does for a part."""
    uses, told, found = _edition().uses, dict[tuple[Uses, int, int], str](), []
    for cell_id, begin, end in zip(cell_ids, begins, ends, strict=True):
        of = uses.get(cell_id, ()), begin, end
        if of not in told:
            told[of] = together("calendar" if calendar is None else "schedule" for *_, calendar in _parts(*of))
        found.append(told[of])
    return found


def together(found: Iterable[str]) -> str:
    """The basis of all of these."""
    some = set(found)
    return "mixed" if len(some) > 1 else next(iter(some), "calendar")


def calendars_followed(cell_ids: Iterable[int], window: Window) -> set[int | None]:
    """By any of them for some of the window; None: one of them followed none for some of it."""
    return set(_followed(cell_ids, window))


def _followed(cell_ids: Iterable[int], window: Window) -> Iterator[int | None]:
    uses, seconds = _edition().uses, (epoch(window.start), epoch(window.end))
    return (calendar for cell_id in cell_ids for *_, calendar in _parts(uses.get(cell_id, ()), *seconds))


def calendars_token() -> str:
    """Another one whenever what is scheduled may read differently."""
    return db.session.scalar(select(CalendarEdition.token)) or ""


def shift_windows(cell_ids: Collection[int], now: datetime) -> ShiftWindows:
    """By the calendar that most of these cells follow now."""
    at = epoch(now)
    plan = _common(cell_ids, at)
    found = worked(plan, at - LOOK_BACK, at + 1) if plan else []
    this = next((shift for shift in found if shift.start <= at < shift.end), None)
    over = [shift for shift in found if shift.end <= at]
    return ShiftWindows(_named(this), _named(over[-1] if over else None))


def shift_spans(cell_ids: Collection[int], window: Window) -> list[NamedWindow]:
    """The shifts that touch the window, by the calendar that most of these cells follow at its end."""
    plan = _common(cell_ids, epoch(window.end) - 1)
    found = worked(plan, epoch(window.start), epoch(window.end)) if plan else []
    return [NamedWindow(shift.name, Window(moment(shift.start), moment(shift.end))) for shift in found]


def _common(cell_ids: Collection[int], at: int) -> Plan | None:
    edition = _edition()
    followed = Counter(calendar for cell_id in cell_ids if (calendar := following(edition.uses.get(cell_id, ()), at)))
    ranked = sorted(followed.items(), key=lambda item: (-item[1], item[0]))
    return edition.plans[ranked[0][0]][1] if ranked else None


def following(uses: Uses, at: int) -> int | None:
    """The calendar then."""
    return next((calendar for since, calendar in reversed(uses) if since <= at), None)


def _named(shift: Worked | None) -> NamedWindow | None:
    return NamedWindow(shift.name, Window(moment(shift.start), moment(shift.end))) if shift else None


def uses_of_cells() -> Mapping[int, Uses]:
    return _edition().uses


def plan_of(calendar_id: int) -> Plan:
    return _edition().plans[calendar_id][1]


def stretches(calendar_id: int, start: int, end: int) -> dict[int, list[tuple[int, int]]]:
    """By cell, the parts of that time in which it follows this calendar."""
    found = {}
    for cell_id, uses in _edition().uses.items():
        parts = [(low, high) for low, high, calendar in _parts(uses, start, end) if calendar == calendar_id]
        if parts:
            found[cell_id] = parts
    return found


def all_calendars(retired: bool = False) -> list[Calendar]:
    """By name; retired: those hidden from choice as well."""
    query = select(Calendar).order_by(Calendar.name)
    return list(db.session.scalars(query if retired else query.where(Calendar.retired_at.is_(None))))


def one_calendar(calendar_id: int) -> Calendar:
    """Raises NotFound."""
    calendar = db.session.get(Calendar, calendar_id) if 0 < calendar_id < 2**31 else None
    if calendar is None:
        raise NotFound(f"There is no calendar {calendar_id}")
    return calendar


def calendar_of(cell_id: int, at: datetime) -> int | None:
    """The calendar a cell follows then."""
    return following(_edition().uses.get(cell_id, ()), epoch(at))


def uses_of(cell_id: int) -> list[tuple[datetime, int | None]]:
    """Which calendar a cell follows from when on, newest first."""
    return [(moment(since), calendar) for since, calendar in reversed(_edition().uses.get(cell_id, ()))]


def followers(at: datetime) -> dict[int, list[int]]:
    """The cells that follow each calendar then."""
    found: dict[int, list[int]] = {}
    for cell_id, uses in _edition().uses.items():
        if calendar := following(uses, epoch(at)):
            found.setdefault(calendar, []).append(cell_id)
    return found


def _edition() -> _Edition:
    global _kept
    token = calendars_token()
    if token != _kept.token:
        _kept = _read(token, _kept)
    return _kept


def _read(token: str, before: _Edition) -> _Edition:
    """A calendar that is as it was keeps its plan, and with it all that was derived of it."""
    rows = db.session.execute(select(Calendar.id, Calendar.version, Calendar.zone))
    old = dict(before.plans.values())
    contents = _contents()
    plans = {}
    for id, version, zone in rows:
        plans[id] = (version, old.get(version) or replace(contents[id], zone=ZoneInfo(zone)))
    return _Edition(token, plans, _uses())


def _contents() -> dict[int, Plan]:
    weeks: dict[int, list[Week]] = {}
    days: dict[int, dict[object, OtherDay]] = {}
    query = select(CalendarWeek.calendar_id, CalendarWeek.since, CalendarWeek.shifts).order_by(CalendarWeek.since)
    for id, since, rows in db.session.execute(query):
        weeks.setdefault(id, []).append(Week(since, from_rows(rows)))
    other = select(CalendarDay.calendar_id, CalendarDay.day, CalendarDay.name, CalendarDay.shifts, CalendarDay.extra)
    for id, day, name, rows, extra in db.session.execute(other):
        days.setdefault(id, {})[day] = OtherDay(name, None if rows is None else from_rows(rows), extra)
    return {id: Plan(ZoneInfo("UTC"), tuple(had), days.get(id, {})) for id, had in weeks.items()}  # type: ignore[arg-type]


def _uses() -> dict[int, Uses]:
    query = select(CalendarUse.cell_id, CalendarUse.since, CalendarUse.calendar_id).order_by(CalendarUse.since)
    found: dict[int, list[tuple[int, int | None]]] = {}
    for cell_id, since, calendar in db.session.execute(query):
        found.setdefault(cell_id, []).append((epoch(since), calendar))
    return {cell_id: tuple(had) for cell_id, had in found.items()}
