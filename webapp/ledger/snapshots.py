"""Reading several rows that belong together: all as of one moment, while others write."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from webapp.extensions import db


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection whose statements all see one moment; within an act its own, so that it sees what it wrote.

    On SQLite the session's transaction is a snapshot from its first read on. On PostgreSQL a session that has begun
    can no longer become one, so a question reads beside it.
    """
    if db.session.info.get("writing") or db.engine.dialect.name == "sqlite":
        yield db.session.connection()
        return
    still = db.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with still.connect() as connection:
        yield connection
