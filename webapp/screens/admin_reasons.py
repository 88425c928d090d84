"""The factory's list of reasons why time is lost: add, change, order, retire."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice

from webapp import cells
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.screens.forms import RoomForm

bp = Blueprint("admin_reasons", __name__)


class ReasonForm(RoomForm):
    name = StringField("Reason")
    states = SelectMultipleField(
        "Explains", choices=[SelectChoice(state, state.capitalize()) for state in cells.LOSING]
    )
    in_use = BooleanField("In use")


@bp.get("/admin/reasons")
@may("administer reasons")
def index() -> str:
    everything = cells.reasons(retired=True)
    return render_template(
        "admin/reasons/index.html",
        reasons=[reason for reason in everything if reason.in_use],
        retired=[reason for reason in everything if not reason.in_use],
    )


@bp.get("/admin/reasons/new")
@may("administer reasons")
def new() -> str:
    return render_template("admin/reasons/reason.html", form=ReasonForm(data={"states": ["idle"]}), reason=None)


@bp.post("/admin/reasons")
@may("administer reasons")
def add() -> Response | tuple[str, int]:
    form = ReasonForm()
    with form.heeding():
        cells.add_reason(form.name.data or "", form.states.data or [], by=current_user.name, now=utcnow())
    if form.errors:
        return render_template("admin/reasons/reason.html", form=form, reason=None), 422
    flash(f"{form.name.data} added at the end of the list.", "ok")
    return redirect(url_for("admin_reasons.index"), 303)


@bp.post("/admin/reasons/usual")
@may("administer reasons")
def start() -> Response:
    cells.start_reasons(by=current_user.name, now=utcnow())
    flash("The usual reasons are in the list: change them as you like.", "ok")
    return redirect(url_for("admin_reasons.index"), 303)


@bp.get("/admin/reasons/<int:id>")
@may("administer reasons")
def edit(id: int) -> str:
    reason = cells.one_reason(id)
    form = ReasonForm(data={"name": reason.name, "states": reason.states, "in_use": reason.in_use})
    return render_template("admin/reasons/reason.html", form=form, reason=reason)


@bp.post("/admin/reasons/<int:id>")
@may("administer reasons")
def change(id: int) -> Response | tuple[str, int]:
    reason, form = cells.one_reason(id), ReasonForm()
    with form.heeding():
        said = {"in_use": bool(form.in_use.data), "by": current_user.name, "now": utcnow()}
        cells.change_reason(id, form.name.data or "", form.states.data or [], **said)
    if form.errors:
        return render_template("admin/reasons/reason.html", form=form, reason=reason), 422
    flash(f"{form.name.data} saved.", "ok")
    return redirect(url_for("admin_reasons.index"), 303)


@bp.post("/admin/reasons/<int:id>/place")
@may("administer reasons")
def move(id: int) -> Response:
    cells.move_reason(id, request.form.get("to") == "up", by=current_user.name, now=utcnow())
    return redirect(url_for("admin_reasons.index") + f"#reason-{id}", 303)
