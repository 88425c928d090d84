"""The running board: what is wrong, then what runs, then what waits."""

from datetime import datetime

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from webapp import projects
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, polled
from webapp.lib.settings import settings

bp = Blueprint("board", __name__)


@bp.get("/board")
@may("see boards")
def show() -> str:
    return render_template("board/show.html", **view("", utcnow()))


@bp.get("/board/part")
@may("see boards")
def part() -> Response:
    return polled("board")


def view(_: str, now: datetime) -> Picture:
    board = projects.board(now, settings().sample_every)
    return {"board": board, "version": board.version, "as_of": board.as_of, "now": now}


REGIONS = (Region("board", "see boards", "board/_part.html", view),)
