"""Seconds of each kind for every cell of a book over any stretches of time, at a price that hardly grows with them.

Whole hours come from blocks that were added up; the rest, and what is not believed any more, is counted from the facts.
So an answer is exact whether much is added up or nothing.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, select, union_all

from webapp import ledger
from webapp.cells.account_blocks import HOUR, LEVELS, Block, Stretch, cover, merged, unpack, within, without
from webapp.cells.account_models import account_books, blocks, stale
from webapp.cells.directory import NEVER, Directory
from webapp.cells.facts import add_days, counted
from webapp.cells.overlay import COUNTED, EDITION, Ints
from webapp.cells.remembering import remembered
from webapp.extensions import db

#: Blocks are fetched so many at a time: a statement has room for so many values, and memory for so many blocks.
AT_ONCE = 500

Wanted = tuple[int, Block]  # number of the stretch, and one of its blocks
Left = tuple[int, int, int]  # number of the stretch, start, end: seconds of it that no block tells


class Frontier(NamedTuple):
    """What of a book is added up. round: of the adding up; stale: rows that say what is not believed, by id.

    edition: what its blocks count; where that is not what is counted now, nothing is added up.
    """

    round: int
    known_to: int
    stale: dict[int, Stretch]
    edition: str = EDITION

    @property
    def open(self) -> list[Stretch]:
        """Whole hours, in seconds, that have to be counted from the facts, ascending."""
        touched = [(start - start % HOUR, -(-end // HOUR) * HOUR) for start, end in self.stale.values()]
        return merged([*touched, (self.known_to * HOUR, NEVER)])


def frontier(book: int) -> Frontier:
    """Read before anything else: what is changed after that has a row that is not among these."""
    rows = db.session.execute(_STALE, {"book": book}).all()
    row = db.session.execute(_BOOK_ROW, {"book": book}).first()
    stale_rows = {id: (start, end) for id, start, end in rows}
    if row is None:
        return Frontier(0, 0, stale_rows)
    return Frontier(row.round, row.known_to if row.edition == EDITION else 0, stale_rows, row.edition)


def seconds_of(known: Directory, book: int, edges: Sequence[int]) -> Ints:
    """Seconds [what is COUNTED, stretch between neighbouring edges, cell by id]; the edges ascend.

    Where the ledger has only whole days left, an edge is the midnight (UTC) nearest to it, as everywhere.
    """
    every, exact = ledger.exact_from(book)
    if edges[0] >= every:
        return _seconds_of(known, book, edges, exact)
    near = ledger.counted_edges(edges, every)
    cuts = sorted({*near, *([exact] if near[0] < exact < near[-1] else [])})
    found = np.zeros((len(COUNTED), len(edges) - 1, len(known.of_book(book))), np.int64)
    if len(cuts) > 1:
        told = _seconds_of(known, book, cuts, exact)
        for n, (start, end) in enumerate(pairwise(near)):
            found[:, n] = told[:, cuts.index(start) : cuts.index(end)].sum(axis=1)
    return found


def _seconds_of(known: Directory, book: int, edges: Sequence[int], exact: int) -> Ints:
    seen = frontier(book)
    border = min(max(edges[0], seen.known_to * HOUR, exact), edges[-1])
    cuts = sorted({*edges, border})
    over, open_ = [cut for cut in cuts if cut <= border], [cut for cut in cuts if cut >= border]
    changed = frozenset(id for id, (start, _) in seen.stale.items() if start < border)
    mark = (known, seen.round, changed, min(exact, edges[-1]))
    parts = [
        remembered((book, *over), mark, lambda: _told(known, book, over, seen, exact)),
        _told(known, book, open_, seen, exact),
    ]
    if border in edges:
        return np.concatenate(parts, axis=1)
    parts[1][:, 0] += parts[0][:, -1]  # the stretch that goes on over the border
    return np.concatenate([parts[0][:, :-1], parts[1]], axis=1)


def _told(known: Directory, book: int, edges: Sequence[int], seen: Frontier, exact: int) -> Ints:
    """The same, from blocks and facts. Where only days are left, what was added up stays: it cannot be made again."""
    ids = known.ids[known.of_book(book)]
    found = np.zeros((len(COUNTED), len(edges) - 1, len(ids)), np.int64)
    begin = begin_of(known, book) // HOUR * HOUR
    stretches = [(max(start, begin), end) for start, end in pairwise(edges)]
    wanted, left = _divided(stretches, within(seen.open, exact, NEVER))
    while wanted:
        had, missing = _fetched(book, wanted), []
        for n, block in wanted:
            if block in had:
                _add(found[:, n], ids, *unpack(had[block], block.hours))
            else:
                missing.append((n, block))
        left += [(n, b.hour * HOUR, b.end * HOUR) for n, b in missing if b.hours == 1]
        wanted = [(n, part) for n, block in missing for part in block.parts]
    for n, stretch in enumerate(stretches):
        if stretch[0] < min(stretch[1], exact):
            parts = merged((start, end) for place, start, end in left if place == n)
            add_days(found[:, n], known, book, stretch, [(low, high) for low, high in parts if high <= exact])
    runs = list(_runs([piece for piece in left if piece[2] > exact]))
    if runs:
        _count(found, known, book, runs)
    return found


def begin_of(known: Directory, book: int) -> int:
    """The second from which on any cell of the book was in service: before it there is nothing to add up."""
    return int(known.begins[known.of_book(book)].min())


def _divided(stretches: Sequence[Stretch], open_: Sequence[Stretch]) -> tuple[list[Wanted], list[Left]]:
    """What blocks can tell, and what has to be counted."""
    told: list[Wanted] = []
    left: list[Left] = []
    for n, (start, end) in enumerate(stretches):
        for low, high in within(open_, start, end):
            left.append((n, low, high))
        for low, high in _gaps(open_, start, end):
            first, last = -(-low // HOUR), high // HOUR
            if first >= last:
                left.append((n, low, high))
                continue
            told += [(n, block) for block in cover(first, last)]
            left += [(n, s, e) for s, e in ((low, first * HOUR), (last * HOUR, high)) if s < e]
    return told, left


def _gaps(stretches: Sequence[Stretch], low: int, high: int) -> list[Stretch]:
    """The parts between these two that none of them touches."""
    found = [(low, high)] if low < high else []
    for stretch in within(stretches, low, high):
        found = without(found, stretch)
    return found


def _fetched(book: int, wanted: Sequence[Wanted]) -> dict[Block, bytes]:
    found, some = dict[Block, bytes](), sorted({block for _, block in wanted})
    for n in range(0, len(some), AT_ONCE):
        of = {hours: [block.hour for block in some[n : n + AT_ONCE] if block.hours == hours] for hours in LEVELS}
        asked = {f"of_{hours}": begin for hours, begin in of.items() if begin}
        levels = tuple(hours for hours, begin in of.items() if begin)
        rows = db.session.execute(_of_levels(levels), {"book": book, **asked})
        found.update((Block(hours, hour), data) for hours, hour, data in rows)
    return found


@cache
def _of_levels(levels: tuple[int, ...]) -> Any:
    """One question for all of them, which seeks each block by its key."""
    each = select(blocks.c.hours, blocks.c.hour, blocks.c.data).where(blocks.c.book_id == _BOOK)
    of = (blocks.c.hour.in_(bindparam(f"of_{hours}", expanding=True)) for hours in levels)
    return union_all(*(each.where(blocks.c.hours == hours, among) for hours, among in zip(levels, of, strict=True)))


def _add(into: Ints, ids: NDArray[np.int32], of: NDArray[np.int32], some: Any, seconds: NDArray[Any]) -> None:
    """of: the block's cells. A book's cells only grow in number: as many are the same ones."""
    if len(of) == len(ids):
        into[some] += seconds
    else:
        mine = np.isin(of, ids)
        into[np.ix_(some, np.searchsorted(ids, of[mine]))] += seconds[:, mine]


def _runs(left: Sequence[Left]) -> Iterator[list[Left]]:
    """Those that follow each other without a gap, together."""
    run: list[Left] = []
    for piece in sorted(left, key=itemgetter(1)):
        if run and run[-1][2] != piece[1]:
            yield run
            run = []
        run.append(piece)
    if run:
        yield run


def _count(into: Ints, known: Directory, book: int, runs: Sequence[Sequence[Left]]) -> None:
    part = counted(known, book, [[run[0][1], *(end for _, _, end in run)] for run in runs])
    for place, (n, _, _) in enumerate(piece for run in runs for piece in run):
        into[:, n] += part[:, place]


_BOOK: Any = bindparam("book")
_BOOK_ROW = select(account_books.c.round, account_books.c.known_to, account_books.c.edition).where(
    account_books.c.book_id == _BOOK
)
_STALE = select(stale.c.id, stale.c.start, stale.c.end).where(stale.c.book_id == _BOOK)
BLOCKS = select(blocks.c.hour, blocks.c.data).where(
    blocks.c.book_id == _BOOK,
    blocks.c.hours == bindparam("hours"),
    blocks.c.hour.in_(bindparam("of", expanding=True)),
)
