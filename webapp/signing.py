"""What a request proves: a cookie of a session or of a screen, or a token. Doors for people and for programs use it.

Flask-Login's current_user is a people.Caller in every request.
"""

import logging
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Flask, Request, current_app, g, request, session
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from webapp import people
from webapp.extensions import csrf, db, login
from webapp.lib.clock import utcnow
from webapp.lib.refusal import NotAllowed, NotSignedIn
from webapp.lib.settings import settings
from webapp.people import Caller

SAFE = ("GET", "HEAD", "OPTIONS")
#: The cookie in which a screen on the wall carries its token. A person who signs in at such a browser goes before it.
SCREEN = "screen"
A_YEAR = 365 * 86_400
# Where the database cannot be written, reading goes on, and not every request waits to find that out.
REST = timedelta(minutes=1)


class OldForm(NotAllowed):
    """The form's proof does not fit the session: opened before signing in again, or not one of our pages."""


def attach(app: Flask) -> None:
    """Tell Flask-Login who callers are, and look at each request before its view does."""
    if app.extensions["factory"].testing:
        people.cheapen()
    # The check is made below, where it is known whether the request carries the cookie or a token;
    # Origin and Sec-Fetch-Site say what the Referer would, and programs send no Referer.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_SSL_STRICT=False)
    login.session_protection = None  # ours are rows in the database, not a print of the browser
    login.anonymous_user = _nobody
    login.request_loader(_caller)
    app.before_request(_admit)


def remember(secret: str) -> None:
    """Give this browser a session: whatever its cookie held before is worth nothing from now on."""
    forget()
    session["proof"] = secret


def remember_screen(answer: Response, token: str) -> Response:
    """Let this browser be a screen for a year from now on: longer than anybody remembers how it was set up."""
    answer.set_cookie(SCREEN, token, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def forget() -> None:
    session.clear()
    g.pop("csrf_token", None)  # Flask-WTF keeps it for the rest of the request


def _nobody() -> Caller:
    return people.nobody(settings().public_boards)


def _caller(asked: Request) -> Caller | None:
    """Asked once a request: an error page must not ask again what the database could not answer."""
    if g.get("caller_asked"):
        return None
    g.caller_asked = True
    header = asked.headers.get("Authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        bearer = scheme.lower() == "bearer" and secret.strip()
        return people.caller_for_token(bearer, utcnow(), settings().public_boards) if bearer else None
    proof = session.get("proof")
    person = people.caller_for_session(proof, utcnow()) if isinstance(proof, str) else None
    token = asked.cookies.get(SCREEN)
    return person or (people.caller_for_screen(token) if token else None)


def _admit() -> None:
    """Find out who asks, refuse what another site sent, and note that the caller was seen."""
    verb = getattr(current_app.view_functions.get(request.endpoint or ""), "verb", "")
    if verb == "see health":  # must answer without a database, whatever proof came with it
        g.caller_asked = True
        return
    db.session.info["origin"] = request.remote_addr
    if "Authorization" in request.headers and current_user.is_anonymous:
        raise NotSignedIn("This token is not known, has expired or was revoked")
    if request.method not in SAFE and not request.routing_exception:
        _refuse_forged(verb)
    now = utcnow()
    if people.is_due(current_user, now):
        _note_seen(now)


def _refuse_forged(verb: str) -> None:
    """An unsafe request that rides on the cookie must prove that one of our own pages sent it."""
    if _from_another_site():
        raise NotAllowed("This request was sent by another site")
    if "Authorization" in request.headers:  # another site's page cannot add it
        return
    if verb and not current_user.may(verb):  # its view will say so: to sign in is the better advice
        return
    if request.path.startswith("/api/") and current_user.is_anonymous:  # no cookie to ride on
        return
    if current_app.config["WTF_CSRF_ENABLED"]:
        _check_proof()


def _check_proof() -> None:
    try:
        csrf.protect()
    except CSRFError:
        raise OldForm("This page is older than your sign-in. Open it again and send it from there") from None


def _from_another_site() -> bool:
    """Browsers say where a request comes from; programs say nothing."""
    origin = request.headers.get("Origin")
    if origin in settings().cors_origins and request.path.startswith("/api/"):
        return False
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in ("same-origin", "none")
    return origin is not None and _host(origin) != request.host


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _note_seen(now: datetime) -> None:
    if now < current_app.extensions.get("seen_again", now):
        return
    try:
        people.note_seen(current_user, now)
    except SQLAlchemyError:
        current_app.extensions["seen_again"] = now + REST
        logging.getLogger(__name__).warning("who was seen could not be written down", exc_info=True)
