"""The running board: what is wrong, then what runs, then what waits."""

from flask import Blueprint, render_template, request

from webapp import projects
from webapp.lib.clock import iso, utcnow
from webapp.lib.guard import may
from webapp.lib.settings import settings

bp = Blueprint("board", __name__)


@bp.get("/board")
@may("see boards")
def show() -> str:
    now = utcnow()
    return render_template("board/show.html", board=projects.board(now, settings().sample_every), now=now)


@bp.get("/board/part")
@may("see boards")
def part() -> str | tuple[str, int, dict[str, str]]:
    now = utcnow()
    board = projects.board(now, settings().sample_every)
    if request.args.get("seen") == board.version:
        return "", 204, {"As-Of": iso(board.as_of) or ""}
    return render_template("board/_part.html", board=board, now=now)
