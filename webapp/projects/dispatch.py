"""Finding a cell for what waits. The claim is made in the database: whoever asks at the same moment, one gets it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from webapp import cells, journal
from webapp.cells import Cell
from webapp.extensions import db, transaction
from webapp.lib.clock import whole
from webapp.projects.deciding import again, digest_of, last_digests, note_placed, note_waiting
from webapp.projects.models import Project
from webapp.projects.rules import Ask, Candidate, Found, Scene
from webapp.projects.scene import look
from webapp.projects.turns import Turn, in_order

FACTORY = "the factory"


def dispatch_waiting(now: datetime, period: int) -> None:
    """Place each waiting project, by priority and age (turns.py); each attempt leaves a Decision.

    One short transaction per project that gets a cell or a new reason; one for all others together, which only
    counts that nothing changed. period: seconds between two samples.
    """
    queue = waiting_turns(now)
    if not queue:
        return
    scene = look(now, period)
    known = _known([turn.project_id for turn in queue])
    unchanged = [said.decision_id for turn in queue if (said := _stays(turn, scene, known, now)) is not None]
    if unchanged:
        with transaction():
            again(unchanged, now)


def waiting_turns(now: datetime) -> list[Turn]:
    """Every project a cell is looked for now, in order: without those that were refused and wait a little."""
    due = or_(Project.hand_after.is_(None), Project.hand_after <= now)
    return in_order(all_turns(due))


def all_turns(*conditions: object) -> list[Turn]:
    """Every waiting project's turn, in no order."""
    asked = select(
        Project.id,
        Project.priority,
        Project.created_at,
        Project.cell_kind,
        Project.tags,
        Project.requested_cell_id,
        Project.expected_minutes,
    ).where(Project.status == "created", Project.cell_id.is_(None), *conditions)  # type: ignore[arg-type]
    return [
        Turn(id, priority, created_at, Ask(kind, frozenset(tags), requested, minutes or 0))
        for id, priority, created_at, kind, tags, requested, minutes in db.session.execute(asked)
    ]


def place(project: Project, scene: Scene, now: datetime) -> bool:
    """Claim the best fit cell, or write down why it waits. A move: inside the caller's transaction.

    A claim lost to somebody else is not the end: the next best is tried.
    """
    while (cell := (found := scene.find(project.ask)).best) is not None:
        if _claimed(project, cell, found, now):
            scene.take(cell.cell_id, f"{project.label} has it")
            return True
        scene.take(cell.cell_id, "It was taken just now")
    project.wait(found.reason)
    note_waiting(project, found, now)
    return False


def _claimed(project: Project, cell: Candidate, found: Found, now: datetime) -> bool:
    claim = cells.claim(db.session.get_one(Cell, cell.cell_id), project.what, now)
    if claim is None:
        return False
    project.hand_to(claim)
    project.updated_at = whole(now)
    note_placed(project, found, cell, now)
    told = {"cell_id": cell.cell_id, "cell": cell.name, "fence": claim.fence}
    journal.record("placed project", project.what, FACTORY, now, **told)
    return True


@dataclass(frozen=True)
class _Said:
    """What a project's row and its last decision say by now."""

    decision_id: int
    digest: str
    message: str | None


def _known(project_ids: list[int]) -> dict[int, _Said]:
    rows = select(Project.id, Project.waiting_message).where(Project.id.in_(project_ids))
    messages = dict(db.session.execute(rows).all())
    return {id: _Said(last, digest, messages.get(id)) for id, (last, digest) in last_digests(project_ids).items()}


def _stays(turn: Turn, scene: Scene, known: dict[int, _Said], now: datetime) -> _Said | None:
    """What is already said of a project for which nothing changed; else the attempt is made and nothing returned."""
    said, found = known.get(turn.project_id), scene.find(turn.ask)
    if said and not found.best and (said.digest, said.message) == (digest_of("waiting", found), found.reason.message):
        return said
    _attempt(turn.project_id, scene, now)
    return None


def _attempt(project_id: int, scene: Scene, now: datetime) -> None:
    """In its own transaction. Another dispatcher at the same project: it is left to that one."""
    with transaction():
        mine = select(Project).where(Project.id == project_id, Project.status == "created", Project.cell_id.is_(None))
        project = db.session.scalar(mine.with_for_update(of=Project, skip_locked=True))
        if project is not None:
            place(project, scene, now)
