"""What the blocks, and the newest history, say of some moments: one statement, whatever the moments and the books.

A moment before the time that is kept in full is moved to the midnight nearest to it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Text,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
)

from webapp.ledger.books import SAMPLER
from webapp.ledger.models import changes, corrected, day_bases, day_blocks, heads, hour_blocks, progress, samplers
from webapp.ledger.states import DAY, HOUR, KNOWN

CELL = 1 << 40  # more than there will ever be revisions


class Edge(NamedTuple):
    """One moment of one book. asked, at: seconds, at as it was moved.

    epoch, expired, tail: its sampler's. With the first edge of each book, stamp: of its heads, changes when a cell is
    enrolled or anything assigned; news: changes since some moment: rows of cell, hour, off, state, source, prev.
    What a block would say is None where there is none that holds, or none is needed.
    """

    asked: int
    at: int
    book: int
    open_hour: int
    epoch: int | None
    expired: bool | None
    tail: int | None
    stamp: int
    news: str | None
    hour: bytes | None
    base_ids: bytes | None
    base: bytes | None
    day_ids: bytes | None
    over: bytes | None
    running: bytes | None
    idle: bytes | None
    setup: bytes | None
    maintenance: bytes | None
    down: bytes | None

    @property
    def closed(self) -> bool:
        return self.at < self.open_hour * HOUR

    @property
    def slices(self) -> list[bytes]:
        """Of each known state. SQLite says nothing at all where there is no cell."""
        return [self.running or b"", self.idle or b"", self.setup or b"", self.maintenance or b"", self.down or b""]


def edges_of(read: Connection, moments: Sequence[int], book: int | None, since: int | None) -> list[Edge]:
    """By book, then by moment. since: from where on changes are news; None: nothing is."""
    sqlite = read.dialect.name == "sqlite"
    values = {"moments": orjson.dumps(list(moments)).decode() if sqlite else list(moments), "first": moments[0]}
    found = read.execute(_edges(read.dialect.name, book is not None), {**values, "book": book, "since": since})
    return [Edge(*row) for row in found]


@cache
def _edges(dialect: str, one: bool) -> Select[Any]:
    """One: of a single book. Put together once: to build a statement takes longer than to run it."""
    moment = _moments(dialect, one)
    at, open_hour = moment.c.at, progress.c.open_hour
    first = moment.c.asked == bindparam("first", type_=BigInteger)
    closed = at < open_hour * literal(HOUR, BigInteger)
    day, hour = cast(at // DAY, Integer), cast(at // HOUR, Integer)
    query = select(
        moment.c.asked,
        at,
        progress.c.book_id,
        open_hour,
        samplers.c.epoch,
        samplers.c.expired,
        samplers.c.tail,
        case((first, stamp_of(progress.c.book_id).correlate_except(heads).scalar_subquery()), else_=0),
        case((first, _news(dialect)), else_=null()),
        _hour_block(at, hour, closed),
        day_bases.c.ids,
        day_bases.c.data,
        _FIRST.c.ids,
        _FIRST.c.over,
        *(_slice(state, at, day) for state in KNOWN),
    )
    query = query.select_from(_joined(moment, day, hour, closed)).order_by(progress.c.book_id, at, moment.c.asked)
    query = query.where(progress.c.book_id == bindparam("book")) if one else query
    return query.execution_options(in_binary=True)


def _moments(dialect: str, one: bool) -> Any:
    """asked, at"""
    if dialect == "sqlite":
        given = func.json_each(bindparam("moments", type_=Text)).table_valued("value")
    else:
        many = bindparam("moments", type_=ARRAY(BigInteger))
        given = func.unnest(many).table_valued("value", name="given").render_derived()
    asked = cast(given.c.value, BigInteger)
    kept = select(func.coalesce(func.max(progress.c.kept_from_hour), 0))
    kept = kept.where(progress.c.book_id == bindparam("book")) if one else kept
    early = asked < kept.scalar_subquery() * literal(HOUR, BigInteger)
    near = asked + DAY // 2
    moved = case((early, near - near % DAY), else_=asked)
    # Once: each mention of a moment would else be its whole expression again, and each takes planning.
    return select(asked.label("asked"), moved.label("at")).cte("moment").prefix_with("MATERIALIZED")


def _joined(moment: Any, day: Any, hour: Any, closed: Any) -> Any:
    joined = moment.join(progress, literal(True))
    own = (samplers.c.book_id == progress.c.book_id) & (samplers.c.sampler_id == SAMPLER)
    base = (day_bases.c.book_id == progress.c.book_id) & (day_bases.c.day == day) & closed
    base &= ~corrected_in(progress.c.book_id, None, day * 24 - 1)
    plane = (_FIRST.c.book_id == progress.c.book_id) & (_FIRST.c.day == day) & (_FIRST.c.state == KNOWN[0]) & closed
    plane &= (_FIRST.c.hours >= hour % 24) & (hour % 24 > 0)
    plane &= ~corrected_in(progress.c.book_id, day * 24, day * 24 + 23)
    return joined.outerjoin(samplers, own).outerjoin(day_bases, base).outerjoin(_FIRST, plane)


def stamp_of(book: Any) -> Select[Any]:
    """Of a book's heads: changes whenever a cell is enrolled or anything assigned."""
    cells = func.count() * literal(CELL, BigInteger)
    return select(cells + func.coalesce(func.sum(heads.c.revision), 0)).where(heads.c.book_id == book)


def corrected_in(book: Any, first: Any, last: Any) -> Any:
    """Whether something was assigned to these hours since their blocks were made; first None: from the beginning."""
    found = (corrected.c.book_id == book) & (corrected.c.first_hour <= last)
    found = found if first is None else found & (corrected.c.last_hour >= first)
    return exists().where(found).correlate_except(corrected)


def _hour_block(at: Any, hour: Any, closed: Any) -> Any:
    mine = (hour_blocks.c.book_id == progress.c.book_id) & (hour_blocks.c.hour == hour)
    holds = closed & (at % HOUR > 0) & ~corrected_in(progress.c.book_id, hour, hour)
    return select(hour_blocks.c.data).where(mine, holds).correlate_except(hour_blocks).scalar_subquery()


def _slice(state: int, at: Any, day: Any) -> Any:
    """The plane's values of the hour that ends where the edge's begins, wherever the day's planes hold."""
    start = (cast(at % DAY // HOUR, Integer) - 1) * 2 * _FIRST.c.cells + 1
    if state == KNOWN[0]:
        return func.substr(_FIRST.c.data, start, 2 * _FIRST.c.cells, type_=LargeBinary)
    mine = (day_blocks.c.book_id == progress.c.book_id) & (day_blocks.c.day == _FIRST.c.day)
    piece = func.substr(day_blocks.c.data, start, 2 * _FIRST.c.cells, type_=LargeBinary)
    query = select(piece).where(mine, day_blocks.c.state == state)
    return query.correlate_except(day_blocks).scalar_subquery()


def _news(dialect: str) -> Any:
    """Of the cells whose heads moved. Only if the tail did, and not into an hour beyond the next: then read anew."""
    both, each = {"sqlite": ("json_group_array", "json_array"), "postgresql": ("json_agg", "json_build_array")}[dialect]
    names = ("cell_id", "hour", "off", "state", "source", "prev")
    since: Any = bindparam("since", type_=BigInteger)
    rows = func.coalesce(
        cast(getattr(func, both)(getattr(func, each)(*(changes.c[name] for name in names))), Text), "[]"
    )
    own = (changes.c.book_id == heads.c.book_id) & (changes.c.cell_id == heads.c.cell_id)
    own &= changes.c.hour.in_([cast(since // HOUR, Integer), cast(samplers.c.tail // HOUR, Integer)])
    query = select(rows).select_from(heads.join(changes, own)).where(heads.c.book_id == progress.c.book_id)
    moment = changes.c.hour * literal(HOUR, BigInteger) + changes.c.off
    query = query.where(heads.c.anchor >= since, moment >= since)
    near = (samplers.c.tail > since) & (samplers.c.tail // HOUR - since // HOUR <= 1)
    return case((near, query.correlate(progress, samplers).scalar_subquery()), else_=null())


_FIRST = day_blocks.alias("first")
