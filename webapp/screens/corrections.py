"""What people know better than the machine: the corrections of a cell, a new one, and taking one back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.fields import SelectChoice

from webapp import cells, ledger
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid
from webapp.lib.window import Window
from webapp.screens.filters import full_clock
from webapp.screens.forms import RoomForm
from webapp.screens.times import shown_time, site_zone, typed_time

bp = Blueprint("corrections", __name__)

#: A page of them; older ones are in the log.
MOST = 200


class CorrectionForm(RoomForm):
    start = StringField("From")
    end = StringField("Up to, not including")
    state = SelectField("It was", choices=[SelectChoice(state, state.capitalize()) for state in ledger.STATES])
    why = StringField("Why")

    def window(self) -> Window:
        zone = site_zone()
        start, end = (typed_time(field.data or "", field.name, zone) for field in (self.start, self.end))
        if start >= end:
            raise Invalid(end="must be later than the time above")
        return Window(start, end)


@bp.get("/cells/<int:id>/corrections")
@may("see cells")
def index(id: int) -> str:
    return render_template("corrections/index.html", **_page(id))


def _page(id: int) -> dict[str, Any]:
    return {"cell": cells.one(id), "corrections": cells.corrections([id], limit=MOST)}


@bp.get("/cells/<int:id>/corrections/new")
@may("correct history")
def new(id: int) -> str:
    return render_template("corrections/new.html", cell=cells.one(id), form=CorrectionForm(data=_asked()))


def _asked() -> dict[str, str]:
    """What the row that was pressed speaks of, in site time."""
    found = {"state": request.args.get("state", "running")}
    for name in ("start", "end"):
        if text := request.args.get(name):
            found[name] = shown_time(typed_time(text, name, site_zone()), site_zone())
    return found


@bp.post("/cells/<int:id>/corrections")
@may("correct history")
def add(id: int) -> Response | tuple[str, int]:
    cell, form = cells.one(id), CorrectionForm()
    with form.heeding():
        why = (form.why.data or "").strip()
        change = cells.correct_history(id, form.window(), form.state.data, why, by=current_user.name, now=utcnow())
    if form.errors:
        return render_template("corrections/new.html", cell=cell, form=form), form.status
    flash(f"{cell.name}, {full_clock(change.start)} to {full_clock(change.end)}: {change.state}.", "undo")
    day = change.start.astimezone(site_zone()).date().isoformat()
    return redirect(url_for("cells.show", id=id, day=day, undo_correction=change.id) + "#happened", 303)


@bp.post("/corrections/<int:id>/undo")
@may("correct history")
def take_back(id: int) -> Response:
    change = cells.take_correction_back(id, by=current_user.name, now=utcnow())
    flash("The correction was taken back: what was there before stands again.", "ok")
    return redirect(url_for("corrections.index", id=change.cell_id), 303)
