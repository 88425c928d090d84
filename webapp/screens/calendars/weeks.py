"""A calendar's week: made, changed from a date on, and a change to come taken back."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells
from webapp.cells import Calendar, Reach
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.screens.calendars.forms import WeekForm
from webapp.screens.calendars.page import bp, new_page, page
from webapp.screens.filters import day
from webapp.screens.forms import once


@bp.post("/admin/calendars")
@may("administer calendars")
def create() -> Response | str | tuple[str, int]:
    now, form = utcnow(), WeekForm.sent()
    if form.rearranged() or form.do == "look":
        return new_page(form)
    with form.heeding():
        shifts = form.shifts()
        where = once(form, f"user:{current_user.user.id}", now, lambda: _added(form, shifts, now))
    if form.errors:
        return new_page(form), 422
    return redirect(where, 303)


def _added(form: WeekForm, shifts: list[Any], now: datetime) -> str:
    calendar = cells.add_calendar(form.name.data or "", form.zone.data or "", shifts, current_user.name, now)
    flash(f"{calendar.name} added. No cell follows it yet: choose them below.", "ok")
    return url_for("admin_calendars.show", id=calendar.id)


@bp.post("/admin/calendars/<int:id>/week")
@may("administer calendars")
def change(id: int) -> Response | str | tuple[str, int]:
    now, calendar, form = utcnow(), cells.one_calendar(id), WeekForm.sent()
    if form.rearranged():
        return page(calendar, week=form)
    with form.heeding():
        done = _changed(calendar, form, now)
    if form.errors:
        return page(calendar, week=form), form.status
    if not done:
        return page(calendar, week=form)
    flash(f"The week of {calendar.name} is saved. {restated(form.reach)}", "ok")
    return redirect(url_for("admin_calendars.show", id=id), 303)


def _changed(calendar: Calendar, form: WeekForm, now: datetime) -> bool:
    """Whether it was saved: not while it only is to be looked at, or restates more than was seen."""
    since, shifts = form.since_date(), form.shifts()
    agreed = form.agreed(cells.reach_of_week(calendar.id, since, shifts, now))
    if form.do == "look" or not agreed:
        return False
    form.reach = cells.change_week(calendar.id, since, shifts, current_user.name, now, form.version.data or "")
    return True


def restated(reach: Reach | None) -> str:
    """After the act: what it did to the past."""
    if reach is None or reach.window is None:
        return "Figures of the past stay as they were."
    return f"It restates figures since {day(reach.window.start)}: {cell_count(reach)}."


def cell_count(reach: Reach) -> str:
    return f"{reach.cells} {'cell' if reach.cells == 1 else 'cells'}"


@bp.post("/admin/calendars/<int:id>/weeks/<since>/removal")
@may("administer calendars")
def take_back(id: int, since: str) -> Response:
    calendar = cells.one_calendar(id)
    cells.drop_week(id, cells.read_date(since, "since"), by=current_user.name, now=utcnow())
    flash(f"The change of {calendar.name} from {since} on is taken back.", "ok")
    return redirect(url_for("admin_calendars.show", id=id), 303)


@bp.post("/admin/calendars/<int:id>/name")
@may("administer calendars")
def rename(id: int) -> Response | str | tuple[str, int]:
    now, calendar, form = utcnow(), cells.one_calendar(id), WeekForm.sent("calendar")
    with form.heeding():
        done = _renamed(calendar, form, now)
    if form.errors:
        return page(calendar, naming=form), form.status
    if not done:
        return page(calendar, naming=form)
    flash(f"{form.name.data} saved. {restated(form.reach)}", "ok")
    return redirect(url_for("admin_calendars.show", id=id), 303)


def _renamed(calendar: Calendar, form: WeekForm, now: datetime) -> bool:
    name, zone = form.name.data or "", form.zone.data or ""
    if not form.agreed(cells.reach_of_zone(calendar.id, zone, now)):
        return False
    form.reach = cells.change_calendar(calendar.id, name, zone, current_user.name, now, form.version.data or "")
    return True
