"""What cells say of their jobs, acted upon: begun, how far, over. A cell that is down or silent ends nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.cells import Cell, Sighting
from webapp.extensions import db, transaction
from webapp.projects.ending import LONGEST_REASON, end
from webapp.projects.handing import confirm_start, is_about
from webapp.projects.locking import held
from webapp.projects.models import Project

LEAST = 0.01  # of progress: less is no news


@dataclass(frozen=True)
class _Word:
    """A cell's word about the project it holds."""

    project_id: int
    cell_id: int
    fence: int
    cell: str
    status: str
    progress: float | None
    job: dict[str, Any]


def heed_cells(now: datetime) -> None:
    """End what its cell says is over, start what it says it has, note how far it is. An older fence is not heard."""
    words = _words()
    for word in words:
        if word.status == "created":
            confirm_start(word.project_id, word.cell_id, word.fence, now)
        if word.job.get("outcome"):
            _end(word, now)
    _note([word for word in words if not word.job.get("outcome") and _moved(word)], now)


def _words() -> list[_Word]:
    columns = (Project.id, Cell.id, Project.fence, Cell.name, Project.status, Project.progress, Sighting.job)
    query = select(*columns).join(Cell, Cell.id == Project.cell_id).join(Sighting, Sighting.cell_id == Cell.id)
    going_on = query.where(Project.status.in_(("created", "running"))).order_by(Project.id)
    words = [_Word(*row) for row in db.session.execute(going_on) if row.job]
    return [word for word in words if is_about(word.job, word.project_id, word.fence)]


def _moved(word: _Word) -> bool:
    said = word.job.get("progress")
    return said is not None and (word.progress is None or abs(said - word.progress) >= LEAST - 1e-9)


def _end(word: _Word, now: datetime) -> None:
    """The cell keeps job and outcome until it is told to drop them: the stop is owed."""
    with transaction():
        project = held(word.project_id)
        if project.status == "running" and (project.cell_id, project.fence) == (word.cell_id, word.fence):
            reason = str(word.job.get("reason") or "")[:LONGEST_REASON]
            end(project, word.job["outcome"], f"cell:{word.cell}", reason, now)


def _note(words: list[_Word], now: datetime) -> None:
    if not words:
        return
    with transaction():
        for word in words:
            project = held(word.project_id)
            if project.status == "running" and (project.cell_id, project.fence) == (word.cell_id, word.fence):
                project.progress, project.progress_at = word.job["progress"], now
