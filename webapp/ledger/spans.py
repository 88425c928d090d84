"""A cell's history as spans, without gaps: what is not known is a span too."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, func, select

from webapp.ledger.models import changes, heads, hour_blocks, hours, in_hours, progress, samplers
from webapp.ledger.painting import pieces
from webapp.ledger.snapshots import snapshot
from webapp.ledger.states import HOUR, UNSAID, Piece, Said, Source, Span, State
from webapp.ledger.strips import strips_in


class Member(NamedTuple):
    """A cell in its book. tail: up to where things are asserted; None: no sampler lives that could say more."""

    book_id: int
    cell_id: int
    start: int
    tail: int | None
    open_hour: int


Marks = dict[int, list[tuple[int, Said]]]  # cell_id -> what is held from each moment on


def spans(cell_id: int, start_s: int, end_s: int) -> list[Span]:
    """start_s <= t < end_s, oldest first."""
    return many_spans([cell_id], start_s, end_s)[cell_id]


def many_spans(cell_ids: Collection[int], start_s: int, end_s: int) -> dict[int, list[Span]]:
    """The same for each of these cells; one the ledger does not know was unknown all the time."""
    unknown = [Piece(start_s, end_s, UNSAID)] if start_s < end_s else []
    found = {cell_id: _spans(unknown) for cell_id in cell_ids}
    if unknown:
        with snapshot() as read:
            for book, members in members_of(read, cell_ids).items():
                thawed = min(max(start_s, _thawed(read, book)), end_s)
                told = _from_strips(read, book, members, start_s, thawed) if start_s < thawed else {}
                if thawed < end_s:
                    marks = _marks(read, members, thawed, end_s)
                    told = _both(
                        told, {row.cell_id: _pieces(row, marks[row.cell_id], thawed, end_s) for row in members}
                    )
                found |= {cell_id: _spans(parts) for cell_id, parts in told.items()}
    return found


def _thawed(read: Connection, book: int) -> int:
    """The second from which on there are rows of all that is held."""
    frozen = select(func.max(hour_blocks.c.hour)).where(hour_blocks.c.book_id == book, hour_blocks.c.frozen)
    last = read.scalar(frozen)
    return 0 if last is None else (int(last) + 1) * HOUR


def _from_strips(
    read: Connection, book: int, members: Sequence[Member], start: int, end: int
) -> dict[int, list[Piece]]:
    ids, cell, begins, state, source = strips_in(read, book, start, end)
    found = {}
    for row in members:
        own = slice(*np.searchsorted(cell, np.searchsorted(ids, row.cell_id) + np.array([0, 1])))
        edges = [*begins[own].tolist(), end]
        said = map(Said, state[own].tolist(), source[own].tolist())
        found[row.cell_id] = [Piece(*edge, what) for edge, what in zip(pairwise(edges), said, strict=True)]
    return found


def _both(early: dict[int, list[Piece]], late: dict[int, list[Piece]]) -> dict[int, list[Piece]]:
    """Joined where the same is held on both sides."""
    found = {}
    for cell_id, after in late.items():
        before = early.get(cell_id, [])
        if before and before[-1].said == after[0].said:
            before, after = before[:-1], [Piece(before[-1].start, after[0].end, after[0].said), *after[1:]]
        found[cell_id] = [*before, *after]
    return found


def _spans(found: Sequence[Piece]) -> list[Span]:
    return [Span(State(said.state), start, end, Source(said.source)) for start, end, said in found]


def members_of(read: Connection, cell_ids: Collection[int]) -> dict[int, list[Member]]:
    """By book, those of these cells that the ledger knows."""
    own = (samplers.c.book_id == heads.c.book_id) & (samplers.c.sampler_id == heads.c.sampler_id)
    living = samplers.c.expired.is_(False)
    joined = heads.join(progress, progress.c.book_id == heads.c.book_id).outerjoin(samplers, own & living)
    query = select(heads.c.book_id, heads.c.cell_id, heads.c.start, samplers.c.tail, progress.c.open_hour)
    found: dict[int, list[Member]] = defaultdict(list)
    for row in read.execute(query.select_from(joined).where(heads.c.cell_id.in_(cell_ids))):
        found[row.book_id].append(Member(*row))
    return found


def _marks(read: Connection, members: Sequence[Member], start: int, end: int) -> Marks:
    """From the last checkpoint before start on. A cell that began later has its first checkpoint then."""
    book, open_hour = members[0].book_id, members[0].open_hour
    first = min(max(start, min(row.start for row in members)) // HOUR, open_hour)
    marks: Marks = defaultdict(list)
    for cell_id, state, source in read.execute(_named(hours, book, members).where(hours.c.hour == first)):
        marks[cell_id].append((first * HOUR, Said(state, source)))
    rows = _named(changes, book, members).add_columns(changes.c.hour, changes.c.off)
    rows = rows.where(in_hours(first, end // HOUR)).order_by(changes.c.hour, changes.c.off)
    for cell_id, state, source, hour, off in read.execute(rows):
        marks[cell_id].append((hour * HOUR + off, Said(state, source)))
    return marks


def _named(table: Any, book: int, members: Sequence[Member]) -> Any:
    query = select(table.c.cell_id, table.c.state, table.c.source)
    return query.where(table.c.book_id == book, table.c.cell_id.in_([row.cell_id for row in members]))


def _pieces(row: Member, marks: list[tuple[int, Said]], start: int, end: int) -> list[Piece]:
    """Cut to the window; beyond a living sampler's tail nothing is asserted."""
    if row.tail is not None and row.tail < end:
        marks = [mark for mark in marks if mark[0] < row.tail] + [(row.tail, UNSAID)]
    held = next((said for at, said in reversed(marks) if at <= start), UNSAID)
    return pieces(held, [mark for mark in marks if start < mark[0] < end], start, end)
