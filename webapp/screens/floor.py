"""The floor: a tile for each cell, at its place on the hall plan or in its bay."""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from webapp import cells, journal, ledger, orders, projects
from webapp.lib.clock import epoch, utcnow
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, polled
from webapp.lib.settings import settings
from webapp.screens.at_work import painted as painted_jobs
from webapp.screens.halls import halls
from webapp.screens.narrowing import narrowing

bp = Blueprint("floor", __name__)

STRIP = timedelta(hours=8)


@bp.get("/floor")
@may("see boards")
def show() -> str:
    return render_template("floor/show.html", narrowing=narrowing(), **_drawn_as(_view())("", utcnow()))


@bp.get("/floor/tiles")
@may("see boards")
def tiles() -> Response:
    return polled("floor-list" if _view() == "list" else "floor")


def _view() -> str:
    return "list" if request.args.get("view") == "list" else "plan"


def _drawn_as(kind: str) -> Callable[[str, datetime], Picture]:
    def view(_: str, now: datetime) -> Picture:
        return picture(now) | {"view": kind}

    return view


def picture(now: datetime) -> Picture:
    """What the tiles are painted from. Strips move on by minutes: a second more of the same is no news."""
    floor = cells.floor(now, settings().sample_every)
    end = epoch(now) // 60 * 60 + 60
    strips = ledger.many_spans([tile.cell.id for tile in floor.tiles], end - int(STRIP.total_seconds()), epoch(now))
    held, at_work = projects.holders(), orders.holding()
    plans = cells.hall_plans()
    drawn = sorted((site, plan.version) for site, plan in plans.items())
    painted = [floor.version, end, drawn, sorted((cell, p.id, p.progress) for cell, p in held.items())]
    painted.append(painted_jobs(at_work))
    return {
        "floor": floor,
        "halls": halls(floor.tiles, plans),
        "strips": strips,
        "strip_start": end - int(STRIP.total_seconds()),
        "strip_end": end,
        "held": held,
        "at_work": at_work,
        "version": journal.digest(repr(painted).encode())[:16],
        "as_of": floor.as_of,
        "now": now,
    }


REGIONS = (
    Region("floor", "see boards", "floor/_tiles.html", _drawn_as("plan")),
    Region("floor-list", "see boards", "floor/_tiles.html", _drawn_as("list"), heeds=("floor",)),
)
