"""What a request may be before anybody looks at it: its size, its cookie, and the proxies that are believed."""

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.config import Config

LARGEST_BODY = 1024 * 1024
MOST_FORM_FIELDS = 500


class Cookies(SecureCookieSessionInterface):
    """Secure wherever the page itself came over TLS: the same program runs behind a proxy and on a bench."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


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
    trusted = config.trusted_proxies
    if trusted:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted)  # type: ignore[method-assign]
