"""The ledger's tables. `book_id` is in every key and every statement, so that a book can move to a machine of its own.

hour, day: hours and days since 1970, UTC; off: seconds into the hour. hour and day lead the keys of the rows, so that
an hour of all cells lies on neighbouring pages and history grows at its end.
"""

from sqlalchemy import DDL, BigInteger, ColumnElement, Integer, SmallInteger, Table, event
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeEngine

from webapp.extensions import Base

MOST_SEEKS = 2000
CLUSTERED = {"sqlite_with_rowid": False}
BY_MONTH = {**CLUSTERED, "postgresql_partition_by": "RANGE (hour)"}


def _key(kind: type[TypeEngine[int]] = Integer) -> Mapped[int]:
    return mapped_column(kind, primary_key=True, autoincrement=False)


class Counted:
    """Seconds of each known state up to some moment. What is unknown is never stored: it is the rest."""

    running: Mapped[int]
    idle: Mapped[int]
    setup: Mapped[int]
    maintenance: Mapped[int]
    down: Mapped[int]


class Book(Base):
    """What is ticked, closed and later moved as one: the histories of at most 1,024 cells."""

    __tablename__ = "book"

    id: Mapped[int] = mapped_column(primary_key=True)
    shelf: Mapped[int]  # what its cells have in common and other books' have not, such as their site
    created: Mapped[int] = mapped_column(BigInteger)


class Progress(Base):
    """Checkpoints exist up to the beginning of open_hour. Its row is the lock between closing and assigning."""

    __tablename__ = "progress"

    book_id: Mapped[int] = _key()
    open_hour: Mapped[int]


class Sampler(Base):
    """Who ticks: everything before tail is asserted for its cells, nothing after it. epoch grows with each lease."""

    __tablename__ = "sampler"

    book_id: Mapped[int] = _key()
    sampler_id: Mapped[int] = _key()
    epoch: Mapped[int]
    period: Mapped[int]
    tail: Mapped[int] = mapped_column(BigInteger)
    expired: Mapped[bool]  # it fell silent, and its cells were set to unknown at tail


class CellHead(Counted, Base):
    """The newest of each cell: what holds from anchor to its sampler's tail, and the sums up to anchor.

    start: nothing is said of it before, however late.
    """

    __tablename__ = "cell_head"
    __table_args__ = CLUSTERED

    book_id: Mapped[int] = _key()
    cell_id: Mapped[int] = _key()
    sampler_id: Mapped[int]
    start: Mapped[int] = mapped_column(BigInteger)
    anchor: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[int] = mapped_column(SmallInteger)


class StateChange(Base):
    """The truth: one row where what is held changes. prev, the state before, makes part of an hour a plain sum."""

    __tablename__ = "state_change"
    __table_args__ = BY_MONTH

    hour: Mapped[int] = _key()
    book_id: Mapped[int] = _key()
    cell_id: Mapped[int] = _key()
    off: Mapped[int] = _key(SmallInteger)
    state: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[int] = mapped_column(SmallInteger)
    prev: Mapped[int] = mapped_column(SmallInteger)


class CellHour(Counted, Base):
    """Checkpoint: what is held as the hour begins, and the sums since midnight (UTC)."""

    __tablename__ = "cell_hour"
    __table_args__ = BY_MONTH

    hour: Mapped[int] = _key()
    book_id: Mapped[int] = _key()
    cell_id: Mapped[int] = _key()
    state: Mapped[int] = mapped_column(SmallInteger)
    source: Mapped[int] = mapped_column(SmallInteger)


class CellDay(Counted, Base):
    """Checkpoint: the sums since the beginning, as the day begins. Two levels, so that a correction stays cheap."""

    __tablename__ = "cell_day"
    __table_args__ = CLUSTERED

    day: Mapped[int] = _key()
    book_id: Mapped[int] = _key()
    cell_id: Mapped[int] = _key()


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def in_hours(first: int, last: int) -> ColumnElement[bool]:
    """Changes of these hours: a seek for each, which one cell's rows need; of very many hours, one walk over all."""
    every = range(first, last + 1)
    return changes.c.hour.in_(every) if len(every) <= MOST_SEEKS else changes.c.hour.between(first, last)


# Rows come and go in sets: as tables, without an object for each.
books, progress, samplers, heads = map(_table, (Book, Progress, Sampler, CellHead))
changes, hours, days = map(_table, (StateChange, CellHour, CellDay))

#: On PostgreSQL in parts by month. Made without a migration they have at least the rest, which takes everything.
MONTHLY = (changes, hours)
for _table_of_months in MONTHLY:
    _rest = DDL("CREATE TABLE %(table)s_rest PARTITION OF %(table)s DEFAULT")
    event.listen(_table_of_months, "after_create", _rest.execute_if(dialect="postgresql"))
