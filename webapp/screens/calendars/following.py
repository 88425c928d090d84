"""Which cells follow a calendar: a group of them from the calendar's page, one from its own."""

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells
from webapp.cells import Cell
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.numbers import whole_in
from webapp.lib.refusal import Invalid
from webapp.screens.calendars.forms import FollowForm
from webapp.screens.calendars.page import bp, page
from webapp.screens.calendars.weeks import restated
from webapp.screens.times import site_zone, typed_time


@bp.post("/admin/calendars/<int:id>/cells")
@may("administer calendars")
def follow(id: int) -> Response | str | tuple[str, int]:
    now, calendar, form = utcnow(), cells.one_calendar(id), FollowForm(prefix="follow")
    with form.heeding():
        done = _follow(form, _of_group(form.group.data or "") | set(form.ticked()), id, now)
    if form.errors:
        return page(calendar, follow=form), form.status
    if not done:
        return page(calendar, follow=form)
    flash(f"The cells follow {calendar.name}. {restated(form.reach)}", "ok")
    return redirect(url_for("admin_calendars.show", id=id), 303)


def _follow(form: FollowForm, cell_ids: set[int], calendar_id: int | None, now: datetime) -> bool:
    typed = (form.since.data or "").strip()
    since = typed_time(typed, "since", site_zone()) if typed else now
    if not cell_ids:
        raise Invalid(group="must name cells, or some must be ticked")
    if not form.agreed(cells.reach_of_following(cell_ids, calendar_id, since, now)):
        return False
    form.reach = cells.use_calendar(cell_ids, calendar_id, since, by=current_user.name, now=now)
    return True


def _of_group(group: str) -> set[int]:
    """site:1, kind:Laser or tag:steel: those in service."""
    what, _, value = group.partition(":")
    here = cells.all_cells()
    if what == "site":
        return {cell.id for cell in here if str(cell.site_id) == value}
    if what == "kind":
        return {cell.id for cell in here if cell.kind == value}
    return {cell.id for cell in here if what == "tag" and value in cell.tags}


@bp.get("/admin/cells/<int:id>/calendar")
@may("administer calendars")
def of_cell(id: int) -> str:
    return _page_of_cell(cells.one(id), FollowForm(formdata=None, prefix="follow"), utcnow())


def _page_of_cell(cell: Cell, form: FollowForm, now: datetime) -> str:
    return render_template(
        "admin/calendars/cell.html",
        cell=cell,
        form=form,
        calendars=cells.all_calendars(),
        names={calendar.id: calendar.name for calendar in cells.all_calendars(retired=True)},
        uses=cells.uses_of(cell.id),
        present=cells.calendar_of(cell.id, now),
        now=now,
    )


@bp.post("/admin/cells/<int:id>/calendar")
@may("administer calendars")
def follow_one(id: int) -> Response | str | tuple[str, int]:
    now, cell, form = utcnow(), cells.one(id), FollowForm(prefix="follow")
    word = form.group.data or ""
    calendar_id = whole_in(word)
    with form.heeding():
        if calendar_id is None and word != "none":
            raise Invalid(group="must be one of the calendars, or none")
        done = _follow(form, {cell.id}, calendar_id, now)
    if form.errors:
        return _page_of_cell(cell, form, now), form.status
    if not done:
        return _page_of_cell(cell, form, now)
    flash(f"The calendar of {cell.name} is saved. {restated(form.reach)}", "ok")
    return redirect(url_for("admin_calendars.of_cell", id=id), 303)
