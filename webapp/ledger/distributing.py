"""The same tables by another engine, book by book, so that no statement of ours spans two.

Citus spreads books over machines; TimescaleDB packs rows on one. Neither is needed, and neither comes along.
"""

from sqlalchemy import text

from webapp.extensions import db, transaction
from webapp.ledger.models import MONTHLY
from webapp.lib.refusal import WrongState

ENGINES = ("citus", "timescaledb")
#: Kept together with the heads of their book.
BY_BOOK = (
    "sampler",
    "progress",
    "state_change",
    "cell_hour",
    "cell_day",
    "hour_block",
    "day_block",
    "day_base",
    "corrected",
)
MONTH, WEEK = 720, 168  # hours


def ddl(engine: str) -> list[str]:
    """What would be said to the database, in this order."""
    return _citus() if engine == "citus" else [_HOUR_NOW, *(line for table in MONTHLY for line in _hypertable(table))]


def distribute(engine: str) -> None:
    """Say it, all or nothing. Raises WrongState where the engine is not there."""
    check_engine(engine)
    with transaction():
        db.session.execute(text("SET LOCAL statement_timeout = 0"))
        for statement in ddl(engine):
            db.session.execute(text(statement))


def check_engine(engine: str) -> None:
    if db.engine.dialect.name != "postgresql":
        raise WrongState(f"This database is SQLite: {engine} is an extension of PostgreSQL. Move to PostgreSQL first.")
    found = text("SELECT 1 FROM pg_extension WHERE extname = :engine")
    if db.session.scalar(found, {"engine": engine}) is None:
        raise WrongState(
            f"The extension {engine} is not in this database. It must be installed on the server and named in its "
            f"shared_preload_libraries; then, after a restart, run CREATE EXTENSION {engine} in this database."
        )


def _citus() -> list[str]:
    """A key has to hold what a table is distributed by: one of ours does not yet."""
    by_heads = (f"SELECT create_distributed_table('{t}', 'book_id', colocate_with := 'cell_head')" for t in BY_BOOK)
    return [
        "ALTER TABLE corrected DROP CONSTRAINT pk_corrected, ADD CONSTRAINT pk_corrected PRIMARY KEY (book_id, id)",
        "SELECT create_reference_table('book')",
        "SELECT create_distributed_table('cell_head', 'book_id')",
        *by_heads,
    ]


_HOUR_NOW = (
    "CREATE OR REPLACE FUNCTION ledger_hour_now() RETURNS int LANGUAGE sql STABLE"
    " AS 'SELECT (extract(epoch FROM now()) / 3600)::int'"
)


def _hypertable(table: object) -> list[str]:
    """Chunks of the engine instead of our months; an empty table keeps the name that readers lock."""
    name = str(table)
    order = "cell_id, off" if name == "state_change" else "cell_id"
    key = f"hour, book_id, {order}"
    return [
        f"ALTER TABLE {name} RENAME TO {name}_in_months",
        f"ALTER INDEX pk_{name} RENAME TO pk_{name}_in_months",
        f"CREATE TABLE {name} (LIKE {name}_in_months)",
        f"ALTER TABLE {name} ADD CONSTRAINT pk_{name} PRIMARY KEY ({key})",
        f"SELECT create_hypertable('{name}', 'hour', chunk_time_interval => {MONTH})",
        f"INSERT INTO {name} SELECT * FROM {name}_in_months",
        f"DROP TABLE {name}_in_months",
        f"CREATE TABLE {name}_rest (LIKE {name})",
        f"ALTER TABLE {name} SET (timescaledb.compress, timescaledb.compress_segmentby = 'book_id, hour',"
        f" timescaledb.compress_orderby = '{order}')",
        f"SELECT set_integer_now_func('{name}', 'ledger_hour_now')",
        f"SELECT add_compression_policy('{name}', {WEEK})",
    ]
