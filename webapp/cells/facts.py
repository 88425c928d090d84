"""The three facts about every second of a book's cells, as they are known now, and what they add up to."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Result, bindparam, case, cast, extract, func, select

from webapp import ledger
from webapp.cells.calendars.questions import Shared, marks_shared
from webapp.cells.calendars.shifts import WORKING
from webapp.cells.directory import NEVER, Directory
from webapp.cells.models import Cell, Claim
from webapp.cells.overlay import ABSENT, COUNTED, Axis, Ints, overlay
from webapp.extensions import db
from webapp.lib.clock import moment

#: Seconds of all cells together that are laid over each other at once: a day of a thousand.
AT_ONCE = 1000 * 86_400
SHORTEST, DAY = 3600, 86_400

Span = tuple[int, int]  # from <= second < to
#: Times apart from one another that one question asks for.
FEW = 24


def counted(known: Directory, book: int, runs: Sequence[Sequence[int]]) -> Ints:
    """Seconds [what is COUNTED, stretch, cell by id] of the book's cells.

    runs: edges, ascending and apart from one another; a stretch lies between neighbouring edges of a run.
    """
    places = known.of_book(book)
    stretches = [stretch for run in runs for stretch in pairwise(run)]
    starts = [start for start, _ in stretches]
    found = np.zeros((len(COUNTED), len(stretches), len(places)), np.int64)
    portions = [cuts for run in runs for cuts in _portions(run, max(SHORTEST, AT_ONCE // len(places)))]
    for together in _together(portions, AT_ONCE // len(places)):
        edges = sorted({edge for cuts in together for edge in cuts})
        part, begins = _laid_over(known, places, book, together, edges), [cut for cuts in together for cut in cuts[:-1]]
        for begin, place in zip(begins, np.searchsorted(edges, begins), strict=True):
            found[:, bisect_right(starts, begin) - 1] += part[:, place]
    return found


def counted_by_states(known: Directory, book: int, start: int, end: int) -> Ints:
    """Seconds [what is COUNTED, cell by id] where nothing but sums of states is left, long after: all hours count, as
    without a calendar, and nobody is known to have held the cell."""
    places = known.of_book(book)
    table = ledger.seconds([start, end], book)
    found = np.zeros((len(COUNTED), len(places)), np.int64)
    found[COUNTED.index("window")] = found[COUNTED.index("scheduled")] = _served(known, book, start, end)
    mine = np.searchsorted(table.ids, known.ids[places])
    for state in list(ledger.State)[1:]:
        found[COUNTED.index(str(state))] = table.seconds[0, state][mine]
    return found


def _served(known: Directory, book: int, start: int, end: int) -> Ints:
    places = known.of_book(book)
    served: Ints = np.minimum(known.ends[places], end) - np.maximum(known.begins[places], start)
    return np.maximum(served, 0)


def add_days(
    into: Ints, known: Directory, book: int, stretch: tuple[int, int], left: Sequence[tuple[int, int]]
) -> None:
    """Of a stretch of which only whole days are known: those that nobody had added up, and as unknown what is told by
    nothing at all, such as the past of a cell that came later."""
    for low, high in left:
        # What begins within a day began with the first cell: there was nothing before it.
        first, last = low // DAY * DAY if low == stretch[0] else -(-low // DAY) * DAY, high // DAY * DAY
        if first < last:
            into += counted_by_states(known, book, first, last)
    lacking = np.maximum(_served(known, book, *stretch) - into[COUNTED.index("window")], 0)
    into[COUNTED.index("window")] += lacking
    into[COUNTED.index("scheduled")] += lacking


def _portions(edges: Sequence[int], longest: int) -> Iterator[list[int]]:
    """The edges in neighbouring portions, none longer than that; cut also between edges where need be."""
    cuts = sorted({*edges, *range(edges[0], edges[-1], longest)})
    portion = cuts[:1]
    for cut, following in zip(cuts[1:], [*cuts[2:], None], strict=True):
        portion.append(cut)
        if following is None or following - portion[0] > longest:
            yield portion
            portion = [cut]


def _together(portions: Iterable[list[int]], longest: int) -> Iterator[list[list[int]]]:
    """Neighbouring portions as long as they are short: many numbers are counted as quickly as few."""
    kept: list[list[int]] = []
    for portion in portions:
        if len(kept) == FEW or (kept and sum(cuts[-1] - cuts[0] for cuts in (*kept, portion)) > longest):
            yield kept
            kept = []
        kept.append(portion)
    if kept:
        yield kept


def _laid_over(
    known: Directory, places: NDArray[np.intp], book: int, portions: Sequence[Sequence[int]], edges: Sequence[int]
) -> Ints:
    """[what is COUNTED, stretch between any neighbouring edges, cell]: of those between portions it means nothing."""
    ids, spans = known.ids[places], [(cuts[0], cuts[-1]) for cuts in portions]
    states, sources = zip(*(_states(strips, ids) for strips in ledger.strips_of(book, spans)), strict=True)
    begun, ended = known.begins[places], known.ends[places]
    shared = marks_shared(ids.tolist(), spans)
    classes = [_classes(marks, begun, ended, *span) for marks, span in zip(shared, spans, strict=True)]
    holds = _holds(book, ids, spans)
    facts = [_in_a_row(axes, [start for start, _ in spans]) for axes in (states, classes, holds)]
    return overlay(facts[0], np.concatenate(sources), facts[1], facts[2], edges)


def _in_a_row(axes: Sequence[Axis], begins: Sequence[int]) -> Axis:
    """One fact of times apart: what holds as a later one begins is a change."""
    cells = np.arange(len(axes[0].first), dtype=np.int32)
    parts = [axes[0][1:]]
    for axis, begin in zip(axes[1:], begins[1:], strict=True):
        parts += [(cells, np.full(len(cells), begin, np.int64), axis.first), axis[1:]]
    return Axis(axes[0].first, *(np.concatenate(columns) for columns in zip(*parts, strict=True)))


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


def _classes(shared: Sequence[Shared], begins: Ints, ends: Ints, start: int, end: int) -> Axis:
    """Calendar classes, and ABSENT where the cell is not in service."""
    first, parts = np.full(len(begins), WORKING, np.uint8), []
    for marks, places in shared:
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


def _holds(book: int, ids: NDArray[np.int32], spans: Sequence[tuple[int, int]]) -> list[Axis]:
    """Whether a claim was open, in each of these times."""
    asked: dict[str, Any] = {"book": book}
    for n, (start, end) in enumerate(spans):
        asked |= {f"start_{n}": moment(start), f"begin_{n}": start, f"end_{n}": moment(end)}
    before = _rows(db.session.execute(_held_until(len(spans)), asked), 1 + len(spans))
    return [_held(book, ids, before[:, [0, n + 1]], *span) for n, span in enumerate(spans)]


def _held(book: int, ids: NDArray[np.int32], before: Ints, start: int, end: int) -> Axis:
    """before: each cell, and until when it was held as the time began."""
    within = db.session.execute(_WITHIN, {"book": book, "start": moment(start), "end": moment(end)})
    told = np.concatenate([np.insert(before, 1, start, axis=1), _rows(within, 3)])
    place, at = np.repeat(np.searchsorted(ids, told[:, 0]), 2), told[:, 1:].reshape(-1)
    value = np.tile(np.array([1, 0], np.uint8), len(told))
    first, early, later = np.zeros(len(ids), np.uint8), at <= start, (at > start) & (at < end)
    first[place[early]] = value[early]
    return Axis(first, place[later].astype(np.int32), at[later], value[later])


def _rows(found: Result[Any], columns: int) -> Ints:
    return np.fromiter(chain.from_iterable(found.all()), np.int64).reshape(-1, columns)


_NOTHING = (np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0, np.uint8))
_claims, _cells = Claim.__table__, Cell.__table__
_BOOK: Any = bindparam("book")


def _second(column: Any) -> ColumnElement[int]:
    """As a number, NEVER where there is none: a thousand rows' worth of datetimes took longer than all the rest."""
    return func.coalesce(cast(extract("epoch", column), BigInteger), NEVER)


@cache
def _held_until(spans: int) -> Any:
    """Of each cell, for each time, when the claim that was open as it began was closed, if within it."""
    return select(_cells.c.id, *(_until(n) for n in range(spans))).where(_cells.c.book_id == _BOOK)


def _until(n: int) -> ColumnElement[int]:
    """A seek for each of the cells, and not for each claim there ever was."""
    start: Any = bindparam(f"start_{n}")
    end: Any = bindparam(f"end_{n}")
    closed = _claims.c.closed
    when = case((closed.is_(None) | (closed >= end), NEVER), (closed > start, _second(closed)))
    newest = select(when).where(_claims.c.cell_id == _cells.c.id, _claims.c.opened <= start)
    last = newest.order_by(_claims.c.opened.desc(), _claims.c.id.desc()).limit(1).scalar_subquery()
    return func.coalesce(last, bindparam(f"begin_{n}", type_=BigInteger))


_WITHIN = (
    select(_claims.c.cell_id, _second(_claims.c.opened), _second(_claims.c.closed))
    .join_from(_claims, _cells, _cells.c.id == _claims.c.cell_id)
    .where(_cells.c.book_id == _BOOK, _claims.c.opened > bindparam("start"), _claims.c.opened < bindparam("end"))
    .order_by(_claims.c.opened, _claims.c.id)
)
