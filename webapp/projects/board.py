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
from webapp.projects.attention import URGENCY, Attention, needing, painted_project
from webapp.projects.estimating import UNKNOWN, Paces, Prediction
from webapp.projects.forecast import QueueItem, forecast_in, learned, queue_with
from webapp.projects.models import Project
from webapp.projects.scene import scene_of
from webapp.projects.search import holders

#: In the order of the board: what needs somebody first.
STATES = ("down", "unknown", "maintenance", "setup", "idle", "running")
CHANGES = 8


@dataclass(frozen=True)
class Row:
    """A running project. finish None: not known; overdue: it takes longer than predicted and may end at any moment.

    planned: its end as it was to be foreseen when it started. It does not move with progress, so that rows keep
    their places while nothing begins or ends.
    """

    project: Project
    cell: Cell
    standing: Standing | None
    started_at: datetime
    progress: float | None
    prediction: Prediction
    overdue: bool
    planned: datetime | None

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
    standings: list[Standing]
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
        list(standing.values()),
        needing(standing, held, cells.open_stops(now)),
        _rows(standing, predictions, now),
        queue_with(predictions, now),
        _changed(floor),
    )
    return Board(_version(*parts), floor.as_of, period, *parts)


def _rows(standings: dict[int, Standing], predictions: dict[int, Prediction], now: datetime) -> list[Row]:
    """What is down or unknown first, then by planned end, those without one last."""
    running = select(Project, Cell).join(Cell, Cell.id == Project.cell_id).where(Project.status == "running")
    paces = learned()
    rows = [
        _row(project, cell, standings.get(cell.id), predictions.get(project.id, UNKNOWN), paces, now)
        for project, cell in db.session.execute(running)
    ]
    return sorted(rows, key=_place)


def _row(
    project: Project, cell: Cell, standing: Standing | None, prediction: Prediction, paces: Paces, now: datetime
) -> Row:
    overdue = prediction.end is not None and prediction.end < now + timedelta(minutes=1)
    started = project.started_at or project.created_at
    length = paces.length(cell.id, project.expected_minutes)
    planned = started + timedelta(seconds=length.mid) if length else None
    return Row(project, cell, standing, started, project.progress, prediction, overdue, planned)


def _place(row: Row) -> tuple[int, bool, int, int]:
    urgency = URGENCY.index(row.state) if row.state in ("down", "unknown") else len(URGENCY)
    return urgency, row.planned is None, epoch(row.planned) if row.planned else 0, row.project.id


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
    standings: list[Standing],
    attention: list[Attention],
    running: list[Row],
    queue: list[QueueItem],
    changed: list[Change],
) -> str:
    painted = (
        tally,
        [_marked(standing.cell, standing.state) for standing in standings],
        [item.painted for item in attention],
        [_painted(row) for row in running],
        [(painted_project(item.project), item.reason, item.prediction, item.cell_id) for item in queue],
        changed,
    )
    return journal.digest(repr(painted).encode())[:16]


def _marked(cell: Cell, state: str) -> tuple[object, ...]:
    """By what a board can be narrowed."""
    return (cell.id, cell.name, cell.kind, cell.site_id, cell.tags, state)


def _painted(row: Row) -> tuple[object, ...]:
    standing = row.standing and (row.standing.state, row.standing.detail, row.standing.heard_last)
    return (painted_project(row.project), row.cell.name, standing, row.progress, row.overdue or row.prediction)
