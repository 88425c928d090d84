"""What a process remembers of each book's newest history, so that a question up to now reads only what is new.

Heads and open hours as columns, as they were at the sampler's tail. Between two looks a tick may have gone on from
there: that is rolled forward. Anything else (something assigned, a cell enrolled, a lease, silence) shows in the
token, and the book is read anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import orjson
from sqlalchemy import Connection, Engine, bindparam, select

from webapp.ledger.columns import Held, Ids, Marks, Whole, held_after, joined
from webapp.ledger.edges import Edge
from webapp.ledger.models import heads
from webapp.ledger.rows import hour_rows, marks_from_rows, table
from webapp.ledger.snapshots import NotEnough
from webapp.ledger.states import HOUR, KNOWN

#: How many hours may be open: further ahead nobody has said anything.
AHEAD = 1 << 20


class Token(NamedTuple):
    """What of a book does not change while its sampler just goes on."""

    stamp: int
    epoch: int | None
    expired: bool | None


@dataclass(frozen=True)
class Live:
    """The book from the beginning of its open hour on; nothing in it is ever changed.

    mark: the tail, or, where no sampler lives, a second by which nothing more is known. sums: [state, cell] up to it,
    of which those of unknown are not to be used. last: the state held just before it. held: as the open hour begins.
    first: before it the book has no history.
    """

    token: Token
    open_hour: int
    tail: int | None
    mark: int
    ids: Ids
    sums: Whole
    last: Any
    held: Held
    marks: Marks
    first: int

    def sums_until(self, moment: int) -> Whole:
        """[known state, cell] from the beginning up to the moment, which lies in no closed hour."""
        if moment >= self.mark:
            return self.sums[1:]
        found, every = self.sums.copy(), np.arange(len(self.ids))
        found[self.last, every] -= self.mark - moment
        later = self.marks.only(slice(int(np.searchsorted(self.marks.at, moment, "right")), None))
        np.add.at(found, (later.state, later.cell), later.at - moment)
        np.subtract.at(found, (later.prev, later.cell), later.at - moment)
        return found[1:]

    def gone_on(self, tail: int, news: Marks) -> "Live":
        """Up to the new tail, by the changes since the old one."""
        grown, every = self.sums.copy(), np.arange(len(self.ids))
        grown[self.last, every] += tail - self.mark
        before = news.only(news.at < tail)
        np.add.at(grown, (before.state, before.cell), tail - before.at)
        np.subtract.at(grown, (before.prev, before.cell), tail - before.at)
        last = self.last.copy()
        last[before.cell] = before.state
        return replace(self, tail=tail, mark=tail, sums=grown, last=last, marks=joined([self.marks, before]))

    def closed_up_to(self, open_hour: int) -> "Live":
        """Without what lies in hours that are closed now."""
        begins = open_hour * HOUR
        held = held_after(self.held, self.marks, begins)
        return replace(self, open_hour=open_hour, held=held, marks=self.marks.only(self.marks.at >= begins))


_memories: WeakKeyDictionary[Engine, dict[int, Live]] = WeakKeyDictionary()


def remembered(engine: Engine) -> dict[int, Live]:
    """Each book as it was last seen. Replaced book by book, so that threads need not wait for one another."""
    return _memories.setdefault(engine, {})


def forget_all() -> None:
    """For whoever empties a database under a running process."""
    _memories.clear()


def news_since(books: Iterable[Live]) -> int | None:
    """From where on changes are news to all of these that have a living sampler."""
    return min((live.mark for live in books if live.tail is not None), default=None)


def live_at(read: Connection, more: bool, edges: Sequence[Edge], known: Live | None) -> Live:
    """The book as the edges' snapshot has it; as it was known, if they all lie in closed time and its cells are."""
    edge = edges[0]
    token = Token(edge.stamp, edge.epoch, edge.expired)
    tail = edge.tail if edge.expired is False else None
    if known is not None and known.token == token:
        if all(edge.closed for edge in edges) or (known.tail, known.open_hour) == (tail, edge.open_hour):
            return known
        if tail is None or tail == known.tail:
            return known.closed_up_to(edge.open_hour)
        if edge.news is not None:
            return known.gone_on(tail, _told(known, edge.news)).closed_up_to(edge.open_hour)
    if not more:
        raise NotEnough
    return _loaded(read, edge, token, tail)


def _told(known: Live, news: str) -> Marks:
    rows = table(orjson.loads(news), 6)
    cell, hour, off, *said = rows[:, np.lexsort((rows[2], rows[1]))]
    marks = Marks(np.searchsorted(known.ids, cell), hour * HOUR + off, *(column.astype(np.uint8) for column in said))
    return marks.only(marks.at >= known.mark)


def _loaded(read: Connection, edge: Edge, token: Token, tail: int | None) -> Live:
    found = table(read.execute(_HEADS, {"book": edge.book}).all(), 4 + len(KNOWN))
    ids, (state, anchor, start) = found[0].astype(np.int32), found[1:4]
    _, held, _ = hour_rows(read, edge.book, edge.open_hour)
    marks = marks_from_rows(read, edge.book, range(edge.open_hour, edge.open_hour + AHEAD), ids)
    mark = tail if tail is not None else max([edge.open_hour * HOUR, *marks.at[-1:] + 1])
    sums = np.concatenate([np.zeros((1, len(ids)), np.int64), found[4:]])
    if tail is not None:
        sums[state, np.arange(len(ids))] += tail - anchor
    at_mark, last = marks.at >= mark, state.copy()
    last[marks.cell[at_mark]] = marks.prev[at_mark]
    first = int(start.min(initial=mark))
    return Live(token, edge.open_hour, tail, mark, ids, sums, last, held, marks.only(~at_mark), first)


_HEADS = select(
    heads.c.cell_id, heads.c.state, heads.c.anchor, heads.c.start, *(heads.c[str(state)] for state in KNOWN)
)
_HEADS = _HEADS.where(heads.c.book_id == bindparam("book")).order_by(heads.c.cell_id)
