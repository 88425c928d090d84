"""One's own account: password, looks, tokens for programs, and the browsers one is signed in with."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from webapp import people
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.screens.forms import RoomForm
from webapp.screens.wishes import KINDS, WishesForm

bp = Blueprint("account", __name__)

THEMES = {"auto": "As this device", "light": "Light", "dark": "Dark"}
DENSITIES = {"normal": "Normal", "compact": "Compact: more rows on a screen"}
SCOPES = {"all": "All that I may", "read": "Reading only"}
DAYS = {"7": "7 days", "30": "30 days", "90": "90 days", "365": "A year"}

# Most name those they resemble as well: the first that fits is the one.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    *(("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")),
    *(("Mac OS", "Mac"), ("CrOS", "ChromeOS"), ("Linux", "Linux")),
)


def choice(label: str, words: dict[str, str], default: str = "") -> SelectField:
    choices = [SelectChoice(value=value, label=said) for value, said in words.items()]
    return SelectField(label, choices=choices, default=default, validate_choice=False)


class LooksForm(RoomForm):
    theme = choice("Theme", THEMES)
    density = choice("Density", DENSITIES)


class PasswordForm(RoomForm):
    old = PasswordField("Present password")
    new = PasswordField("New password")


class TokenForm(RoomForm):
    name = StringField("What it is for")
    scope = choice("It may do", SCOPES, "all")
    days = choice("It works for", DAYS, "90")


@bp.get("/account")
@may("see own account")
def show() -> str:
    return _page()


@bp.post("/account/looks")
@may("change own account")
def change_looks() -> Response | tuple[str, int]:
    form = LooksForm()
    with form.heeding():
        people.change_looks(_me(), form.theme.data, form.density.data, utcnow())
    if form.errors:
        return _page(looks=form), 422
    flash("Your pages look as you chose.", "ok")
    return redirect(url_for("account.show"), 303)


@bp.post("/account/wishes")
@may("change own account")
def change_wishes() -> Response | tuple[str, int]:
    form = WishesForm.sent()
    with form.heeding():
        form.keep(_me())
    if form.errors:
        return _page(wishes=form), 422
    flash("You are told what you chose.", "ok")
    return redirect(url_for("account.show") + "#notices-head", 303)


@bp.post("/account/password")
@may("change own account")
def change_password() -> Response | tuple[str, int]:
    form = PasswordForm()
    with form.heeding():
        people.change_password(_me(), form.old.data or "", form.new.data or "", current_user, utcnow())
    if form.errors:
        return _page(password=form), 422
    flash("Password changed. Your other sessions and all your tokens have ended.", "ok")
    return redirect(url_for("account.show"), 303)


@bp.post("/account/tokens")
@may("change own account")
def issue_token() -> str | tuple[str, int]:
    """Answered without a redirect: the secret is in this one page and nowhere else."""
    form, now, secret = TokenForm(), utcnow(), ""
    days = int(form.days.data) if form.days.data in DAYS else 90
    with form.heeding():
        _, secret = people.issue_token(
            _me(), form.name.data or "", form.scope.data, now + timedelta(days=days), current_user, now
        )
    return _page(secret=secret) if secret else (_page(token=form), 422)


@bp.post("/account/tokens/<int:id>/revocation")
@may("change own account")
def revoke_token(id: int) -> Response:
    people.revoke_token(id, current_user, utcnow())
    flash("The token is revoked; it is refused from now on.", "ok")
    return redirect(url_for("account.show"), 303)


@bp.post("/account/sessions/<int:id>/end")
@may("change own account")
def end_session(id: int) -> Response:
    people.end_session(id, current_user, utcnow())
    flash("The session has ended; that browser must sign in again.", "ok")
    return redirect(url_for("account.show"), 303)


@bp.post("/account/sessions/others/end")
@may("change own account")
def end_other_sessions() -> Response:
    people.end_other_sessions(current_user, utcnow())
    flash("You are signed out everywhere but here.", "ok")
    return redirect(url_for("account.show"), 303)


def browser_named(told: str) -> str:
    """ "Firefox on Windows", out of what a browser says of itself; of anything else its first word."""
    by = next((name for sign, name in BROWSERS if sign in told), None)
    on = next((name for sign, name in SYSTEMS if sign in told), None)
    if by:
        return f"{by} on {on}" if on else by
    return told.split("/")[0].split(" ")[0] or "Unnamed program"


def _me() -> int:
    return int(current_user.user.id)


def _page(
    looks: LooksForm | None = None,
    password: PasswordForm | None = None,
    token: TokenForm | None = None,
    secret: str = "",
    wishes: WishesForm | None = None,
) -> str:
    """The page; a form that was refused comes back as it was sent, the others as they stand."""
    user, now = people.one_user(_me()), utcnow()
    return render_template(
        "account/show.html",
        user=user,
        form=looks or password or token or wishes,
        looks=looks or LooksForm(formdata=None, obj=user),
        password=password or PasswordForm(formdata=None),
        token=token or TokenForm(formdata=None),
        secret=secret,
        wishes=wishes or WishesForm.of(people.wishes_of(user.id)),
        kinds=KINDS,
        scopes=SCOPES,
        titles=people.TITLES,
        tokens=people.tokens_of(user.id),
        sessions=people.sessions_of(user.id, now),
        browser_named=browser_named,
        here=current_user.sign_in_id,
        now=now,
    )
