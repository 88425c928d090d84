"""Reading several rows that belong together: all as of one moment, while others write."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from webapp.extensions import db
from webapp.ledger.models import MONTHLY


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection whose statements all see one moment; within an act its own, so that it sees what it wrote.

    On SQLite the session's transaction is a snapshot from its first read on. On PostgreSQL a session that has begun
    can no longer become one, so a question reads beside it. Its first word there, before its moment is settled, is the
    lock without which nobody moves rows into their month's partition: to an older moment these would be nowhere.
    """
    if db.session.info.get("writing") or db.engine.dialect.name == "sqlite":
        yield db.session.connection()
        return
    still = db.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with still.connect() as connection:
        connection.exec_driver_sql(_NO_ROW_MOVES)
        yield connection


_NO_ROW_MOVES = f"LOCK TABLE {', '.join(f'{table.name}_rest' for table in MONTHLY)} IN ACCESS SHARE MODE"
