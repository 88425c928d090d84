"""Dates that differ from the week: holidays, other shifts, extra ones."""

from datetime import datetime

from flask import flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells
from webapp.cells import Calendar
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.screens.calendars.forms import DaysForm, ReachingForm
from webapp.screens.calendars.page import bp, page
from webapp.screens.calendars.weeks import restated


@bp.post("/admin/calendars/<int:id>/days")
@may("administer calendars")
def add(id: int) -> Response | str | tuple[str, int]:
    now, calendar, form = utcnow(), cells.one_calendar(id), DaysForm(prefix="days")
    with form.heeding():
        done = _set(calendar, form, now)
    if form.errors:
        return page(calendar, days=form), form.status
    if not done:
        return page(calendar, days=form)
    flash(f"The dates of {calendar.name} are saved. {restated(form.reach)}", "ok")
    return redirect(url_for("admin_calendars.show", id=id), 303)


def _set(calendar: Calendar, form: DaysForm, now: datetime) -> bool:
    days = form.chosen()
    if not form.agreed(cells.reach_of_days(calendar.id, {**days}, now)):
        return False
    form.reach = cells.set_days(calendar.id, days, current_user.name, now, form.version.data or "")
    return True


@bp.post("/admin/calendars/<int:id>/days/<day>/removal")
@may("administer calendars")
def remove(id: int, day: str) -> Response | str:
    """Where it restates the past it asks first, on the page's own form."""
    now, calendar, on = utcnow(), cells.one_calendar(id), cells.read_date(day, "day")
    form = ReachingForm(prefix="clearing")
    if not form.agreed(cells.reach_of_days(id, {on: None}, now)):
        return page(calendar, clearing=(on, form))
    reach = cells.clear_day(id, on, by=current_user.name, now=now)
    flash(f"{day} is as every week again. {restated(reach)}", "ok")
    return redirect(url_for("admin_calendars.show", id=id), 303)
