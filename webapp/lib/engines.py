"""How the two databases are connected to: enough connections for the threads, and no waiting without end."""

import select
from typing import Any

from sqlalchemy.exc import InvalidatePoolError

# Together under five seconds: a page that cannot reach its database says so while a person still looks at it.
CONNECT_SECONDS = 2
SILENCE_MILLISECONDS = 2500
# Compiling a statement takes PostgreSQL a second and more, and ours run for milliseconds.
NO_COMPILING = "-c jit=off"
POOL_SECONDS = 4


def engine_options(url: str) -> dict[str, Any]:
    """Keyword arguments for create_engine."""
    return _SQLITE if url.startswith("sqlite") else _POSTGRESQL


def refuse_the_dead(connection: Any, record: Any, fairy: Any) -> None:
    """A connection that lay in the pool and has something to read has only the end to tell: its server went away.

    Looking costs a hundredth of what asking the server would, each time, before every transaction.
    """
    line = getattr(connection, "pgconn", None)
    if line is None:
        return
    waiting = select.poll()
    waiting.register(line.socket, select.POLLIN)
    if waiting.poll(0):
        raise InvalidatePoolError("the database server went away")


_POOL = {"pool_size": 10, "max_overflow": 10, "pool_timeout": POOL_SECONDS}
_SQLITE: dict[str, Any] = {**_POOL, "connect_args": {"timeout": 8, "check_same_thread": False}}
_POSTGRESQL: dict[str, Any] = {
    **_POOL,
    "connect_args": {
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": SILENCE_MILLISECONDS,
        "keepalives_idle": 2,
        "keepalives_interval": 1,
        "keepalives_count": 2,
        "options": "-c lock_timeout=4s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s "
        + NO_COMPILING,
        "application_name": "dream factory",
    },
}
