"""Where the time went: the stops of a cell with their reasons, and the sums of each reason."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from webapp import ledger
from webapp.cells.calendars.questions import calendar_marks
from webapp.cells.calendars.scheduled import scheduled_parts, working_seconds
from webapp.cells.calendars.shifts import Marks
from webapp.cells.history import Interval, timeline
from webapp.cells.lost_time.counting import Lost, lost_in, stretch_of
from webapp.cells.lost_time.models import LOSING, IntervalNote, Reason
from webapp.cells.models import Cell
from webapp.cells.places import one
from webapp.cells.reporting import utilization_report
from webapp.extensions import db
from webapp.lib.clock import epoch, moment
from webapp.lib.refusal import NotFound
from webapp.lib.window import Window

#: Seconds from which on a stretch without a reason is worth a question: shorter pauses are how machines work.
WORTH = {"idle": 300, "setup": 60, "down": 60}
#: How far a stop is looked for from a moment on.
LONGEST = timedelta(days=14)


@dataclass(frozen=True)
class Stop:
    """Scheduled time that a cell lost in one stretch. goes_on: up to all that is known, so it may last still."""

    cell: Cell
    interval: Interval
    goes_on: bool

    @property
    def seconds(self) -> int:
        return epoch(self.interval.end) - epoch(self.interval.start)

    @property
    def note(self) -> IntervalNote | None:
        return self.interval.note

    @property
    def window(self) -> Window:
        return Window(self.interval.start, self.interval.end)


@dataclass(frozen=True)
class Loss:
    """Scheduled seconds of one state that one reason explains; reason None: nobody has said why.

    stretches: how many times; None where that is not known. planned: inside breaks, of which nobody asks why.
    """

    state: str
    reason: str | None
    seconds: int
    stretches: int | None
    planned: bool = False


def stops(cell_id: int, window: Window, now: datetime) -> list[Stop]:
    """Newest first: those worth a question, and all that have a reason."""
    cell = one(cell_id)
    marks = calendar_marks([cell_id], epoch(window.start), epoch(window.end))[cell_id]
    return [*_stops(cell, timeline(cell_id, window, now), marks, now)][::-1]


def stop_at(cell_id: int, start: datetime, now: datetime) -> Stop:
    """The one that begins then, or was under way. Raises NotFound."""
    after = stops(cell_id, Window(start, start + LONGEST), now) if start < now else []
    first = after[-1] if after else None
    if first is None or first.interval.start > start:
        raise NotFound("There is no stop at that time: the history was corrected, or the cell was not scheduled")
    return first


def _stops(cell: Cell, intervals: list[Interval], marks: Marks | None, now: datetime) -> Iterator[Stop]:
    told = ledger.newest(cell.book_id)
    known = epoch(now) if told is None else min(told, epoch(now))
    for interval in intervals:
        if interval.state not in LOSING:
            continue
        start, end = epoch(interval.start), epoch(interval.end)
        for low, high in scheduled_parts(marks, start, end):
            if interval.note or working_seconds(marks, low, high) >= WORTH[interval.state]:
                yield Stop(cell, interval.cut(moment(low), moment(high)), goes_on=high >= known)


def losses(window: Window, now: datetime, cell_ids: Collection[int] | None = None) -> list[Loss]:
    """Largest first, inside scheduled time; per state they add up to the account's seconds. Maintenance is a line of
    its own, without reasons; so are the breaks of each state."""
    report = utilization_report(window, now, cell_ids)
    part = report.counted
    explained = _explained(part, {entry.id for entry in report.columns.entries}) if part else {}
    found = [Loss(state, name, *sums) for (state, name), sums in explained.items() if sums[0]]
    for state in LOSING:
        planned = getattr(report.account, f"{state}_in_stops")
        given = sum(loss.seconds for loss in found if loss.state == state)
        found.append(Loss(state, None, planned, None, planned=True))
        found.append(Loss(state, None, getattr(report.account, state) - planned - given, None))
    found.append(Loss("maintenance", None, report.account.maintenance, None))
    return sorted((loss for loss in found if loss.seconds), key=lambda loss: (-loss.seconds, loss.state))


def _explained(window: Window, cell_ids: set[int]) -> dict[tuple[str, str], tuple[int, int]]:
    """{(state, reason): (seconds, stretches)}. A reason counts only in the states it may explain."""
    rows = [*_counted(window, cell_ids), *_worked_out(window, cell_ids)]
    states = {reason.id: (reason.name, reason.states) for reason in db.session.scalars(select(Reason))}
    sums: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for reason_id, lost, stretches in rows:
        name, fits = states[reason_id]
        for state in fits:
            seconds, times = sums[state, name]
            sums[state, name] = seconds + getattr(lost, state), times + getattr(stretches, state)
    return sums


Counted = tuple[int, Lost, Lost]  # reason, seconds, stretches


def _counted(window: Window, cell_ids: set[int]) -> Iterator[Counted]:
    """What lies wholly inside is added up by the database: a row per reason, however many notes."""
    columns = [getattr(IntervalNote, state) for state in Lost._fields]
    sums = [func.coalesce(func.sum(column), 0) for column in columns]
    times = [func.count().filter(column > 0) for column in columns]
    query = select(IntervalNote.reason_id, *sums, *times).where(
        IntervalNote.cell_id.in_(cell_ids), _inside(window), IntervalNote.counted
    )
    for reason_id, *found in db.session.execute(query.group_by(IntervalNote.reason_id)):
        yield reason_id, Lost(*map(int, found[:3])), Lost(*found[3:])


def _worked_out(window: Window, cell_ids: set[int]) -> Iterator[Counted]:
    """What the window's edges cut, and what is not counted yet: from the ledger."""
    touching = (IntervalNote.start < window.end, IntervalNote.end > window.start)
    rest = or_(~_inside(window), IntervalNote.counted.is_(False))
    query = select(IntervalNote).where(IntervalNote.cell_id.in_(cell_ids), *touching, rest)
    cut = {}
    for note in db.session.scalars(query):
        whole = stretch_of(note)
        low, high = max(whole.start, epoch(window.start)), min(whole.end, epoch(window.end))
        cut[whole._replace(start=low, end=high)] = note.reason_id
    for stretch, lost in lost_in(cut).items():
        yield cut[stretch], lost, Lost(*(int(seconds > 0) for seconds in lost))


def _inside(window: Window) -> ColumnElement[Any]:
    return and_(IntervalNote.start >= window.start, IntervalNote.end <= window.end)
