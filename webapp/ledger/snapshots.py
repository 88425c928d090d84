"""Reading several rows that belong together: all as of one moment, while others write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event

from webapp.extensions import db
from webapp.ledger.models import MONTHLY

Answer = TypeVar("Answer")


class NotEnough(Exception):
    """One statement did not tell all: it takes several, and a snapshot for them."""


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection whose statements all see one moment; within an act its own, so that it sees what it wrote.

    On SQLite the session's transaction is a snapshot from its first read on. On PostgreSQL a session that has begun
    can no longer become one, so a question reads beside it. Its first word there, before its moment is settled, is the
    lock without which nobody moves rows into their month's partition: to an older moment these would be nowhere.
    """
    if own_is_still():
        yield db.session.connection()
        return
    still = db.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with still.connect() as connection:
        connection.exec_driver_sql(_NO_ROW_MOVES)
        yield connection


_NO_ROW_MOVES = f"LOCK TABLE {', '.join(f'{table.name}_rest' for table in MONTHLY)} IN ACCESS SHARE MODE"


def own_is_still() -> bool:
    """Whether the session's own connection sees one moment, or what its act wrote."""
    return acting() or db.engine.dialect.name == "sqlite"


def acting() -> bool:
    """Whether an act is at work: what it reads may yet come to nothing."""
    return bool(db.session.info.get("writing"))


def in_one_moment(question: Callable[[Connection, bool], Answer]) -> Answer:
    """question(read, more): with more it may ask as often as it likes, else once, and raises NotEnough if that is.

    A single statement needs no snapshot, and so on PostgreSQL one journey instead of three.
    """
    if not own_is_still():
        with db.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as read:
            try:
                return question(read, False)
            except NotEnough:
                pass
    with snapshot() as read:
        return question(read, True)


@event.listens_for(Engine, "before_cursor_execute")
def _in_binary(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
    """PostgreSQL would send blobs as digits: twice as much, and to be read by both sides."""
    if context is not None and context.execution_options.get("in_binary") and context.dialect.name == "postgresql":
        cursor.format = 1
