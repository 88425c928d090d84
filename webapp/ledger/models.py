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
    """Checkpoints exist up to the beginning of open_hour. Its row is the lock between closing and assigning.

    kept_from_hour: of the time before it only whole UTC days are known still.
    """

    __tablename__ = "progress"

    book_id: Mapped[int] = _key()
    open_hour: Mapped[int]
    kept_from_hour: Mapped[int] = mapped_column(default=0, server_default="0")


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

    start: nothing is said of it before, however late. revision: grows whenever something is assigned, in any order.
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
    revision: Mapped[int] = mapped_column(default=0, server_default="0")


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


class HourBlock(Base):
    """All cells of a closed hour, packed. frozen: its rows are gone, and this is the truth; else it may be dropped."""

    __tablename__ = "hour_block"

    book_id: Mapped[int] = _key()
    hour: Mapped[int] = _key()
    frozen: Mapped[bool] = mapped_column(default=False)
    data: Mapped[bytes]


class DayBlock(Base):
    """One state's seconds since midnight as each hour of a day ends, all cells; of the open day its closed hours.

    A state has a row of its own: a chart reads one of them, and SQLite would read them all to cut it out.
    """

    __tablename__ = "day_block"

    book_id: Mapped[int] = _key()
    day: Mapped[int] = _key()
    state: Mapped[int] = _key(SmallInteger)
    hours: Mapped[int] = mapped_column(SmallInteger)
    cells: Mapped[int]
    ids: Mapped[bytes]
    over: Mapped[bytes]
    data: Mapped[bytes]


class DayBase(Base):
    """All cells' sums since the beginning, as a day begins: cell_day in one piece."""

    __tablename__ = "day_base"

    book_id: Mapped[int] = _key()
    day: Mapped[int] = _key()
    cells: Mapped[int]
    ids: Mapped[bytes]
    data: Mapped[bytes]


class Corrected(Base):
    """Closed hours to which something was assigned: blocks of them hold no longer, nor bases of later days.

    Only ever added to by those who assign, so that none of them waits for another; sealing drops both.
    """

    __tablename__ = "corrected"

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(index=True)
    first_hour: Mapped[int]
    last_hour: Mapped[int]


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


def in_hours(first: int, last: int) -> ColumnElement[bool]:
    """Changes of these hours: a seek for each, which one cell's rows need; of very many hours, one walk over all."""
    every = range(first, last + 1)
    return changes.c.hour.in_(every) if len(every) <= MOST_SEEKS else changes.c.hour.between(first, last)


def _once_made(table: Table, statement: str) -> None:
    """On PostgreSQL, where the table is made without a migration."""
    event.listen(table, "after_create", DDL(statement).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]


# Rows come and go in sets: as tables, without an object for each.
books, progress, samplers, heads = map(_table, (Book, Progress, Sampler, CellHead))
changes, hours, days = map(_table, (StateChange, CellHour, CellDay))

#: On PostgreSQL in parts by month. Made without a migration they have at least the rest, which takes everything.
MONTHLY = (changes, hours)
for _table_of_months in MONTHLY:
    _once_made(_table_of_months, "CREATE TABLE %(table)s_rest PARTITION OF %(table)s DEFAULT")

hour_blocks, day_blocks, day_bases, corrected = map(_table, (HourBlock, DayBlock, DayBase, Corrected))

# Kept as they are: packed already, and read by a slice.
for _blobs in (hour_blocks, day_blocks, day_bases):
    _once_made(_blobs, "ALTER TABLE %(table)s ALTER data SET STORAGE EXTERNAL")
