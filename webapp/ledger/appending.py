"""What rounds changed, written down behind their fences: heads before rows, since the head is the lock of its cell."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import BigInteger, Connection, bindparam, case, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from webapp.extensions import db
from webapp.ledger.books import SAMPLER
from webapp.ledger.models import changes, heads, samplers
from webapp.ledger.states import HOUR, KNOWN, Said


class Change(NamedTuple):
    cell_id: int
    at: int
    said: Said
    prev: int  # the state before


class Step(NamedTuple):
    """A sampler goes on from its tail to an end. Each cell may change once on the way."""

    book: int
    epoch: int
    tail: int
    end: int
    changes: Sequence[Change]


def advance(steps: Sequence[Step]) -> bool:
    """Move the tails of the samplers that hold these leases, and append what changed, book by book.

    False: another one holds one of them now, and nothing of it may be committed.
    """
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        return _advance_at_once(connection, steps)
    for step in steps:
        mine = of_sampler(update(samplers), step.book)
        if not took(mine.where(samplers.c.epoch == step.epoch, samplers.c.tail == step.tail).values(tail=step.end)):
            return False
        append(step.book, step.changes)
    return True


def of_sampler(statement: Any, book: int) -> Any:
    return statement.where(samplers.c.book_id == book, samplers.c.sampler_id == SAMPLER)


def took(statement: Any) -> bool:
    """Whether the conditional update found its row."""
    return db.session.execute(statement.returning(samplers.c.book_id)).first() is not None


def append(book: int, found: Sequence[Change]) -> None:
    if not found:
        return
    moved = [{"b": book, "c": cell, "at": at, "s": said.state, "by": said.source} for cell, at, said, _ in found]
    db.session.execute(_MOVE_HEAD, moved)
    rows = [_row(book, *change) for change in found]
    db.session.execute(_upsert(db.engine.dialect.name), rows)


def _row(book: int, cell_id: int, at: int, said: Said, prev: int) -> dict[str, int]:
    hour, off = divmod(at, HOUR)
    key = {"hour": hour, "book_id": book, "cell_id": cell_id, "off": off}
    return {**key, "state": said.state, "source": said.source, "prev": prev}


_AT: Any = bindparam("at", type_=BigInteger)
_MOVE_HEAD = (
    update(heads)
    .where(heads.c.book_id == bindparam("b"), heads.c.cell_id == bindparam("c"))
    .values(
        {str(k): heads.c[str(k)] + case((heads.c.state == k.value, _AT - heads.c.anchor), else_=0) for k in KNOWN}
        | {"state": bindparam("s"), "source": bindparam("by"), "anchor": _AT}
    )
)


def insert_into(table: Any) -> Any:
    return {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name](table)


@cache
def _upsert(dialect: str) -> Any:
    """Where something was assigned up to the tail a row is there already; its prev stays true."""
    row = insert_into(changes)
    into = {"state": row.excluded.state, "source": row.excluded.source}
    return row.on_conflict_do_update(index_elements=list(changes.primary_key.columns), set_=into)


def _advance_at_once(connection: Connection, steps: Sequence[Step]) -> bool:
    """A statement for each book, all of them in one round trip to the server."""
    still = [_lease(step) for step in steps if not step.changes]
    turning = [_lease(step) | _columns(step.changes) for step in steps if step.changes]
    rows = sum(len(step.changes) for step in steps)
    return _wrote(connection, _FENCE, still) == len(still) and _wrote(connection, _AT_ONCE, turning) == rows


def _wrote(connection: Connection, statement: str, each: Sequence[dict[str, Any]]) -> int:
    """How many rows, for all of these parameters together. By the driver itself: a third of a tick went into asking it
    through SQLAlchemy."""
    if not each:
        return 0
    cursor, failure = connection.connection.cursor(), connection.dialect.loaded_dbapi.Error
    try:
        cursor.execute(statement, each[0]) if len(each) == 1 else cursor.executemany(statement, each)
    except failure as error:
        raise cast(Exception, DBAPIError.instance(statement, each, error, failure)) from error
    return int(cursor.rowcount)


def _lease(step: Step) -> dict[str, Any]:
    return {"book": step.book, "epoch": step.epoch, "tail": step.tail, "end": step.end}


def _columns(found: Sequence[Change]) -> dict[str, Any]:
    """Arrays instead of rows, so that there is one statement for any number."""
    cells, ats, says, prevs = zip(*found, strict=True)
    columns = {"cells": cells, "ats": ats, "says": map(_coded, says), "prevs": map(int, prevs)}
    return {"many": len(found)} | {name: _array(column) for name, column in columns.items()}


def _array(numbers: Iterable[int]) -> str:
    """As PostgreSQL writes one: the driver takes ten times as long over a list."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _coded(said: Said) -> int:
    """State and source in one number."""
    return int(said.source) << 3 | int(said.state)


_FENCE = f"""
UPDATE sampler SET tail = %(end)s
WHERE book_id = %(book)s AND sampler_id = {SAMPLER} AND epoch = %(epoch)s AND tail = %(tail)s
"""
_GROWN = ", ".join(f"{k} = h.{k} + CASE WHEN h.state = {k.value} THEN m.at - h.anchor ELSE 0 END" for k in KNOWN)
# A head is moved only behind the fence, and a row is inserted only behind its head. The limit is for the planner: it
# takes a tenth of what comes out of an array, one row, and looks heads up by key; else it reads all of the book.
_AT_ONCE = f"""
WITH fence AS ({_FENCE} RETURNING book_id), moved AS (
  UPDATE cell_head AS h SET {_GROWN}, state = m.says & 7, source = m.says >> 3, anchor = m.at
  FROM (SELECT * FROM unnest(%(cells)s::int4[], %(ats)s::int8[], %(says)s::int2[]) AS r(cell_id, at, says)
        LIMIT %(many)s) AS m
  WHERE h.book_id = %(book)s AND h.cell_id = m.cell_id AND EXISTS (SELECT FROM fence) RETURNING h.book_id
)
INSERT INTO state_change (hour, book_id, cell_id, off, state, source, prev)
SELECT r.at / {HOUR}, %(book)s::int4, r.cell_id, r.at %% {HOUR}, r.says & 7, r.says >> 3, r.prev
FROM unnest(%(cells)s::int4[], %(ats)s::int8[], %(says)s::int2[], %(prevs)s::int2[]) AS r(cell_id, at, says, prev)
WHERE (SELECT count(*) FROM moved) = %(many)s
ON CONFLICT (hour, book_id, cell_id, off) DO UPDATE SET state = excluded.state, source = excluded.source
"""
