"""What is due and what is being done, as it is now; and what was done."""

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from webapp import cells, people, upkeep
from webapp.lib.clock import utcnow, whole
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, polled
from webapp.lib.settings import settings
from webapp.screens.forms import number_in
from webapp.screens.maintenance.forms import URGENCIES

bp = Blueprint("maintenance", __name__)

PAGE = 50
GLYPHS = {"stands": "down", "soon": "maintenance", "sometime": "idle"}


@bp.get("/maintenance")
@may("see maintenance")
def index() -> str:
    return render_template("maintenance/index.html", **view("", utcnow()))


@bp.get("/maintenance/part")
@may("see maintenance")
def part() -> Response:
    return polled("maintenance")


def view(_: str, now: datetime) -> Picture:
    board = upkeep.board(now)
    return {
        "board": board,
        "version": board.version,
        "as_of": whole(now),
        "period": settings().sample_every,
        "now": now,
        **words(),
    }


REGIONS = (Region("maintenance", "see maintenance", "maintenance/_part.html", view, heeds=("schedule",), every=30),)


def words() -> dict[str, Any]:
    """What every page of maintenance needs to say who and how urgent."""
    return {"called": called(), "urgencies": URGENCIES, "glyphs": GLYPHS}


def called() -> dict[str, str]:
    """{username: full name}"""
    return {user.username: user.full_name for user in people.users(limit=1000)}


@bp.get("/maintenance/history")
@may("see maintenance")
def history() -> str:
    cell_id, before = (number_in(request.args.get(name, "")) for name in ("cell", "before"))
    found = upkeep.history({cell_id} if cell_id else None, before=before, limit=PAGE + 1)
    return render_template(
        "maintenance/history.html",
        windows=found[:PAGE],
        following=found[PAGE - 1].id if len(found) > PAGE else None,
        asked={"cell": cell_id or "", "before": before or ""},
        cells=cells.all_cells(retired=True),
        **words(),
    )


def of_cell(cell_id: int, now: datetime) -> dict[str, Any]:
    """What the page of a cell shows of its upkeep."""
    return {"board": upkeep.board(now, [cell_id]), "done": upkeep.history([cell_id], limit=3), **words()}


def back_to(address: str) -> Response:
    return redirect(address, 303)
