"""The list of calendars and a calendar's page: the week picture beside its form, the coming days, who follows it."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells
from webapp.cells import Calendar, Cell, OtherDay, Plan, Shift
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.screens.calendars import picture
from webapp.screens.calendars.forms import DaysForm, FollowForm, ReachingForm, WeekForm
from webapp.screens.calendars.patterns import PATTERNS
from webapp.screens.times import site_zone

bp = Blueprint("admin_calendars", __name__)

AHEAD = 14  # days drawn
DAYS_SHOWN = 60  # days back from which set dates are listed


@bp.get("/admin/calendars")
@may("administer calendars")
def index() -> str:
    now = utcnow()
    every = cells.all_calendars(retired=True)
    shown = [calendar for calendar in every if request.args.get("retired") or not calendar.retired_at]
    return render_template(
        "admin/calendars/index.html",
        calendars=[(calendar, _week_now(calendar, now)) for calendar in shown],
        hidden=len(every) - len(shown),
        followers=_followed(now),
        week=picture.week,
        told=cells.told_all,
        scheduled=cells.scheduled_minutes,
    )


def _followed(now: datetime) -> dict[int, int]:
    """How many cells in service follow each calendar."""
    here = {cell.id for cell in cells.all_cells()}
    return {id: len(here.intersection(ids)) for id, ids in cells.followers(now).items()}


def _week_now(calendar: Calendar, now: datetime) -> tuple[Shift, ...]:
    plan = cells.plan_of(calendar.id)
    return plan.week_on(now.astimezone(plan.zone).date()).shifts


@bp.get("/admin/calendars/new")
@may("administer calendars")
def new() -> str:
    word = request.args.get("from", "")
    shifts = PATTERNS[word][1] if word in PATTERNS else []
    return new_page(WeekForm.showing(shifts, zone=site_zone().key), word)


def new_page(form: WeekForm, word: str = "") -> str:
    return render_template(
        "admin/calendars/new.html", form=form, patterns=PATTERNS, word=word, rows=picture.week(form.drawn()), **SUMS
    )


@bp.get("/admin/calendars/<int:id>")
@may("administer calendars")
def show(id: int) -> str:
    return page(cells.one_calendar(id))


#: How a page adds up a week.
SUMS = {"scheduled": cells.scheduled_minutes, "working": cells.working_minutes}


def page(
    calendar: Calendar,
    week: WeekForm | None = None,
    days: DaysForm | None = None,
    follow: FollowForm | None = None,
    naming: WeekForm | None = None,
    clearing: tuple[date, ReachingForm] | None = None,
) -> str:
    """One of its forms may be as it was sent; the others are as if nobody had touched them."""
    now, plan = utcnow(), cells.plan_of(calendar.id)
    local = now.astimezone(plan.zone)
    named = {"name": calendar.name, "zone": calendar.zone, "version": calendar.version}
    shown = week or _untouched(calendar, now)
    return render_template(
        "admin/calendars/show.html",
        calendar=calendar,
        form=next((one for one in (week, days, follow, naming) if one is not None), None),
        week=shown,
        days=days or DaysForm(formdata=None, prefix="days", data={"version": calendar.version}),
        follow=follow or FollowForm(formdata=None, prefix="follow"),
        naming=naming or WeekForm.showing([], "calendar", **named),
        clearing=clearing,
        rows=picture.week(shown.drawn(), None if week else local),
        coming=picture.coming(plan, local, AHEAD),
        weeks=list(reversed(plan.weeks)),
        today=local.date(),
        set_days=_listed_days(plan, local),
        **_cells(calendar, now),
        told=cells.told_all,
        beginning=cells.BEGINNING,
        **SUMS,
    )


def _cells(calendar: Calendar, now: datetime) -> dict[str, Any]:
    """Who follows it, who might, and what cells have in common."""
    every, ids = cells.all_cells(), set(cells.followers(now).get(calendar.id, []))
    return {
        "followers": [cell for cell in every if cell.id in ids],
        "others": [cell for cell in every if cell.id not in ids],
        "groups": _groups(every),
    }


def _groups(every: list[Cell]) -> list[tuple[str, str]]:
    """As a menu: site, kind, tag."""
    sites = {f"site:{cell.site_id}": f"Site {cell.site.name}" for cell in every}
    kinds = {f"kind:{cell.kind}": f"Kind {cell.kind}" for cell in every}
    tags = {f"tag:{tag}": f"Tag {tag}" for cell in every for tag in cell.tags}
    return [("", "Only those ticked"), *(pair for named in (sites, kinds, tags) for pair in sorted(named.items()))]


def _untouched(calendar: Calendar, now: datetime) -> WeekForm:
    """The pattern asked for, to be changed where it begins; else the present one, from next Monday on."""
    plan = cells.plan_of(calendar.id)
    today = now.astimezone(plan.zone).date()
    asked = next((week for week in plan.weeks if week.since.isoformat() == request.args.get("since")), None)
    monday = today + timedelta(days=7 - today.weekday())
    followed = cells.followers(now).get(calendar.id)
    present = plan.week_on(today)
    since = asked.since if asked else monday if followed else present.since
    shown = "" if since == cells.BEGINNING else since.isoformat()
    return WeekForm.showing((asked or present).shifts, since=shown, version=calendar.version)


def _listed_days(plan: Plan, local: datetime) -> list[tuple[date, OtherDay]]:
    """Those that differ: from two months ago on, or all of them."""
    first = cells.BEGINNING if request.args.get("all") else local.date() - timedelta(days=DAYS_SHOWN)
    return [(day, other) for day, other in sorted(plan.days.items()) if day >= first]


@bp.post("/admin/calendars/<int:id>/retirement")
@may("administer calendars")
def retire(id: int) -> Response:
    calendar = cells.retire_calendar(id, by=current_user.name, now=utcnow())
    flash(f"{calendar.name} is no longer offered. Cells that follow it go on.", "ok")
    return redirect(url_for("admin_calendars.index"), 303)


@bp.post("/admin/calendars/<int:id>/restoration")
@may("administer calendars")
def restore(id: int) -> Response:
    calendar = cells.restore_calendar(id, by=current_user.name, now=utcnow())
    flash(f"{calendar.name} is offered again.", "ok")
    return redirect(url_for("admin_calendars.show", id=id), 303)
