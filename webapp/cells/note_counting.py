"""How much scheduled time each note explains: kept with it, so that adding up a year does not read the year."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select, update

from webapp import ledger
from webapp.cells.calendars import calendar_marks
from webapp.cells.explaining import locked_cell
from webapp.cells.models import Cell
from webapp.cells.note_models import LOSING, IntervalNote
from webapp.cells.scheduled import scheduled_seconds
from webapp.cells.shifts import Marks
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, moment

#: Notes that are worked out in one act.
AT_ONCE = 500
DAY = 86_400
#: How far one round lets a note grow: a process that was away for longer needs several.
FARTHEST = timedelta(days=7)


class Stretch(NamedTuple):
    """What a note says of a cell's time: start <= t < end, epoch seconds."""

    cell_id: int
    start: int
    end: int


class Lost(NamedTuple):
    """Scheduled seconds of a stretch, by state."""

    idle: int = 0
    setup: int = 0
    down: int = 0


def stretch_of(note: IntervalNote) -> Stretch:
    return Stretch(note.cell_id, epoch(note.start), epoch(note.end))


def lost_in(stretches: Iterable[Stretch]) -> dict[Stretch, Lost]:
    """Of each its lost seconds, from the ledger and the calendars."""
    found: dict[Stretch, Lost] = {}
    for together in _together(sorted(stretches, key=lambda stretch: stretch.start)):
        start, end = together[0].start, max(stretch.end for stretch in together)
        cell_ids = {stretch.cell_id for stretch in together}
        spans, marks = ledger.many_spans(cell_ids, start, end), calendar_marks(cell_ids, start, end)
        found |= {one: _lost(one, spans[one.cell_id], marks[one.cell_id]) for one in together}
    return found


def _together(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """Those that begin within a day of each other are read in one go; what lies between distant ones is not read."""
    group: list[Stretch] = []
    for one in stretches:
        if group and one.start - group[0].start > DAY:
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _lost(one: Stretch, spans: Sequence[ledger.Span], marks: Marks | None) -> Lost:
    sums = dict.fromkeys(LOSING, 0)
    for span in spans:
        low, high = max(span.start, one.start), min(span.end, one.end)
        if low < high and str(span.state) in sums:
            sums[str(span.state)] += scheduled_seconds(marks, low, high)
    return Lost(**sums)


def forget_counts(book_id: int, cell_id: int | None, start_s: int, end_s: int) -> None:
    """Part of whatever changes the past or its calendar. It waits for a count that is under way, which is then old."""
    touching = (IntervalNote.start < moment(min(end_s, _LATEST)), IntervalNote.end > moment(start_s))
    of_book = select(Cell.id).where(Cell.book_id == book_id)
    whose = IntervalNote.cell_id.in_(of_book) if cell_id is None else IntervalNote.cell_id == cell_id
    changed = update(IntervalNote).where(whose, *touching).values(counted=False)
    db.session.execute(changed, execution_options={"synchronize_session": False})


_LATEST = 2**37  # the year 6325: what a database can hold as a time


def count_notes() -> int:
    """Work out what is owed, some at a time; answers with how many were done."""
    done = 0
    while some := _count_some():
        done += some
    return done


def _count_some() -> int:
    with transaction():
        owed = select(IntervalNote).where(IntervalNote.counted.is_(False)).order_by(IntervalNote.start).limit(AT_ONCE)
        rows = list(db.session.scalars(owed.with_for_update(of=IntervalNote)))
        sums = lost_in({stretch_of(note) for note in rows})
        for note in rows:
            note.idle, note.setup, note.down = sums[stretch_of(note)]
            note.counted = True
    return len(rows)


def carry_notes(now: datetime) -> None:
    """A reason given while a stop lasted grows with it, and ends with it."""
    growing = select(IntervalNote.id, IntervalNote.cell_id).where(IntervalNote.going_on)
    for note_id, cell_id in db.session.execute(growing).all():
        with transaction():
            cell = locked_cell(cell_id)
            note = db.session.get(IntervalNote, note_id)
            if note and note.going_on:
                _grow(note, cell, now)


def _grow(note: IntervalNote, cell: Cell, now: datetime) -> None:
    """Up to where the state changes or another note begins; it goes on while it reaches all that is known."""
    told = ledger.newest(cell.book_id)
    known = min(epoch(min(now, note.end + FARTHEST)), epoch(now) if told is None else told)
    reached = _reach(note, min([known, *_bounds(note, cell)]))
    note.going_on = reached >= known
    if reached > epoch(note.end):
        note.end, note.counted = moment(reached), False


def _bounds(note: IntervalNote, cell: Cell) -> list[int]:
    """What it cannot grow over: the next note, the end of the cell's service."""
    later = select(func.min(IntervalNote.start)).where(IntervalNote.cell_id == cell.id, IntervalNote.start >= note.end)
    return [epoch(at) for at in (db.session.scalar(later), cell.in_service_to) if at]


def _reach(note: IntervalNote, until: int) -> int:
    """How long the state it had at its end lasts on."""
    end = epoch(note.end)
    state, reached = None, end
    for span in ledger.spans(note.cell_id, end - 1, max(until, end)):
        if state is not None and span.state != state:
            break
        state, reached = span.state, max(span.end, end)
    return reached
