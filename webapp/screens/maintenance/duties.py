"""Duties: all of them, one of them, and keeping them."""

from datetime import datetime

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, upkeep
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.screens.forms import number_in, once
from webapp.screens.maintenance.forms import DutyForm, of_duty
from webapp.screens.maintenance.place import back_to, bp, words
from webapp.screens.times import shown_time, site_zone


@bp.get("/maintenance/duties")
@may("see maintenance")
def duties() -> str:
    cell_id = number_in(request.args.get("cell", ""))
    board = upkeep.board(utcnow(), [cell_id] if cell_id else None)
    lines = sorted(board.lines, key=lambda line: (line.duty.cell.name, line.duty.name))
    return render_template(
        "maintenance/duties.html", lines=lines, cells=cells.all_cells(), asked={"cell": cell_id or ""}, **words()
    )


@bp.get("/maintenance/duties/<int:id>")
@may("see maintenance")
def duty(id: int) -> str:
    shown, now = upkeep.one_duty(id), utcnow()
    lines = upkeep.board(now, [shown.cell_id]).lines
    line = next((line for line in lines if line.duty.id == id), None)
    return render_template(
        "maintenance/duty.html",
        duty=shown,
        line=line,
        gap=upkeep.gap_for(shown, now) if line and line.window is None else None,
        done=upkeep.history(duty_id=id, limit=20),
        now=now,
        **words(),
    )


@bp.get("/maintenance/duties/new")
@may("plan maintenance")
def new_duty() -> str:
    cell = number_in(request.args.get("cell", ""))
    form = DutyForm(formdata=None, data={"cell_id": str(cell) if cell else "", "minutes": "60", "stops_work": True})
    return _form(form)


def _form(form: DutyForm, duty: upkeep.Duty | None = None) -> str:
    """duty: the one that is changed; None: a new one."""
    return render_template("maintenance/duty_form.html", form=form, duty=duty, cells=cells.all_cells(), **words())


@bp.post("/maintenance/duties")
@may("plan maintenance")
def add_duty() -> Response | tuple[str, int]:
    form, now = DutyForm(), utcnow()
    with form.heeding():
        details = form.details()
        where = once(form, f"user:{current_user.user.id}", now, lambda: _added(details, now))
    return (_form(form), form.status) if form.errors else back_to(where)


def _added(details: upkeep.DutyDetails, now: datetime) -> str:
    added = upkeep.add_duty(details, current_user, now)
    flash(f"{added.name} on {added.cell.name} is a duty from now on.", "ok")
    return url_for("maintenance.duty", id=added.id)


@bp.get("/maintenance/duties/<int:id>/edit")
@may("plan maintenance")
def edit_duty(id: int) -> str:
    duty = upkeep.one_duty(id)
    return _form(of_duty(duty, shown_time(duty.last_done_at, site_zone())), duty)


@bp.post("/maintenance/duties/<int:id>")
@may("plan maintenance")
def change_duty(id: int) -> Response | tuple[str, int]:
    form, duty = DutyForm(), upkeep.one_duty(id)
    with form.heeding():
        upkeep.change_duty(id, form.details(duty.cell_id), current_user, utcnow())
        flash(f"{duty.name} is changed.", "ok")
    return (_form(form, duty), form.status) if form.errors else back_to(url_for("maintenance.duty", id=id))


@bp.post("/maintenance/duties/<int:id>/retirement")
@may("plan maintenance")
def retire_duty(id: int) -> Response:
    gone = upkeep.retire_duty(id, current_user, utcnow())
    flash(f"{gone.name} on {gone.cell.name} falls due no more.", "ok")
    return back_to(url_for("maintenance.duties"))
