"""What needs somebody, as a page of its own: each with the one act that helps."""

from datetime import datetime

from flask import Blueprint, render_template
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, journal, orders, projects
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, polled
from webapp.lib.settings import settings
from webapp.screens import issues
from webapp.screens.at_work import painted
from webapp.screens.narrowing import narrowing

bp = Blueprint("attention", __name__)


@bp.get("/attention")
@may("see boards")
def show() -> str:
    now = utcnow()
    unowned = issues.unowned("", now) if current_user.may("see issues") else None
    return render_template("attention/show.html", narrowing=narrowing(), unowned=unowned, **view("", now))


@bp.get("/attention/part")
@may("see boards")
def part() -> Response:
    return polled("attention")


def view(_: str, now: datetime) -> Picture:
    found, jobs = projects.attention(now, settings().sample_every), orders.holding()
    seen = repr((painted(jobs), [item.painted for item in found]))
    return {
        "attention": found,
        "at_work": jobs,
        "version": journal.digest(seen.encode())[:16],
        "as_of": cells.as_of(now),
        "period": settings().sample_every,
        "now": now,
    }


REGIONS = (Region("attention", "see boards", "attention/_part.html", view, heeds=("board",)),)
