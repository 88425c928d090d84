"""Asking for maintenance in three taps, and answering."""

from datetime import datetime

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, upkeep
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.screens.forms import number_in, once
from webapp.screens.maintenance.forms import ABOUT, OTHER, AnswerForm, RequestForm
from webapp.screens.maintenance.place import back_to, bp, words


@bp.get("/maintenance/new")
@may("request maintenance")
def new() -> str:
    cell = number_in(request.args.get("cell", ""))
    return _form(RequestForm(data={"cell_id": str(cell) if cell else ""}))


def _form(form: RequestForm) -> str:
    return render_template(
        "maintenance/new.html", form=form, cells=cells.all_cells(), about=[*ABOUT, OTHER], other=OTHER, **words()
    )


@bp.post("/maintenance/requests")
@may("request maintenance")
def ask() -> Response | tuple[str, int]:
    form, now = RequestForm(), utcnow()
    with form.heeding():
        where = once(form, f"user:{current_user.user.id}", now, lambda: _asked(form, now))
    return (_form(form), form.status) if form.errors else back_to(where)


def _asked(form: RequestForm, now: datetime) -> str:
    cell_id = number_in(form.cell_id.data or "") or 0
    made = upkeep.request_maintenance(cell_id, form.what(), form.urgency.data or "", current_user, now)
    flash(f"Maintenance is asked for at {made.cell.name}.", "ok")
    return url_for("maintenance.index")


@bp.get("/maintenance/requests/<int:id>")
@may("see maintenance")
def request_page(id: int) -> str:
    return _page(id, AnswerForm(formdata=None))


def _page(id: int, form: AnswerForm) -> str:
    asked = upkeep.one_request(id)
    return render_template("maintenance/request.html", asked=asked, form=form, now=utcnow(), **words())


@bp.post("/maintenance/requests/<int:id>/answer")
@may("plan maintenance")
def answer(id: int) -> Response | tuple[str, int]:
    form = AnswerForm()
    with form.heeding():
        said, note = request.form.get("answer", ""), form.note.data or ""
        upkeep.answer_request(id, said, note, current_user, utcnow())
    if form.errors:
        return _page(id, form), form.status
    flash("The request is answered.", "ok")
    return back_to(url_for("maintenance.index"))
