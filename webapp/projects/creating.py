"""A project is born, and gets a cell at once where one is free."""

from datetime import datetime

from webapp import journal
from webapp.cells import Cell
from webapp.extensions import db, transaction
from webapp.lib.clock import whole
from webapp.lib.refusal import NotAllowed
from webapp.people import Caller
from webapp.projects.dispatch import place, waiting_turns
from webapp.projects.models import Project
from webapp.projects.parameters import parameters
from webapp.projects.reasons import LOOKING
from webapp.projects.rules import Scene
from webapp.projects.scene import look
from webapp.projects.spec import LARGEST_ID, ProjectSpec
from webapp.projects.turns import Turn, ahead_of, leave_to


def create(spec: ProjectSpec, by: Caller, now: datetime, period: int) -> Project:
    """Store it, and place it at once: then it has a cell, or says why it waits. Raises Invalid naming each field.

    Who waited before keeps the turn: a free cell that one of them would get is not taken. period: seconds between
    two samples.
    """
    with transaction():
        spec.check(parameters(), requested_cell(spec), now)
        project = _written(spec, by, now)
        journal.record("created project", project.what, by.name, now, **_told(project))
        place(project, scene_behind(turn_of(project), now, period), now)
    return project


def requested_cell(spec: ProjectSpec) -> Cell | None:
    asked: object = spec.requested_cell_id
    if not isinstance(asked, int) or isinstance(asked, bool) or not 0 < asked <= LARGEST_ID:
        return None
    return db.session.get(Cell, asked)


def turn_of(project: Project) -> Turn:
    return Turn(project.id, project.priority, project.created_at, project.ask)


def scene_behind(mine: Turn, now: datetime, period: int) -> Scene:
    """All cells as they are left by those whose turn comes first."""
    scene = look(now, period)
    if scene.find(mine.ask).best is not None:
        leave_to(ahead_of(mine, waiting_turns(now)), scene)
    return scene


def _written(spec: ProjectSpec, by: Caller, now: datetime) -> Project:
    if by.user is None:
        raise NotAllowed("Only a person creates projects")
    project = Project(
        name=spec.name.strip(),
        cad_model=spec.cad_model,
        config=spec.config,
        **dict(spec.parameters),
        status="created",
        created_by_id=by.user.id,
        created_at=whole(now),
        updated_at=whole(now),
        cell_kind=spec.cell_kind or None,
        tags=list(dict.fromkeys(spec.tags)),
        requested_cell_id=spec.requested_cell_id,
        priority=spec.priority,
        expected_minutes=spec.expected_minutes,
    )
    project.wait(LOOKING)
    db.session.add(project)
    db.session.flush()
    return project


def _told(project: Project) -> dict[str, object]:
    """What the journal keeps of how it began."""
    asks = ("name", "cad_model", "config", "cell_kind", "tags", "requested_cell_id", "priority", "expected_minutes")
    given = {name: getattr(project, name) for name in asks if getattr(project, name) not in (None, "", [])}
    return given | {"parameters": project.given}
