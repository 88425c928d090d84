"""The running board on the wall: what is wrong, then what runs, eight to a page; below, how many are free and wait."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template, request
from werkzeug.wrappers import Response

from webapp import cells, journal, projects
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, polled
from webapp.lib.settings import settings
from webapp.projects import Attention, Row
from webapp.screens.at_work import JobRow, job_rows, together
from webapp.screens.filters import basename
from webapp.screens.walls.door import bp
from webapp.screens.walls.frame import frame, page_asked, site_asked, site_of, where
from webapp.screens.walls.sheets import sheets
from webapp.screens.walls.turns import page_now

#: What a wall shouts about; maintenance is by plan and is counted in the foot.
LOUD = ("down", "unknown", "silent")
#: How long a stop that nobody has acknowledged keeps a wall from turning to anything else: by then whoever is in the
#: hall has seen it, and it stays on top of the board.
ALARM = timedelta(minutes=30)


@dataclass(frozen=True)
class Alert:
    """alarm: it is new and nobody has said that they come."""

    name: str
    state: str
    why: str
    since: datetime
    alarm: bool


@dataclass(frozen=True)
class Line:
    """A running project or operation. engineer: of an operation what it is for. said: in place of a bar, where it tells
    no progress or is only being made ready."""

    cell: str
    state: str
    label: str
    name: str
    engineer: str
    started: datetime
    progress: float | None
    said: str


@bp.get("/board")
@may("see walls")
def show_board() -> str:
    now, site = utcnow(), site_asked()
    picture = view(str(site or ""), now)
    picture["page"] = page_asked(picture["pages"]) or picture["page"]
    return render_template("wall/board.html", frame=frame(site, now), pinned=request.args.get("page"), **picture)


@bp.get("/board/part")
@may("see walls")
def board_part() -> Response:
    site = site_asked()
    return polled(f"wall-board:{site}" if site else "wall-board")


def view(subject: str, now: datetime) -> Picture:
    """Of the cells of a site, or of all where subject is "": every page, and whose turn it is."""
    site = site_of(subject) if subject else None
    board = projects.board(now, settings().sample_every)
    ours = {standing.cell.id for standing in board.standings if site is None or standing.cell.site_id == site.id}
    attended = _attended(now)
    alerts = [_alert(a, attended, now) for a in board.attention if a.cell.id in ours and a.state in LOUD]
    running = together(board.running, job_rows(board.standings, now))
    lines = [_line(row) for row in running if row.cell.id in ours and row.state not in LOUD]
    pages = sheets(alerts, lines)
    painted = {
        "where": where(site),
        "sheets": pages,
        "tally": Counter(s.state for s in board.standings if s.cell.id in ours),
        "queued": len(board.queue),
        "waiting_since": min((item.project.created_at for item in board.queue), default=None),
    }
    version = journal.digest(repr(painted).encode())[:16]
    turn = {"subject": subject, "pages": len(pages), "page": page_now(len(pages), now)}
    return painted | turn | {"version": version, "as_of": board.as_of}


def _attended(now: datetime) -> set[int]:
    """The cells to which somebody is on the way."""
    return {cell_id for cell_id, stop in cells.open_stops(now).items() if stop.acknowledged_at}


def _alert(item: Attention, attended: set[int], now: datetime) -> Alert:
    alarm = item.state != "silent" and item.cell.id not in attended and now - item.since < ALARM
    return Alert(item.cell.name, item.state, item.why, item.since, alarm)


SAYS = {"setup": "Setting up", "running": "Running", "idle": "Waiting", "maintenance": "In maintenance"}


def _line(row: Row | JobRow) -> Line:
    said = SAYS.get(row.state, row.state.capitalize())
    if isinstance(row, JobRow):
        job = row.job
        return Line(row.cell.name, row.state, job.label, job.name, job.product, row.started, None, said)
    project, engineer = row.project, row.project.created_by
    name = project.name or basename(project.cad_model).rpartition(".")[0] or basename(project.cad_model)
    progress = None if row.state == "setup" else row.progress
    who = (engineer.last_name or engineer.full_name, row.started_at, progress)
    return Line(row.cell.name, row.state, project.label, name, *who, said)


REGION = Region("wall-board", "see walls", "wall/_board.html", view, heeds=("board", "floor", "queue", "attention"))
