"""The administrator's list of people: who there is, what they may do, who is shut out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import PasswordField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice

from webapp import people
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.people import User
from webapp.screens.account import choice
from webapp.screens.forms import RoomForm

bp = Blueprint("admin_users", __name__)

PAGE = 50
STATUSES = {"": "Any status", "active": "Active", "disabled": "Disabled"}


class PersonForm(RoomForm):
    """Names and roles. The main role decides the home page; what a person may do is of all of them together."""

    first_name = StringField("First name")
    last_name = StringField("Last name")
    role = choice("Main role", people.TITLES, "engineer")
    also = SelectMultipleField(
        "Other roles",
        choices=[SelectChoice(value=role, label=title) for role, title in people.TITLES.items()],
        validate_choice=False,
    )

    @property
    def roles(self) -> list[str]:
        return [self.role.data, *(role for role in self.also.data or () if role != self.role.data)]


class NewPersonForm(PersonForm):
    username = StringField("Username")
    password = PasswordField("Password")


class NewPasswordForm(RoomForm):
    new = PasswordField("New password")


@bp.get("/admin/users")
@may("administer users")
def index() -> str:
    asked = {name: request.args.get(name, "") for name in ("role", "status")}
    known = {"role": people.TITLES, "status": STATUSES}
    filters = {name: word for name, word in asked.items() if word in known[name]}
    search, after = request.args.get("q", "").strip(), _plain(request.args.get("after", ""))
    found = people.users(search, PAGE + 1, after, **filters)
    return render_template(
        "admin/users/index.html",
        users=found[:PAGE],
        following=found[PAGE - 1].username if len(found) > PAGE else None,
        count=people.count_users(search, **filters),
        asked={**asked, "q": search, "after": after},
        titles=people.TITLES,
        statuses=STATUSES,
    )


@bp.get("/admin/users/new")
@may("administer users")
def new() -> str:
    return render_template("admin/users/new.html", form=NewPersonForm())


@bp.post("/admin/users")
@may("administer users")
def create() -> Response | tuple[str, int]:
    form = NewPersonForm()
    with form.heeding():
        people.add_user(
            form.username.data or "",
            form.password.data or "",
            form.roles,
            utcnow(),
            by=current_user,
            first_name=form.first_name.data or "",
            last_name=form.last_name.data or "",
        )
    if form.errors:
        return render_template("admin/users/new.html", form=form), 422
    flash(f"{form.username.data} can sign in now. Tell them the password; they change it on their account page.", "ok")
    return redirect(url_for("admin_users.index"), 303)


@bp.get("/admin/users/<int:id>/edit")
@may("administer users")
def edit(id: int) -> str:
    return _page(people.one_user(id))


@bp.post("/admin/users/<int:id>")
@may("administer users")
def change(id: int) -> Response | tuple[str, int]:
    form = PersonForm()
    first_name, last_name = form.first_name.data or "", form.last_name.data or ""
    with form.heeding():
        people.change_user(
            id, first_name=first_name, last_name=last_name, roles=form.roles, by=current_user, now=utcnow()
        )
    if form.errors:
        return _page(people.one_user(id), form), 422
    flash("Saved.", "ok")
    return redirect(url_for("admin_users.index"), 303)


@bp.post("/admin/users/<int:id>/password")
@may("administer users")
def set_password(id: int) -> Response | tuple[str, int]:
    form = NewPasswordForm()
    with form.heeding():
        people.change_password(id, None, form.new.data or "", current_user, utcnow())
    if form.errors:
        return _page(people.one_user(id), password=form), 422
    flash("The new password is set; every session and token of this person has ended.", "ok")
    return redirect(url_for("admin_users.edit", id=id), 303)


@bp.post("/admin/users/<int:id>/disabling")
@may("administer users")
def disable(id: int) -> Response:
    people.set_disabled(id, True, current_user, utcnow())
    flash("Disabled: every session and token of this person has ended.", "ok")
    return redirect(url_for("admin_users.edit", id=id), 303)


@bp.post("/admin/users/<int:id>/enabling")
@may("administer users")
def enable(id: int) -> Response:
    people.set_disabled(id, False, current_user, utcnow())
    flash("Enabled: this person can sign in again.", "ok")
    return redirect(url_for("admin_users.edit", id=id), 303)


def _page(user: User, form: PersonForm | None = None, password: NewPasswordForm | None = None) -> str:
    given = {"role": user.role, "also": user.roles[1:]}
    return render_template(
        "admin/users/edit.html",
        user=user,
        form=password or form,
        person=form or PersonForm(formdata=None, obj=user, data=given),
        password=password or NewPasswordForm(formdata=None),
        sessions=people.sessions_of(user.id, utcnow()),
        tokens=people.tokens_of(user.id),
        oneself=user.id == current_user.user.id,
    )


def _plain(text: str) -> str:
    return "".join(filter(str.isprintable, text))
