"""Projects that take notably longer than their owners expected: who ought to know, and how often."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import log2

from sqlalchemy import select

from webapp import people
from webapp.extensions import db, transaction
from webapp.projects.estimating import TELLING, Paces, Run, ends_of
from webapp.projects.forecast import learned
from webapp.projects.models import Project
from webapp.projects.telling import quiet_zone

#: Late by less is within what anybody expects.
LEAST = timedelta(minutes=10)
SHARE = 0.25


def tell_late(now: datetime) -> None:
    """Owners of late projects are told once, and again each time it has doubled. Only what somebody expected can be
    late: a project without an expected length never is."""
    paces = learned()
    late = [(run, overrun) for run in _expected() if (overrun := overrun_of(run, paces, now))]
    if not late:
        return
    with transaction():
        for run, overrun in late:
            _tell(db.session.get_one(Project, run.project_id), run, overrun, now)


def overrun_of(run: Run, paces: Paces, now: datetime) -> timedelta | None:
    """By how much it takes longer than expected, where that is worth a word: by its own progress once that tells
    enough; before that only time that has passed already counts."""
    ends = ends_of(run, paces, now)
    if ends is None or run.started_at is None or run.expected_minutes is None:
        return None
    overrun = ends.mid - (run.started_at + _length(run))
    return overrun if overrun >= _margin(run) else None


def degree(run: Run, overrun: timedelta) -> int:
    """0 from where it is worth a word, 1 from twice that, 2 from four times…"""
    return int(log2(overrun / _margin(run)))


def _tell(project: Project, run: Run, overrun: timedelta, now: datetime) -> None:
    this, before = degree(run, overrun), people.keys_told(project.what, "late")
    if this > max((int(key.rpartition(":")[2]) for key in before), default=-1):
        words = f"{project.label} {project.title} {_says(run, overrun)}"
        people.tell(
            project.created_by_id, f"{project.what}:late:{this}", project.what, "late", words, now, quiet_zone()
        )


def _says(run: Run, overrun: timedelta) -> str:
    foreseen = run.progress is not None and run.progress >= TELLING
    verb = "will take about" if foreseen else "has taken"
    return f"{verb} {_minutes(overrun)} longer than the {_minutes(_length(run))} you expected"


def _minutes(time: timedelta) -> str:
    hours, minutes = divmod(round(time.total_seconds() / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def _length(run: Run) -> timedelta:
    return timedelta(minutes=run.expected_minutes or 0)


def _margin(run: Run) -> timedelta:
    return max(LEAST, _length(run) * SHARE)


def _expected() -> Sequence[Run]:
    columns = (Project.id, Project.cell_id, Project.started_at, Project.expected_minutes)
    query = select(*columns, Project.progress, Project.progress_at).where(Project.status == "running")
    rows = db.session.execute(query.where(Project.expected_minutes.is_not(None), Project.cell_id.is_not(None)))
    return [Run(*row) for row in rows]  # type: ignore[arg-type]
