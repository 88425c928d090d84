"""The running board: what is wrong, then what runs, then what waits."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import journal, people, projects
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, polled
from webapp.lib.settings import settings
from webapp.projects import Board, Happening
from webapp.screens.at_work import held_by_jobs, job_rows, together, with_changes
from webapp.screens.going_back import came_from
from webapp.screens.narrowing import narrowing

bp = Blueprint("board", __name__)

#: How much of what happened meanwhile stands on the board.
WORST = 8


@bp.get("/board")
@may("see boards")
def show() -> str:
    now = utcnow()
    looked_at = _looked_at(now)
    shown = view("", now)
    since = _since(looked_at, shown["board"], now) if looked_at else None
    return render_template("board/show.html", narrowing=narrowing(), since=since, **shown)


@dataclass(frozen=True)
class Since:
    """What is told to somebody who is back: the worst of it, and how much there is."""

    looked_at: datetime
    happenings: list[Happening]
    count: int


def _looked_at(now: datetime) -> datetime | None:
    """For nobody there is no last time; whoever is here for the first time begins now."""
    if current_user.user is None:
        return None
    user_id = current_user.user.id
    found = people.looked_at(user_id, "board")
    if found is None:
        people.look(user_id, "board", now)
    return found or now


def _since(looked_at: datetime, board: Board, now: datetime) -> Since:
    found = projects.meanwhile(looked_at, now, board.queue, but_by=current_user.name)
    return Since(looked_at, found[:WORST], len(found))


@bp.post("/board/look")
@may("change own account")
def look() -> Response:
    if current_user.user:
        people.look(current_user.user.id, "board", utcnow())
    if request.headers.get("HX-Request"):
        return Response(status=204)
    return redirect(came_from() or url_for("board.show"), 303)


@bp.get("/board/part")
@may("see boards")
def part() -> Response:
    return polled("board")


def view(_: str, now: datetime) -> Picture:
    board = projects.board(now, settings().sample_every)
    jobs, changed = job_rows(board.standings, now), with_changes(board.changed)
    seen = repr((board.version, [row.painted for row in jobs], changed))
    return {
        "board": board,
        "running": together(board.running, jobs),
        "at_work": held_by_jobs(jobs),
        "changed": changed,
        "version": journal.digest(seen.encode())[:16],
        "as_of": board.as_of,
        "now": now,
    }


REGIONS = (Region("board", "see boards", "board/_part.html", view),)
