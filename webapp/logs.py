"""What the program says of itself: JSON, one line an event, each request's under one number. Never a secret."""

import logging
import logging.config
import re
import sys
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from flask import Flask

SECRET = re.compile(r"passw|token|secret|authori[sz]ation|cookie|setup_code|csrf", re.IGNORECASE)
#: user:password@ in an address, such as DATABASE_URL in an error's text.
CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


def attach(app: "Flask") -> None:
    if not app.extensions["factory"].testing:
        configure()


def configure() -> None:
    """Everything logged in this process, ours or a library's, as JSON lines on stderr."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[_drop_internals, structlog.processors.JSONRenderer()]
        )
    )
    logging.basicConfig(handlers=[lines], level=logging.INFO, force=True)
    for chatty in ("rq", "alembic", "sqlalchemy", "werkzeug"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def without_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """What is named like a secret is not written, and addresses lose their passwords."""
    for name, value in event.items():
        if SECRET.search(name):
            event[name] = "…"
        elif isinstance(value, str):
            event[name] = CREDENTIALS.sub("…@", value)
    return event


def _drop_internals(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event.pop("_record", None)
    event.pop("_from_structlog", None)
    return event
