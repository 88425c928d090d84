"""One cell: its state and since when, what it holds, its last day; and the acts a supervisor has."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, journal, orders, projects
from webapp.jobs import wake, work
from webapp.lib.clock import epoch, utcnow
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, numbered, polled
from webapp.lib.settings import settings
from webapp.lib.window import Window, last
from webapp.projects import Filters
from webapp.screens import alarms, issues, maintenance, stops
from webapp.screens.going_back import back_with, came_from
from webapp.screens.times import midnight, site_zone

bp = Blueprint("cells", __name__)

STRIP = timedelta(hours=24)
MODE_WORDS = {"open": "takes new work", "draining": "takes no new work; what runs may end", "closed": "takes no work"}


@bp.get("/cells/<int:id>")
@may("see cells")
def show(id: int) -> str:
    now = utcnow()
    shown = view(str(id), now)  # first: what follows need not ask whether there is such a cell
    cared_for = maintenance.of_cell(id, now) if current_user.may("see maintenance") else None
    wrong = issues.of_cell(id) if current_user.may("see issues") else None
    return render_template("cells/show.html", upkeep=cared_for, wrong=wrong, **shown, **_happened(id, now))


def _happened(id: int, now: datetime) -> dict[str, Any]:
    """What was lost on the day that the address names, or in the last 24 hours; with the days around it."""
    zone = site_zone()
    day = _day(request.args.get("day", ""))
    window = Window(midnight(day, zone), midnight(day + timedelta(days=1), zone)) if day else last(now, hours=24)
    shown = day or now.astimezone(zone).date()
    after = shown + timedelta(days=1) if day and window.end <= now else None
    return {
        "happened": stops.happened(id, window, now),
        "corrected": len(cells.corrections([id], limit=200)),
        "day": day,
        "days": {"before": shown - timedelta(days=1), "after": after},
    }


def _day(text: str) -> date | None:
    """What is no day that pages know is as if none had been named."""
    try:
        return date.fromisoformat(text) if "1970" < text[:4] < "9998" else None
    except ValueError:
        return None


@bp.get("/cells/<int:id>/part")
@may("see cells")
def part(id: int) -> Response:
    return polled(f"cell:{id}")


def view(subject: str, now: datetime) -> Picture:
    id = numbered(subject)
    cell = cells.one(id)
    period = settings().sample_every
    standing = cells.standings(now, period).get(id)
    window = last(now, hours=24)
    holder, job = projects.holders().get(id), orders.holding().get(id)
    report = cells.utilization_report(window, now, {id})
    flapping = cells.flapping().get(id)
    recent = projects.search(Filters(cell_id=id), limit=10, newest_first=True).projects
    worked = orders.worked_on(id)
    shown = alarms.of_cell(id, now)
    seen = [
        epoch(now) // 60,
        standing and (standing.state, standing.detail, standing.since, standing.fault, standing.heard_last),
        holder and (holder.id, holder.progress),
        job and (job.id, job.overdue(now)),
        [(one.id, one.version) for one in worked],
        [(project.id, project.version, project.status) for project in recent],
        (cell.mode, cell.refused_why, cell.name),
        flapping and flapping.a_minute,
        alarms.painted(shown),
    ]
    return {
        "cell": cell,
        "standing": standing,
        "flapping": flapping,
        "window": window,
        "timeline": cells.timeline(id, window, now),
        "report": next(iter(report.cells), None),
        "until": last(cell.in_service_to, days=30) if cell.in_service_to else None,
        "holder": holder,
        "job": job,
        "prediction": projects.forecast(now).get(holder.id) if holder else None,
        "recent": recent,
        "worked": worked,
        "shown": shown,
        "history": journal.recent(f"cell:{id}", limit=20),
        "modes": MODE_WORDS,
        "version": journal.digest(repr(seen).encode())[:16],
        "as_of": cells.floor(now, period).as_of,
        "period": period,
        "now": now,
    }


REGIONS = (Region("cell", "see cells", "cells/_part.html", view, every=30),)


@bp.post("/cells/<int:id>/mode")
@may("set cell mode")
def set_mode(id: int) -> Response:
    mode = request.form.get("mode", "")
    why = request.form.get("why", "").strip() or request.form.get(f"why_{mode}", "")
    cells.set_mode(id, mode, why, by=current_user.name, now=utcnow())
    wake(work.move_projects)
    flash(f"{cells.one(id).name} is {mode}: it {MODE_WORDS[mode]}.", "undo")
    return redirect(back_with(came_from() or url_for("cells.show", id=id), undo_mode=id), 303)
