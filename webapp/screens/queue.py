"""What waits, in order, why, and the act that helps."""

from datetime import datetime

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from webapp import cells, journal, projects
from webapp.lib.clock import epoch, utcnow
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, polled
from webapp.lib.settings import settings

bp = Blueprint("queue", __name__)


@bp.get("/queue")
@may("see queue")
def show() -> str:
    return render_template("queue/show.html", **view("", utcnow()))


@bp.get("/queue/part")
@may("see queue")
def part() -> Response:
    return polled("queue")


def view(_: str, now: datetime) -> Picture:
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


REGIONS = (Region("queue", "see queue", "queue/_part.html", view),)
