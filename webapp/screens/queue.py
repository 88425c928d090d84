"""What waits, in order, why, and the act that helps."""

from typing import Any

from flask import Blueprint, render_template, request

from webapp import cells, journal, projects
from webapp.lib.clock import epoch, iso, utcnow
from webapp.lib.guard import may
from webapp.lib.settings import settings

bp = Blueprint("queue", __name__)


@bp.get("/queue")
@may("see queue")
def show() -> str:
    return render_template("queue/show.html", **_view())


@bp.get("/queue/part")
@may("see queue")
def part() -> str | tuple[str, int, dict[str, str]]:
    view = _view()
    if request.args.get("seen") == view["version"]:
        return "", 204, {"As-Of": iso(view["as_of"]) or ""}
    return render_template("queue/_part.html", **view)


def _view() -> dict[str, Any]:
    now = utcnow()
    items = projects.queue(now)
    painted = [(i.project.id, i.project.version, i.position, i.reason, str(i.prediction)) for i in items]
    minute = epoch(now) // 60  # waits are told in minutes
    return {
        "items": items,
        "version": journal.digest(repr([minute, painted]).encode())[:16],
        "as_of": cells.floor(now, settings().sample_every).as_of,
        "period": settings().sample_every,
        "now": now,
    }
