"""On PostgreSQL the two tables that grow have a partition for each calendar month, UTC; elsewhere this does nothing.

What has no month of its own yet lies in the rest, the default partition, and is moved when its month is made.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from webapp.extensions import db, transaction
from webapp.ledger.models import MONTHLY
from webapp.ledger.states import HOUR

#: Months made before they begin.
AHEAD = 2
#: So long others may have to queue behind us for a lock. Who does not get it tries again an hour later.
PATIENCE = "100ms"
#: lock not available, statement timed out, deadlock
BUSY = ("55P03", "57014", "40P01")
_PART = re.compile(rf"({'|'.join(table.name for table in MONTHLY)})_(rest|(\d{{4}})_(\d\d))")


class Month(NamedTuple):
    year: int
    month: int

    @classmethod
    def of(cls, moment_s: int) -> "Month":
        at = datetime.fromtimestamp(moment_s, UTC)
        return cls(at.year, at.month)

    @property
    def next(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def first_hour(self) -> int:
        return int(datetime(self.year, self.month, 1, tzinfo=UTC).timestamp()) // HOUR

    def part_of(self, table: str) -> str:
        """The name of its partition."""
        return f"{table}_{self.year:04}_{self.month:02}"


def is_partition(name: str) -> bool:
    """Whether a table of this name is part of another: no model speaks of it."""
    return _PART.fullmatch(name) is not None


def make_months(now_s: int, since_s: int | None = None) -> int:
    """Partitions from since_s on, or now, to AHEAD months on, and for all that lies in the rest. Returns how many.

    Nobody is blocked meanwhile, except who reads or writes the rest, for as long as it takes to move rows out of it.
    Inside a door's transaction nothing is made: its locks would last as long as that one.
    """
    if db.session.info.get("held") or not _in_parts():
        return 0
    return sum(_make(table.name, month) for table in MONTHLY for month in _wanted(table.name, now_s, since_s))


def _in_parts() -> bool:
    """Not on SQLite, nor where another engine has taken the tables over."""
    if db.engine.dialect.name != "postgresql":
        return False
    return bool(_run("SELECT relkind = 'p' FROM pg_class WHERE oid = 'state_change'::regclass").scalar())


def _wanted(table: str, now_s: int, since_s: int | None) -> Iterator[Month]:
    """Those ahead first, then from the rest for as long as moving out of it works."""
    known = set(months_of(table))
    month, last = Month.of(min(since_s or now_s, now_s)), Month.of(now_s)
    for _ in range(AHEAD):
        last = last.next
    while month <= last:
        if month not in known:
            yield month
        month = month.next
    found = None
    while (hour := db.session.scalar(text(f"SELECT min(hour) FROM {table}_rest"))) is not None:
        if (month := Month.of(hour * HOUR)) == found:
            break
        yield (found := month)


def months_of(table: str) -> list[Month]:
    """Those it has partitions for, oldest first."""
    names = db.session.scalars(_PARTS, {"table": table}).all()
    matches = (_PART.fullmatch(name) for name in names)
    return sorted(Month(int(match[3]), int(match[4])) for match in matches if match and match[3])


_PARTS = text(
    "SELECT part.relname FROM pg_inherits JOIN pg_class AS part ON part.oid = pg_inherits.inhrelid"
    " WHERE pg_inherits.inhparent = CAST(:table AS regclass)"
)


def _make(table: str, month: Month) -> bool:
    """Made beside and attached: no reader and no writer of the table is locked out, as making it in place would."""
    part, first, end = month.part_of(table), month.first_hour, month.next.first_hour
    try:
        with transaction():
            _run(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            _run(f"CREATE TABLE {part} (LIKE {table} INCLUDING ALL, CHECK (hour >= {first} AND hour < {end}))")
            _run(f"LOCK TABLE {table}_rest IN ACCESS EXCLUSIVE MODE")
            _move(f"{table}_rest", part, first, end)
            _run(f"ALTER TABLE {table} ATTACH PARTITION {part} FOR VALUES FROM ({first}) TO ({end})")
    except OperationalError as busy:
        return _was_locked(busy)
    return True


def drop_months(before_hour: int) -> int:
    """Months over by then whose rows have all been deleted: what they took on the disk is free at once."""
    if not _in_parts():
        return 0
    over = [(t.name, month) for t in MONTHLY for month in months_of(t.name) if month.next.first_hour <= before_hour]
    return sum(_drop(table, month.part_of(table)) for table, month in over if not _has_rows(month.part_of(table)))


def _has_rows(part: str) -> bool:
    return bool(_run(f"SELECT EXISTS (SELECT 1 FROM {part})").scalar())


def _drop(table: str, part: str) -> bool:
    """Nobody may be on the way through the table meanwhile: where that takes long, it is done another time."""
    try:
        with transaction():
            _run(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            _run(f"SET LOCAL statement_timeout = '{PATIENCE}'")
            _run(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
            if _has_rows(part):
                return False
            _run(f"DROP TABLE {part}")
    except OperationalError as busy:
        return _was_locked(busy)
    return True


def _run(statement: str) -> Any:
    return db.session.execute(text(statement))


def _move(rest: str, part: str, first: int, end: int) -> None:
    gone = f"DELETE FROM {rest} WHERE hour >= {first} AND hour < {end} RETURNING *"
    _run(f"WITH gone AS ({gone}) INSERT INTO {part} SELECT * FROM gone")


def _was_locked(error: OperationalError) -> bool:
    """False, to say that nothing came of it; any other error is raised."""
    if getattr(error.orig, "sqlstate", None) not in BUSY:
        raise error
    return False
