"""Stops and calls: what goes on, what was, and how long people took to hear of it, to come, to put it right."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from webapp import cells
from webapp.cells import Alarm
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.window import last
from webapp.screens.forms import number_in

bp = Blueprint("alarms", __name__)

RANGES = {
    "24h": ("Last 24 hours", timedelta(hours=24)),
    "7d": ("Last 7 days", timedelta(days=7)),
    "30d": ("Last 30 days", timedelta(days=30)),
}
#: Rows of one page; the figures are made of all that the time holds, up to MANY.
MOST, MANY = 50, 5000
#: Of fewer the median says little, and the page says so.
FEW = 5


@bp.get("/alarms")
@may("see cells")
def index() -> str:
    now, range_, cell_id = utcnow(), request.args.get("r", ""), number_in(request.args.get("cell", ""))
    range_ = range_ if range_ in RANGES else "7d"
    label, length = RANGES[range_]
    found = cells.stops_of(last(now, seconds=length.total_seconds()), {cell_id} if cell_id else None, MANY)
    every = cells.all_cells(retired=True)
    return render_template(
        "alarms/index.html",
        alarms=found[:MOST],
        count=len(found),
        reactions=cells.reactions(found),
        few=FEW,
        names={cell.id: cell.name for cell in every},
        cells=[cell for cell in every if cell.in_service_to is None or cell.id == cell_id],
        ranges=RANGES,
        label=label,
        asked={"r": range_, "cell": cell_id or ""},
        now=now,
    )


def of_cell(cell_id: int, now: datetime) -> dict[str, Any]:
    """What the page of a cell shows of its last 30 days: the newest, and what goes on."""
    found: list[Alarm] = cells.stops_of(last(now, days=30), {cell_id}, 200)
    return {"alarms": found[:5], "reactions": cells.reactions(found), "going_on": cells.open_on(cell_id), "few": FEW}


def painted(shown: dict[str, Any]) -> list[tuple[object, ...]]:
    """What tells two pictures of it apart."""
    return [(one.id, one.words, one.step, one.told_at, one.acknowledged_at, one.repaired_at) for one in shown["alarms"]]
