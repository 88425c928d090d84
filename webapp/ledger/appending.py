"""What a round changed, written down behind its fence: heads before rows, since the head is the lock of its cell."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, case, update
from sqlalchemy.dialects import postgresql, sqlite

from webapp.extensions import db
from webapp.ledger.books import SAMPLER
from webapp.ledger.models import changes, heads, samplers
from webapp.ledger.states import HOUR, KNOWN, Said

Change = tuple[int, int, Said, int]  # moment, cell_id, what is held from there on, the state before


def advance(book: int, epoch: int, tail: int, end: int, found: Sequence[Change]) -> bool:
    """Move the tail of the sampler that holds this lease, and append what changed; False: another one holds it now."""
    if found and db.engine.dialect.name == "postgresql":
        return _advance_at_once(book, epoch, tail, end, found)
    mine = of_sampler(update(samplers), book).where(samplers.c.epoch == epoch, samplers.c.tail == tail)
    if not took(mine.values(tail=end)):
        return False
    append(book, found)
    return True


def of_sampler(statement: Any, book: int) -> Any:
    return statement.where(samplers.c.book_id == book, samplers.c.sampler_id == SAMPLER)


def took(statement: Any) -> bool:
    """Whether the conditional update found its row."""
    return db.session.execute(statement.returning(samplers.c.book_id)).first() is not None


def append(book: int, found: Sequence[Change]) -> None:
    if not found:
        return
    moved = [{"b": book, "c": cell, "at": at, "s": said.state, "by": said.source} for at, cell, said, _ in found]
    db.session.execute(_MOVE_HEAD, moved)
    rows = [_row(book, *change) for change in found]
    db.session.execute(_upsert(db.engine.dialect.name), rows)


def _row(book: int, at: int, cell_id: int, said: Said, prev: int) -> dict[str, int]:
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


def _advance_at_once(book: int, epoch: int, tail: int, end: int, found: Sequence[Change]) -> bool:
    """All of it in one statement, which is one round trip to the server."""
    lease = {"book": book, "sampler": SAMPLER, "epoch": epoch, "tail": tail, "end": end}
    return db.session.connection().exec_driver_sql(_AT_ONCE, lease | _columns(found)).first() is not None


def _columns(found: Sequence[Change]) -> dict[str, str]:
    """Arrays instead of rows. A head that changes twice goes from its first moment to its last: between is unknown."""
    first = {cell: at for at, cell, *_ in reversed(found)}
    last = {cell: (at, said) for at, cell, said, _ in found}
    return {
        "cells": _array(first),
        "firsts": _array(first.values()),
        "lasts": _array(last[cell][0] for cell in first),
        "held": _array(_coded(last[cell][1]) for cell in first),
        "ats": _array(at for at, *_ in found),
        "whose": _array(cell for _, cell, *_ in found),
        "says": _array(_coded(said) for _, _, said, _ in found),
        "prevs": _array(int(prev) for *_, prev in found),
    }


def _array(numbers: Iterable[int]) -> str:
    """As PostgreSQL writes one: the driver takes ten times as long over a list."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _coded(said: Said) -> int:
    """State and source in one number."""
    return int(said.source) << 3 | int(said.state)


_GROWN = ", ".join(f"{k} = h.{k} + CASE WHEN h.state = {k.value} THEN m.first - h.anchor ELSE 0 END" for k in KNOWN)
# A row is inserted only behind its head, and a head is moved only behind the fence.
_AT_ONCE = f"""
WITH fence AS (
  UPDATE sampler SET tail = %(end)s
  WHERE book_id = %(book)s AND sampler_id = %(sampler)s AND epoch = %(epoch)s AND tail = %(tail)s RETURNING book_id
), moved AS (
  UPDATE cell_head AS h SET {_GROWN}, state = m.held & 7, source = m.held >> 3, anchor = m.last
  FROM fence, unnest(%(cells)s::int4[], %(firsts)s::int8[], %(lasts)s::int8[], %(held)s::int2[])
              AS m(cell_id, first, last, held)
  WHERE h.book_id = %(book)s AND h.book_id = fence.book_id AND h.cell_id = m.cell_id RETURNING h.book_id, h.cell_id
), written AS (
  INSERT INTO state_change (hour, book_id, cell_id, off, state, source, prev)
  SELECT r.at / {HOUR}, moved.book_id, r.cell_id, r.at %% {HOUR}, r.says & 7, r.says >> 3, r.prev
  FROM moved, unnest(%(ats)s::int8[], %(whose)s::int4[], %(says)s::int2[], %(prevs)s::int2[])
              AS r(at, cell_id, says, prev)
  WHERE r.cell_id = moved.cell_id
  ON CONFLICT (hour, book_id, cell_id, off) DO UPDATE SET state = excluded.state, source = excluded.source
)
SELECT book_id FROM fence
"""
