"""What every answer tells the browser: what the page may load, who may keep it, and nothing of who made it."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request

# One policy for all pages, without nonces: there is no inline script. Plotly's heat map sets a style attribute
# (without it cells are painted blurred), and its picture button downloads a blob.
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
A_YEAR = 365 * 86_400


def attach(app: Flask) -> None:
    """To be attached after whatever answers before the app does: static files carry the headers too."""
    # A path with two slashes would be sent on to an absolute address, with whatever Host the request named.
    app.url_map.merge_slashes = False
    app.after_request(_for_one_reader)
    app.wsgi_app = _with_headers(app.wsgi_app)  # type: ignore[method-assign]


def _for_one_reader(answer: Response) -> Response:
    """Pages differ by person: no cache between us may keep one, and none is found again on a shared terminal."""
    answer.headers.setdefault("Cache-Control", "private, no-store")
    answer.vary.add("Cookie")
    if request.is_secure:
        answer.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    return answer


def _with_headers(inner: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            given = {name.lower() for name, _ in headers}
            ours = [(name, value) for name, value in HEADERS.items() if name.lower() not in given]
            return start_response(status, [*headers, *ours], *error)

        return inner(environ, start)

    return application
