"""The three facts about every second of a book's cells, as they are known now, and what they add up to."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row, bindparam, select

from webapp import ledger
from webapp.cells.calendars.questions import calendar_marks
from webapp.cells.calendars.shifts import WORKING
from webapp.cells.directory import Directory
from webapp.cells.models import Cell, Claim
from webapp.cells.overlay import ABSENT, COUNTED, Axis, Ints, overlay
from webapp.extensions import db
from webapp.lib.clock import epoch, moment

#: Seconds of all cells together that are laid over each other at once: a day of a thousand.
AT_ONCE = 1000 * 86_400
SHORTEST = 3600

Change = tuple[int, int, int]  # cell (its place in ids), moment, value from then on


def counted(known: Directory, book: int, edges: Sequence[int]) -> Ints:
    """Seconds [what is COUNTED, stretch between neighbouring edges, cell by id] of the book's cells."""
    places = known.of_book(book)
    found = np.zeros((len(COUNTED), len(edges) - 1, len(places)), np.int64)
    for cuts in _portions(edges, max(SHORTEST, AT_ONCE // len(places))):
        part = _laid_over(known, places, book, cuts)
        for n, stretch in enumerate(np.searchsorted(edges, cuts[:-1], "right") - 1):
            found[:, stretch] += part[:, n]
    return found


def counted_by_states(known: Directory, book: int, start: int, end: int) -> Ints:
    """Seconds [what is COUNTED, cell by id] where nothing but sums of states is left, long after: all hours count, as
    without a calendar, and nobody is known to have held the cell."""
    places = known.of_book(book)
    served = np.minimum(known.ends[places], end) - np.maximum(known.begins[places], start)
    table = ledger.seconds([start, end], book)
    found = np.zeros((len(COUNTED), len(places)), np.int64)
    found[COUNTED.index("window")] = found[COUNTED.index("scheduled")] = np.maximum(served, 0)
    mine = np.searchsorted(table.ids, known.ids[places])
    for state in list(ledger.State)[1:]:
        found[COUNTED.index(str(state))] = table.seconds[0, state][mine]
    return found


def _portions(edges: Sequence[int], longest: int) -> Iterator[list[int]]:
    """The edges in neighbouring portions, none longer than that; cut also between edges where need be."""
    cuts = sorted({*edges, *range(edges[0], edges[-1], longest)})
    portion = cuts[:1]
    for cut, following in zip(cuts[1:], [*cuts[2:], None], strict=True):
        portion.append(cut)
        if following is None or following - portion[0] > longest:
            yield portion
            portion = [cut]


def _laid_over(known: Directory, places: NDArray[np.intp], book: int, edges: Sequence[int]) -> Ints:
    start, end, ids = edges[0], edges[-1], known.ids[places]
    states, sources = _states(ledger.strips(book, start, end), ids)
    classes = _classes(ids, known.begins[places], known.ends[places], start, end)
    return overlay(states, sources, classes, _holds(book, ids, start, end), edges)


def _states(strips: ledger.Strips, ids: NDArray[np.int32]) -> tuple[Axis, NDArray[np.uint8]]:
    """(states, sources): who said it, of the first ones and then of each change."""
    place = np.searchsorted(ids, strips.ids)[strips.cell]
    told = np.insert(strips.cell[1:] != strips.cell[:-1], 0, True)  # a cell's first piece is what holds at first
    known = np.isin(strips.ids, ids)[strips.cell]  # one may have come since
    told, later = told & known, ~told & known
    first = place[told]
    states, sources = np.zeros((2, len(ids)), np.uint8)
    states[first], sources[first] = strips.state[told], strips.source[told]
    changes = Axis(states, place[later].astype(np.int32), strips.start[later], strips.state[later])
    return changes, np.concatenate([sources, strips.source[later]])


def _classes(ids: NDArray[np.int32], begins: Ints, ends: Ints, start: int, end: int) -> Axis:
    """Calendar classes, and ABSENT where the cell is not in service."""
    first, parts = np.full(len(ids), WORKING, np.uint8), []
    sharing: dict[int, tuple[Any, list[int]]] = {}
    for place, marks in enumerate(calendar_marks(ids.tolist(), start, end).values()):
        if marks is not None:
            sharing.setdefault(id(marks), (marks, []))[1].append(place)
    for marks, places in sharing.values():
        first[places] = marks.klass[0]
        parts.append(_of_each(places, marks.at[1:], marks.klass[1:]))
    classes = Axis(first, *(np.concatenate(columns) for columns in zip(_NOTHING, *parts, strict=True)))
    return _in_service(classes, begins, ends, start, end)


def _of_each(places: Sequence[int], at: Ints, value: NDArray[np.uint8]) -> tuple[Any, Ints, Any]:
    """The same changes for several cells."""
    return np.repeat(np.array(places, np.int32), len(at)), np.tile(at, len(places)), np.tile(value, len(places))


def _in_service(classes: Axis, begins: Ints, ends: Ints, start: int, end: int) -> Axis:
    """With the ends of service laid over: nothing of a class is left outside."""
    for place in np.flatnonzero((begins > start) | (ends < end)):
        classes = _cut(classes, int(place), max(start, int(begins[place])), int(ends[place]), start, end)
    return classes


def _cut(axis: Axis, place: int, begins: int, ends: int, start: int, end: int) -> Axis:
    mine = axis.cell == place
    at, value = np.insert(axis.at[mine], 0, start), np.insert(axis.value[mine], 0, axis.first[place])
    inside = (at > begins) & (at < ends)
    changes = [(begins, int(value[np.searchsorted(at, begins, "right") - 1]))] if begins < min(ends, end) else []
    changes += zip(at[inside].tolist(), value[inside].tolist(), strict=True)
    changes += [(max(ends, start), ABSENT)] if ends < end else []
    first = axis.first.copy()
    first[place] = ABSENT
    told = np.array([(place, *change) for change in changes if change[0] < end], np.int64).reshape(-1, 3)
    return _joined(Axis(first, axis.cell[~mine], axis.at[~mine], axis.value[~mine]), told)


def _joined(axis: Axis, changes: Ints) -> Axis:
    cell, at, value = changes.T
    return Axis(
        axis.first,
        np.concatenate([axis.cell, cell.astype(np.int32)]),
        np.concatenate([axis.at, at]),
        np.concatenate([axis.value, value.astype(np.uint8)]),
    )


def _holds(book: int, ids: NDArray[np.int32], start: int, end: int) -> Axis:
    """Whether a claim was open."""
    asked = {"book": book, "start": moment(start), "end": moment(end)}
    before = (claim for claim in db.session.execute(_LAST_BEFORE, asked) if claim.opened)
    claims = [*before, *db.session.execute(_WITHIN, asked)]
    axis = Axis(np.zeros(len(ids), np.uint8), *_NOTHING)
    changes = [change for claim in claims for change in _open_and_close(claim)]
    if not changes:
        return axis
    told = np.array(changes, np.int64)
    told[:, 0] = np.searchsorted(ids, told[:, 0])
    early = told[:, 1] <= start
    axis.first[told[early, 0]] = told[early, 2]
    return _joined(axis, told[~early & (told[:, 1] < end)])


def _open_and_close(claim: Row[Any]) -> Iterator[Change]:
    yield claim.cell_id, epoch(claim.opened), 1
    if claim.closed:
        yield claim.cell_id, epoch(claim.closed), 0


_NOTHING = (np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.uint8))
_BOOK: Any = bindparam("book")
_EARLIER = Claim.__table__.alias()
_NEWEST = (
    select(_EARLIER.c.id)
    .where(_EARLIER.c.cell_id == Cell.id, _EARLIER.c.opened <= bindparam("start"))
    .order_by(_EARLIER.c.opened.desc(), _EARLIER.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_STILL_OPEN = Claim.closed.is_(None) | (Claim.closed > bindparam("start"))
# An outer join, so that the cells lead: a seek for each of them, and not for each claim there ever was.
_LAST_BEFORE = (
    select(Cell.id.label("cell_id"), Claim.opened, Claim.closed)
    .outerjoin(Claim, (Claim.id == _NEWEST) & _STILL_OPEN)
    .where(Cell.book_id == _BOOK)
)
_WITHIN = (
    select(Claim.cell_id, Claim.opened, Claim.closed)
    .join(Cell, Cell.id == Claim.cell_id)
    .where(Cell.book_id == _BOOK, Claim.opened > bindparam("start"), Claim.opened < bindparam("end"))
    .order_by(Claim.opened, Claim.id)
)
