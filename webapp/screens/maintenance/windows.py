"""Windows: planned by hand or with one press, begun, done, moved, called off."""

from datetime import datetime, timedelta

from flask import flash, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, upkeep
from webapp.jobs import wake, work
from webapp.lib.clock import epoch, moment, utcnow
from webapp.lib.guard import may
from webapp.screens.filters import clock, clock_on
from webapp.screens.forms import number_in, once
from webapp.screens.maintenance.forms import CompletionForm, WindowForm
from webapp.screens.maintenance.place import back_to, bp, words
from webapp.screens.times import shown_time, site_zone
from webapp.upkeep import Gap, Window

#: What a window takes where nobody said so.
USUAL = 60


@bp.get("/maintenance/windows/new")
@may("plan maintenance")
def plan_form() -> str:
    duty, asked, cell = (number_in(request.args.get(name, "")) for name in ("duty", "request", "cell"))
    form = WindowForm(formdata=None)
    form.minutes.data = str(USUAL)
    if duty:
        mine = upkeep.one_duty(duty)
        form.duty_id.data, form.minutes.data, cell, form.name.data = (
            str(duty),
            str(mine.minutes),
            mine.cell_id,
            mine.name,
        )
    elif asked:
        wanted = upkeep.one_request(asked)
        form.request_id.data, cell, form.name.data = str(asked), wanted.cell_id, wanted.what[:120]
    form.cell_id.data = str(cell) if cell else ""
    form.gap = _suggested(form)
    if form.gap:
        form.start.data = shown_time(form.gap.start, site_zone())
    return _form(form)


def _suggested(form: WindowForm) -> Gap | None:
    """Before anybody typed a time: from the next whole minute on, which is as soon as somebody can say so."""
    duty, cell = number_in(form.duty_id.data or ""), number_in(form.cell_id.data or "")
    now = moment(-(-epoch(utcnow()) // 60) * 60)
    if duty:
        return upkeep.gap_for(upkeep.one_duty(duty), now)
    return upkeep.next_gap(cell, now, timedelta(minutes=int(form.minutes.data))) if cell else None


def _form(form: WindowForm) -> str:
    chosen = number_in(form.cell_id.data or "")
    return render_template(
        "maintenance/plan.html",
        form=form,
        cell=cells.one(chosen) if chosen else None,
        fixed=bool(form.duty_id.data or form.request_id.data),
        cells=cells.all_cells(),
        **words(),
    )


@bp.post("/maintenance/windows")
@may("plan maintenance")
def plan() -> Response | tuple[str, int]:
    form, now = WindowForm(), utcnow()
    with form.heeding():
        details = form.details()
        where = once(form, f"user:{current_user.user.id}", now, lambda: _planned(details, now))
    return (_form(form), form.status) if form.errors else back_to(where)


def _planned(details: upkeep.WindowDetails, now: datetime) -> str:
    window = upkeep.plan_window(details, current_user, now)
    flash(f"{window.name} on {window.cell.name} is planned for {_span(window, now)}.", "ok")
    return url_for("maintenance.window", id=window.id)


def _span(window: Window, now: datetime) -> str:
    return f"{clock_on(window.starts, now)} to {clock(window.ends)}"


@bp.get("/maintenance/windows/<int:id>")
@may("see maintenance")
def window(id: int) -> str:
    return _page(id)


def _page(id: int, done: CompletionForm | None = None, moved: WindowForm | None = None) -> str:
    """done, moved: the form that could not be accepted; the other is as new."""
    shown, now = upkeep.one_window(id), utcnow()
    moved = moved or _as_planned(shown)
    refused = next((form for form in (done, moved) if form and form.errors), None)
    return render_template(
        "maintenance/window.html",
        window=shown,
        done=done or CompletionForm(formdata=None),
        moved=moved,
        form=refused,
        holder=cells.claim_on(shown.cell_id),
        now=now,
        **words(),
    )


def _as_planned(shown: Window) -> WindowForm:
    form = WindowForm(formdata=None)
    form.start.data = shown_time(shown.starts, site_zone())
    form.minutes.data = str(int((shown.ends - shown.starts).total_seconds() // 60))
    return form


@bp.post("/maintenance/windows/<int:id>/time")
@may("plan maintenance")
def move(id: int) -> Response | tuple[str, int]:
    form, now = WindowForm(), utcnow()
    with form.heeding():
        start, length = form.times()
        moved = upkeep.move_window(id, start, start + length, current_user, now)
        flash(f"{moved.name} is at {_span(moved, now)} now.", "ok")
    return (_page(id, moved=form), form.status) if form.errors else back_to(url_for("maintenance.window", id=id))


@bp.post("/maintenance/windows/<int:id>/beginning")
@may("do maintenance")
def begin(id: int) -> Response:
    begun = upkeep.begin_window(id, current_user, utcnow())
    return _begun(begun)


def _begun(begun: Window) -> Response:
    flash(f"{begun.cell.name} is in maintenance: nothing starts on it until you say that it is done.", "ok")
    return back_to(url_for("maintenance.window", id=begun.id))


@bp.post("/maintenance/duties/<int:id>/beginning")
@may("do maintenance")
def begin_duty(id: int) -> Response:
    duty, now = upkeep.one_duty(id), utcnow()
    details = upkeep.WindowDetails(duty.cell_id, now, now + duty.length, duty.name, duty.id)
    return _begun(upkeep.begin_now(details, current_user, now))


@bp.post("/maintenance/windows/<int:id>/completion")
@may("do maintenance")
def complete(id: int) -> Response | tuple[str, int]:
    form = CompletionForm()
    with form.heeding():
        done = upkeep.complete_window(id, current_user, utcnow(), form.note.data or "", form.over())
        flash(f"{done.name} is done, and {done.cell.name} takes work again.", "ok")
    if form.errors:
        return _page(id, done=form), form.status
    wake(work.move_projects)
    return back_to(url_for("maintenance.index"))


@bp.post("/maintenance/windows/<int:id>/cancellation")
@may("plan maintenance")
def cancel(id: int) -> Response:
    off = upkeep.cancel_window(id, request.form.get("why", ""), current_user, utcnow())
    wake(work.move_projects)
    flash(f"{off.name} on {off.cell.name} is called off.", "ok")
    return back_to(url_for("maintenance.index"))
