"""Signing in and out, and where each person lands."""

from urllib.parse import urlsplit

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField, PasswordField, StringField

from webapp import people
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import NotSignedIn, Refusal, TooMany
from webapp.lib.settings import settings
from webapp.signing import OldForm, forget, remember

bp = Blueprint("session", __name__)


class SignInForm(FlaskForm):
    username = StringField("Username")
    password = PasswordField("Password")
    next = HiddenField()


@bp.get("/")
@may("sign in")
def home() -> Response:
    if current_user.user:
        return redirect(people.HOMES[current_user.user.role])
    if current_user.screen:
        return redirect(url_for("wall.begin"))
    if not people.users(limit=1):
        return redirect(url_for("setup.show"))
    return redirect(url_for("board.show" if settings().public_boards else "session.sign_in"))


@bp.get("/login")
@may("sign in")
def sign_in() -> str | Response:
    if current_user.user or not people.users(limit=1):
        return redirect(url_for("session.home"))
    return render_template("session/sign_in.html", form=SignInForm(data={"next": our_own(request.args.get("next"))}))


@bp.post("/login")
@may("sign in")
def enter() -> Response:
    form = SignInForm()
    user, secret = people.sign_in(form.username.data or "", form.password.data or "", *whence(), now=utcnow())
    remember(secret)
    return redirect(our_own(form.next.data) or people.HOMES[user.role], 303)


@bp.post("/logout")
@may("sign in")
def sign_out() -> Response:
    people.leave(current_user, utcnow())
    forget()
    answer = redirect(url_for("session.sign_in"), 303)
    # What this browser kept of half-filled forms is not for the next one at this terminal.
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@bp.errorhandler(NotSignedIn)
@bp.errorhandler(TooMany)
@bp.errorhandler(OldForm)
def once_more(no: Refusal) -> Response:
    """The form again, with the name as typed."""
    form = SignInForm()
    answer = _refused(form, no)
    if "retry_after" in no.details:
        answer.headers["Retry-After"] = str(no.details["retry_after"])
    return answer


def ask_to_sign_in(no: Refusal) -> Response:
    """The answer of every other page to nobody. What was typed into a form waits in the browser until it is back."""
    if request.headers.get("HX-Request"):
        page = _page_of(request.headers.get("HX-Current-URL"))
        return Response(status=401, headers={"HX-Redirect": url_for("session.sign_in", next=page)})
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("session.sign_in", next=our_own(request.full_path.rstrip("?"))))
    form = SignInForm(formdata=None, data={"next": _page_of(request.referrer)})
    return _refused(form, NotSignedIn("Your session has ended. Sign in again; what you typed is kept"))


def our_own(path: str | None) -> str:
    """The path, if it leads to one of our own pages and to nothing else; "" otherwise."""
    path = path or ""
    plain = path.isascii() and path.isprintable() and not set(path) & set('\\ "<>')
    local = path.startswith("/") and "//" not in path and ".." not in path
    return path if plain and local and len(path) <= 1000 else ""


def whence() -> tuple[str, str]:
    """The address and the browser a session is opened from."""
    return request.remote_addr or "", request.user_agent.string


def _page_of(address: str | None) -> str:
    """The path of the page that an unsafe request was sent from; "": another site's, or none was named."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return ""
    if parts.netloc != request.host:
        return ""
    return our_own(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def _refused(form: SignInForm, no: Refusal) -> Response:
    form.form_errors = [no.message]
    return make_response(render_template("session/sign_in.html", form=form), no.status)
