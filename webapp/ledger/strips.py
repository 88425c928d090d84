"""What every cell of a book was in, piece by piece, as columns."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from webapp.extensions import db
from webapp.ledger.blocks import unpack_hour
from webapp.ledger.columns import Held, Ids, Marks, by_cell, held_after, joined, placed, spread, unsaid
from webapp.ledger.edges import corrected_in, edges_of
from webapp.ledger.live import Live, live_at, news_since, remembered
from webapp.ledger.models import hour_blocks, progress
from webapp.ledger.rows import hour_rows, marks_from_rows
from webapp.ledger.snapshots import acting, snapshot
from webapp.ledger.states import HOUR


class Strips(NamedTuple):
    """Pieces without gaps, by cell and then by time: each lasts until the cell's next begins, the last to the end.

    cell: index into ids. Neighbours differ in state or source; what nobody asserted is unknown, said by none.
    """

    ids: NDArray[np.int32]
    cell: NDArray[np.int32]
    start: NDArray[np.int64]
    state: NDArray[np.uint8]
    source: NDArray[np.uint8]


def strips(book: int, start_s: int, end_s: int) -> Strips:
    """Of every cell of the book, start_s <= t < end_s."""
    return strips_of(book, [(start_s, end_s)])[0]


def strips_of(book: int, spans: Sequence[tuple[int, int]]) -> list[Strips]:
    """Of several times (start, end), ascending, as of one moment."""
    with snapshot() as read:
        live = _newest(read, book, spans[-1][1])
        kept = _kept_from(read, book)
        return [_strips(read, live, kept, book, start, end) for start, end in spans]


def strips_in(read: Connection, book: int, start: int, end: int) -> Strips:
    return _strips(read, _newest(read, book, end), _kept_from(read, book), book, start, end)


def _strips(read: Connection, live: Live | None, kept: int, book: int, start: int, end: int) -> Strips:
    if live is None or start >= end:
        return _pieces(np.zeros(0, np.int32) if live is None else live.ids, joined([]), end)
    # Before it nothing is known piece by piece.
    begin = max(start, min(max(live.first // HOUR, kept), live.open_hour) * HOUR)
    if begin >= end:
        return _pieces(live.ids, _all(len(live.ids), start, unsaid(len(live.ids))), end)
    marks, held = _history(read, live, book, begin, end)
    if live.tail is not None and live.tail < end:
        marks = marks.only(marks.at < live.tail)
    held = held_after(held, marks, begin + 1)
    if live.tail is not None and live.tail <= begin:
        held = unsaid(len(live.ids))
    parts = [_all(len(live.ids), begin, held), marks.only((marks.at > begin) & (marks.at < end))]
    if start < begin:
        parts.insert(0, _all(len(live.ids), start, unsaid(len(live.ids))))
    if live.tail is not None and begin < live.tail < end:
        parts.append(_all(len(live.ids), live.tail, unsaid(len(live.ids))))
    return _pieces(live.ids, by_cell(joined(parts)), end)


def _newest(read: Connection, book: int, end: int) -> Live | None:
    """None: there is no such book."""
    known = {} if acting() else remembered(db.engine)
    live = known.get(book)
    edges = edges_of(read, [end], book, news_since([live] if live else []))
    if not edges:
        return None
    if live and live.mark < end and edges[0].closed:
        live = None  # hours were closed since it was remembered: it would end too early, and nothing tells of the rest
    known[book] = live = live_at(read, True, edges, live)
    return live


def _kept_from(read: Connection, book: int) -> int:
    return read.scalar(select(progress.c.kept_from_hour).where(progress.c.book_id == book)) or 0


def _history(read: Connection, live: Live, book: int, begin: int, end: int) -> tuple[Marks, Held]:
    """All changes of the hours that are touched, ascending for each cell, and what is held as the first begins."""
    first, last = begin // HOUR, (end - 1) // HOUR
    if first >= live.open_hour:
        return live.marks, live.held
    closed = range(first, min(last + 1, live.open_hour))
    held = None
    blocks, parts = blocks_of(read, book, closed), []
    if first not in blocks:
        ids, rows, _ = hour_rows(read, book, first)
        held = _spread(rows, ids, live.ids)
    missing = [hour for hour in closed if hour not in blocks]
    if missing:
        parts.append(marks_from_rows(read, book, missing, live.ids))
    for hour in sorted(blocks):
        columns = unpack_hour(blocks[hour])
        if hour == first:
            held = _spread(Held(columns.state, columns.source), columns.ids, live.ids)
        marks = columns.marks(hour * HOUR)
        parts.append(marks._replace(cell=placed(columns.ids, live.ids)[marks.cell]))
    marks = joined([*parts, live.marks] if last >= live.open_hour else parts)
    if missing and blocks:
        marks = marks.only(np.argsort(marks.at, kind="stable"))
    assert held is not None
    return marks, held


def blocks_of(read: Connection, book: int, hours: Sequence[int]) -> dict[int, bytes]:
    """Those that hold."""
    hour = hour_blocks.c.hour
    query = select(hour, hour_blocks.c.data).where(hour_blocks.c.book_id == book, hour.between(hours[0], hours[-1]))
    query = query.where(~corrected_in(book, hour, hour)).execution_options(in_binary=True)
    return {row.hour: row.data for row in read.execute(query)}


def _spread(held: Held, ids: Ids, among: Ids) -> Held:
    return Held(*(spread(column, ids, among) for column in held))


def _all(cells: int, at: int, held: Held) -> Marks:
    """At that moment of every cell."""
    return Marks(np.arange(cells), np.full(cells, at), *held, np.zeros(cells, np.uint8))


def _pieces(ids: Ids, marks: Marks, end: int) -> Strips:
    """marks: by cell and time; those that change nothing are left out."""
    cell, at, state, source, _ = marks
    new = np.ones(len(at), bool)
    new[1:] = (cell[1:] != cell[:-1]) | (state[1:] != state[:-1]) | (source[1:] != source[:-1])
    new &= at < end
    return Strips(ids, cell[new].astype(np.int32), at[new], state[new], source[new])
