"""The running board: what is wrong, what runs, what waits, what just changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select

from webapp import cells, journal
from webapp.cells import Cell, Floor, Standing
from webapp.extensions import db
from webapp.journal import Entry
from webapp.lib.clock import epoch, moment
from webapp.projects.estimating import UNKNOWN, Prediction
from webapp.projects.forecast import QueueItem, forecast_in, queue_with
from webapp.projects.models import Project
from webapp.projects.scene import scene_of
from webapp.projects.search import holders

#: In the order of the board: what needs somebody first.
STATES = ("down", "unknown", "maintenance", "setup", "idle", "running")
CHANGES = 8
FINISH_STEP = 300  # seconds: rows that end within the same five minutes keep their order


@dataclass(frozen=True)
class Attention:
    """Something wrong: the cell, its state, why, what it holds up, since when, and the act that helps.

    state: a cell's state, or "silent" where a cell does not say whether it started; help: the act as a button says it.
    """

    cell: Cell
    state: str
    why: str
    project: Project | None
    since: datetime
    help: str


@dataclass(frozen=True)
class Row:
    """A running project. finish None: not known; overdue: it takes longer than predicted and may end at any moment."""

    project: Project
    cell: Cell
    standing: Standing | None
    started_at: datetime
    progress: float | None
    prediction: Prediction
    overdue: bool

    @property
    def state(self) -> str:
        return self.standing.state if self.standing else "unknown"

    @property
    def finish(self) -> datetime | None:
        return self.prediction.end


@dataclass(frozen=True)
class Change:
    """state: the glyph beside it, a state of a cell or a status of a project."""

    at: datetime
    state: str
    title: str
    note: str = ""
    project_id: int | None = None
    cell_id: int | None = None


@dataclass(frozen=True)
class Board:
    """version: of all that is painted except as_of and how long things have lasted, which the page counts itself."""

    version: str
    as_of: datetime
    period: int
    tally: dict[str, int]
    attention: list[Attention]
    running: list[Row]
    queue: list[QueueItem]
    changed: list[Change]

    @property
    def oldest_wait(self) -> timedelta | None:
        return max((item.waited for item in self.queue), default=None)


def board(now: datetime, period: int) -> Board:
    """period: seconds between two samples."""
    floor = cells.floor(now, period)
    standing = {tile.cell.id: tile.standing for tile in floor.tiles}
    predictions = forecast_in(scene_of(standing.values(), now, period), now)
    held = holders()
    tally = {state: sum(s.state == state for s in standing.values()) for state in STATES}
    parts = (
        tally,
        _attention(standing, held),
        _rows(standing, predictions, now),
        queue_with(predictions, now),
        _changed(floor),
    )
    return Board(_version(*parts), floor.as_of, period, *parts)


def _attention(standings: dict[int, Standing], held: dict[int, Project]) -> list[Attention]:
    """By urgency, then by the cell's name: a row keeps its place while it is there."""
    found = [
        item
        for cell_id, standing in standings.items()
        if (item := _silent(standing, held.get(cell_id)) or _unwell(standing, held.get(cell_id)))
    ]
    return sorted(found, key=lambda item: (URGENCY.index(item.state), item.cell.name))


URGENCY = ("down", "unknown", "silent", "maintenance")
SAYS = {"down": "Stopped", "unknown": "No status received", "maintenance": "In maintenance"}


def _silent(standing: Standing, project: Project | None) -> Attention | None:
    if project is None or project.waiting_code != "cell_silent" or standing.claim is None:
        return None
    says, reason = project.waiting_message or "", project.waiting
    return Attention(standing.cell, "silent", says, project, standing.claim.opened, reason.help if reason else "")


def _unwell(standing: Standing, project: Project | None) -> Attention | None:
    if standing.state not in SAYS:
        return None
    why = (standing.fault if standing.state == "unknown" else standing.detail) or SAYS[standing.state]
    return Attention(standing.cell, standing.state, why, project, standing.since, "Open cell")


def _rows(standings: dict[int, Standing], predictions: dict[int, Prediction], now: datetime) -> list[Row]:
    """Soonest finish first, unknown ones last; those that end about the same time by number."""
    running = select(Project, Cell).join(Cell, Cell.id == Project.cell_id).where(Project.status == "running")
    rows = [
        _row(project, cell, standings.get(cell.id), predictions.get(project.id, UNKNOWN), now)
        for project, cell in db.session.execute(running)
    ]
    return sorted(rows, key=_place)


def _row(project: Project, cell: Cell, standing: Standing | None, prediction: Prediction, now: datetime) -> Row:
    overdue = prediction.end is not None and prediction.end < now + timedelta(minutes=1)
    started = project.started_at or project.created_at
    return Row(project, cell, standing, started, project.progress, prediction, overdue)


def _place(row: Row) -> tuple[bool, int, int]:
    finish = 0 if row.overdue or row.finish is None else epoch(row.finish) // FINISH_STEP
    return row.finish is None, finish, row.project.id


def _changed(floor: Floor) -> list[Change]:
    """What happened last: to projects as the journal tells it, to cells as they said."""
    names = {tile.cell.id: tile.cell.name for tile in floor.tiles}
    told = [change for entry in journal.recent(kind="project", limit=3 * CHANGES) if (change := _told(entry, names))]
    seen = [change for tile in floor.tiles if (change := _seen(tile.standing))]
    return list(islice(sorted([*told, *seen], key=lambda c: (c.at, c.title), reverse=True), CHANGES))


#: verb -> (glyph, title): C is the cell, P the project.
TOLD = {
    "created project": ("created", "{p} created"),
    "started project": ("running", "{c} started {p}"),
    "finished project": ("finished", "{p} finished on {c}"),
    "failed project": ("failure", "{p} failed on {c}"),
    "withdrew project": ("failure", "{p} withdrawn"),
    "took back ending": ("running", "{p} goes on"),
    "cell refused project": ("created", "{c} refused {p}"),
    "cell silent about project": ("unknown", "{c} is silent about {p}"),
    "released silent cell": ("created", "{c} let go by {by}"),
}
SEEN = {
    "down": "{c} went down",
    "unknown": "{c} stopped reporting",
    "maintenance": "{c} went into maintenance",
    "setup": "{c} started setup",
}


def _told(entry: Entry, names: dict[int, str]) -> Change | None:
    if entry.verb not in TOLD:
        return None
    glyph, title = TOLD[entry.verb]
    number, cell_id = int(entry.subject.partition(":")[2]), entry.details.get("cell_id") or 0
    words = {"p": f"P-{number}", "c": entry.details.get("cell") or names.get(cell_id, "its cell"), "by": entry.by}
    note = entry.details.get("why") or entry.details.get("reason") or ("" if entry.by == "the factory" else entry.by)
    return Change(entry.at, glyph, title.format(**words), str(note), number, cell_id or None)


def _seen(standing: Standing) -> Change | None:
    if standing.state not in SEEN or standing.seen is None:
        return None
    title = SEEN[standing.state].format(c=standing.cell.name)
    note = standing.fault if standing.state == "unknown" else standing.detail
    return Change(moment(epoch(standing.since)), standing.state, title, note, None, standing.cell.id)


def _version(
    tally: dict[str, int],
    attention: list[Attention],
    running: list[Row],
    queue: list[QueueItem],
    changed: list[Change],
) -> str:
    painted = (
        tally,
        [(a.cell.id, a.state, a.why, a.since, _project(a.project)) for a in attention],
        [_painted(row) for row in running],
        [(_project(item.project), item.reason, item.prediction, item.cell_id) for item in queue],
        changed,
    )
    return journal.digest(repr(painted).encode())[:16]


def _painted(row: Row) -> tuple[object, ...]:
    standing = row.standing and (row.standing.state, row.standing.detail)
    return (_project(row.project), row.cell.name, standing, row.progress, row.overdue or row.prediction)


def _project(project: Project | None) -> tuple[object, ...]:
    return (project.id, project.name, project.created_by.full_name, project.offer) if project else ()
