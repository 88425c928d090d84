"""What a request may be before anybody looks at it: its size, its cookie, the proxies believed; and its number.

One line is logged per request, under a number that the answer carries as X-Request-Id.
"""

import re
import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

import structlog
from flask import Flask, Response, current_app, g, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.config import Config

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
LARGEST_BODY = 1024 * 1024
MOST_FORM_FIELDS = 500

View = TypeVar("View", bound=Callable[..., Any])

log = structlog.get_logger("factory")


class Cookies(SecureCookieSessionInterface):
    """Secure wherever the page itself came over TLS: the same program runs behind a proxy and on a bench."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def takes(most: int) -> Callable[[View], View]:
    """Let a view's requests have so many bytes, where that is more than others may."""

    def mark(view: View) -> View:
        view.largest_body = most  # type: ignore[attr-defined]
        return view

    return mark


def attach(app: Flask) -> None:
    config: Config = app.extensions["factory"]
    app.config.update(
        TESTING=config.testing,
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=MOST_FORM_FIELDS,
        SESSION_COOKIE_NAME="factory",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.session_interface = Cookies()
    app.before_request(_begin)
    app.after_request(_end)
    trusted = config.trusted_proxies
    if trusted:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted)  # type: ignore[method-assign]


def _begin() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    request.max_content_length = getattr(view, "largest_body", LARGEST_BODY)
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
