"""How much working time each note explains: kept with it, so that adding up a year does not read the year."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Table, bindparam, func, select, update

from webapp import ledger
from webapp.cells.calendars.questions import calendar_marks
from webapp.cells.calendars.scheduled import working_parts
from webapp.cells.lost_time.explaining import locked_cell
from webapp.cells.lost_time.models import IntervalNote
from webapp.cells.models import Cell
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, moment

#: Notes that are worked out in one act.
AT_ONCE = 500
DAY = 86_400
#: How far one round lets a note grow: a process that was away for longer needs several.
FARTHEST = timedelta(days=7)


Ints = NDArray[np.int64]


class Stretch(NamedTuple):
    """What a note says of a cell's time: start <= t < end, epoch seconds."""

    cell_id: int
    start: int
    end: int


class Lost(NamedTuple):
    """Working seconds of a stretch, by state: a break is lost to nobody's reason."""

    idle: int = 0
    setup: int = 0
    down: int = 0


#: Their numbers in the ledger.
LOST = np.array([ledger.State[name.upper()] for name in Lost._fields])


def stretch_of(note: IntervalNote) -> Stretch:
    return Stretch(note.cell_id, epoch(note.start), epoch(note.end))


def lost_in(stretches: Iterable[Stretch]) -> dict[Stretch, Lost]:
    """Of each its lost seconds, from the ledger and the calendars."""
    ordered = sorted(stretches, key=lambda stretch: stretch.start)
    books = _books({stretch.cell_id for stretch in ordered})
    found: dict[Stretch, Lost] = {}
    for together in _together(ordered):
        for book in {books[one.cell_id] for one in together}:
            found |= _lost(book, [one for one in together if books[one.cell_id] == book])
    return found


def _books(cell_ids: set[int]) -> dict[int, int]:
    rows = db.session.execute(select(Cell.id, Cell.book_id).where(Cell.id.in_(cell_ids)))
    return {row.id: row.book_id for row in rows}


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


def _lost(book: int, stretches: Sequence[Stretch]) -> dict[Stretch, Lost]:
    """F(end) - F(start) of every working part, all at once, whatever lies between."""
    start, end = min(one.start for one in stretches), max(one.end for one in stretches)
    marks = calendar_marks({one.cell_id for one in stretches}, start, end)
    parts = [(at, *part) for at, one in enumerate(stretches) for part in working_parts(marks[one.cell_id], *one[1:])]
    sums = np.zeros((len(stretches), len(LOST)), np.int64)
    if parts:
        whose, low, high = np.array(parts, np.int64).T
        strips = ledger.strips(book, start, end)
        cell = np.searchsorted(strips.ids, np.array([one.cell_id for one in stretches]))[whose]
        np.add.at(sums, whose, _up_to(strips, cell, high, start, end) - _up_to(strips, cell, low, start, end))
    return {one: Lost(*map(int, row)) for one, row in zip(stretches, sums, strict=True)}


def _up_to(strips: ledger.Strips, cell: Ints, at: Ints, start: int, end: int) -> Ints:
    """Seconds of each of LOST from where the strips begin up to these moments of these cells, by state."""
    length = end - start
    begins = strips.cell.astype(np.int64) * length + strips.start - start
    lasts = np.diff(begins, append=(int(strips.cell[-1]) + 1) * length)
    is_state = strips.state[:, None] == LOST
    before: Ints = np.cumsum(is_state * lasts[:, None], axis=0) - is_state * lasts[:, None]
    # A moment at the very end of a cell's time is asked for as its last piece, which all of it lies in.
    wanted = cell * length + at - start
    piece = np.searchsorted(begins, wanted - (at > start), side="right") - 1
    within: Ints = is_state[piece] * (wanted - begins[piece])[:, None]
    return before[piece] + within


def forget_counts(book_id: int, cell_id: int | None, start_s: int, end_s: int) -> None:
    """Part of whatever changes the past or its calendar. A count that is under way comes too late.

    What was counted while its seconds were known stays once only days are: it could not be counted again.
    """
    known = IntervalNote.start >= moment(ledger.exact_from(book_id).own)
    touching = (IntervalNote.start < moment(min(end_s, _LATEST)), IntervalNote.end > moment(start_s), known)
    of_book = select(Cell.id).where(Cell.book_id == book_id)
    whose = IntervalNote.cell_id.in_(of_book) if cell_id is None else IntervalNote.cell_id == cell_id
    changed = update(IntervalNote).where(whose, *touching).values(counted=False, stale=IntervalNote.stale + 1)
    db.session.execute(changed, execution_options={"synchronize_session": False})


_LATEST = 2**37  # the year 6325: what a database can hold as a time


def count_notes() -> int:
    """Work out what is owed, some at a time; answers with how many were looked at.

    It is worked out before anything is locked: what changed meanwhile is left for the next time.
    """
    done, last = 0, 0
    while rows := _owed(last):
        sums = lost_in({_stretch(row) for row in rows})
        with transaction():
            db.session.execute(_COUNT, [_counted(row, sums[_stretch(row)]) for row in rows])
        done, last = done + len(rows), rows[-1].id
    return done


def _owed(after: int) -> Sequence[Any]:
    """By number, which goes with time well enough to be read together."""
    owed = select(_notes.c.id, _notes.c.cell_id, _notes.c.start, _notes.c.end, _notes.c.stale)
    owed = owed.where(_notes.c.counted.is_(False), _notes.c.id > after)
    return db.session.execute(owed.order_by(_notes.c.id).limit(AT_ONCE)).all()


def _stretch(row: Any) -> Stretch:
    return Stretch(row.cell_id, epoch(row.start), epoch(row.end))


def _counted(row: Any, lost: Lost) -> dict[str, Any]:
    seen = {"this": row.id, "from": row.start, "to": row.end, "seen": row.stale}
    return {**seen, **{f"of_{state}": seconds for state, seconds in lost._asdict().items()}}


_notes = cast(Table, IntervalNote.__table__)
_COUNT = (
    update(_notes)
    .where(_notes.c.id == bindparam("this"), _notes.c.stale == bindparam("seen"))
    .where(_notes.c.start == bindparam("from"), _notes.c.end == bindparam("to"))
    .values(counted=True, **{state: bindparam(f"of_{state}") for state in Lost._fields})
)


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
