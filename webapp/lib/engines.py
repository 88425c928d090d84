"""How the two databases are connected to: enough connections for the threads, and no waiting without end."""

from typing import Any

# Together under five seconds: a page that cannot reach its database says so while a person still looks at it.
CONNECT_SECONDS = 2
SILENCE_MILLISECONDS = 2500
# Compiling a statement takes PostgreSQL a second and more, and ours run for milliseconds.
NO_COMPILING = "-c jit=off"
POOL_SECONDS = 4


def engine_options(url: str) -> dict[str, Any]:
    """Keyword arguments for create_engine."""
    return _SQLITE if url.startswith("sqlite") else _POSTGRESQL


_POOL = {"pool_size": 10, "max_overflow": 10, "pool_timeout": POOL_SECONDS}
_SQLITE: dict[str, Any] = {**_POOL, "connect_args": {"timeout": 8, "check_same_thread": False}}
_POSTGRESQL: dict[str, Any] = {
    **_POOL,
    "pool_pre_ping": True,
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
