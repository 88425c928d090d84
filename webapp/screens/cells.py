"""One cell: its state and since when, what it holds, its last day; and the acts a supervisor has."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, journal, projects
from webapp.jobs import wake, work
from webapp.lib.clock import epoch, iso, utcnow
from webapp.lib.guard import may
from webapp.lib.settings import settings
from webapp.lib.window import last
from webapp.projects import Filters

bp = Blueprint("cells", __name__)

STRIP = timedelta(hours=24)
MODE_WORDS = {"open": "takes new work", "draining": "takes no new work; what runs may end", "closed": "takes no work"}


@bp.get("/cells/<int:id>")
@may("see cells")
def show(id: int) -> str:
    return render_template("cells/show.html", **_page(id))


@bp.get("/cells/<int:id>/part")
@may("see cells")
def part(id: int) -> str | tuple[str, int, dict[str, str]]:
    page = _page(id)
    if request.args.get("seen") == page["version"]:
        return "", 204, {"As-Of": iso(page["as_of"]) or ""}
    return render_template("cells/_part.html", **page)


def _page(id: int) -> dict[str, Any]:
    now, cell = utcnow(), cells.one(id)
    period = settings().sample_every
    standing = cells.standings(now, period).get(id)
    window = last(now, hours=24)
    holder = projects.holders().get(id)
    report = cells.utilization_report(window, now, {id})
    recent = projects.search(Filters(cell_id=id), limit=10, newest_first=True).projects
    seen = [
        epoch(now) // 60,
        standing and (standing.state, standing.detail, standing.since, standing.fault),
        holder and (holder.id, holder.progress),
        [(project.id, project.version, project.status) for project in recent],
        (cell.mode, cell.refused_why, cell.name),
    ]
    return {
        "cell": cell,
        "standing": standing,
        "window": window,
        "timeline": cells.timeline(id, window, now),
        "report": next(iter(report.cells), None),
        "holder": holder,
        "prediction": projects.forecast(now).get(holder.id) if holder else None,
        "recent": recent,
        "history": journal.recent(f"cell:{id}", limit=20),
        "modes": MODE_WORDS,
        "version": journal.digest(repr(seen).encode())[:16],
        "as_of": cells.floor(now, period).as_of,
        "period": period,
        "now": now,
    }


@bp.post("/cells/<int:id>/mode")
@may("set cell mode")
def set_mode(id: int) -> Response:
    mode = request.form.get("mode", "")
    cells.set_mode(id, mode, request.form.get("why", "").strip(), by=current_user.name, now=utcnow())
    wake(work.move_projects)
    flash(f"{cells.one(id).name} is {mode}: it {MODE_WORDS[mode]}.", "ok")
    return redirect(url_for("cells.show", id=id), 303)
