"""What the program says of itself: JSON, one line an event, each request's under one number. Never a secret."""

import logging
import logging.config
import re
import sys
import time
from collections.abc import MutableMapping
from typing import Any
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
SECRET = re.compile(r"passw|token|secret|authori[sz]ation|cookie|setup_code|csrf", re.IGNORECASE)
#: user:password@ in an address, such as DATABASE_URL in an error's text.
CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")

log = structlog.get_logger("factory")


def attach(app: Flask) -> None:
    """One line per request, with its number, which the answer carries as X-Request-Id."""
    if not app.extensions["factory"].testing:
        configure()
    app.before_request(_begin)
    app.after_request(_end)


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


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if REQUEST_ID.fullmatch(given) else uuid4().hex[:16]
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_id)


def _end(answer: Response) -> Response:
    if "request_id" not in g:  # refused before the first before_request
        return answer
    answer.headers["X-Request-Id"] = g.request_id
    took = round((time.perf_counter() - g.request_began) * 1000, 1)
    # The path without its query: people type things into addresses.
    log.info("request", method=request.method, path=request.path, status=answer.status_code, ms=took)
    return answer
