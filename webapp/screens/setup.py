"""The first administrator, made in the browser with the code that the terminal shows."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField

from webapp import people
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import NotFound
from webapp.screens.forms import RoomForm
from webapp.screens.session import whence
from webapp.signing import remember

bp = Blueprint("setup", __name__)


class SetupForm(RoomForm):
    code = StringField("Code")
    first_name = StringField("First name")
    last_name = StringField("Last name")
    username = StringField("Username")
    password = PasswordField("Password")


@bp.get("/setup")
@may("sign in")
def show() -> str:
    _only_before_the_first()
    return render_template("setup/show.html", form=SetupForm())


@bp.post("/setup")
@may("sign in")
def make() -> Response | tuple[str, int]:
    _only_before_the_first()
    form, now = SetupForm(), utcnow()
    username, password = form.username.data or "", form.password.data or ""
    with form.heeding():
        people.use_setup_code(
            form.code.data or "", username, password, form.first_name.data or "", form.last_name.data or "", now
        )
    if form.errors:
        return render_template("setup/show.html", form=form), 422
    _, secret = people.sign_in(username, password, *whence(), now=now)
    remember(secret)
    return redirect(url_for("session.home"), 303)


def _only_before_the_first() -> None:
    if people.has_admin():
        raise NotFound("There is an administrator already")
