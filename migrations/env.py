"""How a migration runs: on the app's own engine, all of it in one transaction, one program at a time."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from webapp.extensions import Base, db
from webapp.ledger import is_partition
from webapp.lib.columns import UtcDateTime

# Any number, always the same: two machines that start at once migrate one after the other.
TURN = 4_107_001


def render_item(kind: str, item: Any, autogen_context: Any) -> str | bool:
    """Our column types are written as what they are in the database: migrations outlive the code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def include_name(name: str | None, kind: str, _: Any) -> bool:
    """Which months there are is no matter of the models."""
    return kind != "table" or not is_partition(name or "")


def take_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})


def keep_references(connection: Connection, on: bool) -> None:
    """SQLite changes a table by making it anew: what refers to the old one must not be swept away with it."""
    if connection.dialect.name == "sqlite":
        connection.connection.execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")  # type: ignore[attr-defined]


def migrate(connection: Connection) -> None:
    options = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        include_name=include_name,
        **options,
    )
    with context.begin_transaction():
        take_turn(connection)
        context.run_migrations()


with db.engine.connect().execution_options(write=True) as connection:
    keep_references(connection, on=False)
    try:
        migrate(connection)
    finally:
        keep_references(connection, on=True)
