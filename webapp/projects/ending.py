"""How projects end: finished or failed, by a person or their cell; undone within the grace; let go of afterwards."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from webapp import cells, journal, people
from webapp.cells import Cell, Claim
from webapp.extensions import db, transaction
from webapp.lib.refusal import Conflict, Invalid, NotAllowed, WrongState
from webapp.people import Caller
from webapp.projects.locking import held
from webapp.projects.models import Project
from webapp.projects.pace import learn
from webapp.projects.reasons import LOOKING
from webapp.projects.spec import refuse_if, short
from webapp.projects.telling import tell_owner

LONGEST_REASON = 300
NO_GRACE = timedelta(0)


def finish(
    project_id: int,
    by: Caller,
    now: datetime,
    undo: timedelta = NO_GRACE,
    reason: str = "",
    fence: int | None = None,
) -> Project:
    """End a running project well. See `fail` for undo and fence; of two at once one wins, the other gets WrongState."""
    return _end(project_id, "finished", by, now, undo, reason, fence)


def fail(
    project_id: int,
    by: Caller,
    now: datetime,
    reason: str,
    undo: timedelta = NO_GRACE,
    fence: int | None = None,
) -> Project:
    """End a project badly; one that does not run yet is withdrawn.

    undo: for so long the cell is kept and `undo_ending` takes it back; without, the cell is let go at once and told to
    stop. fence: of the claim the caller speaks of; a cell must send it, an older one is a Conflict and changes nothing.
    """
    return _end(project_id, "failure", by, now, undo, reason, fence)


def _end(
    project_id: int, status: str, by: Caller, now: datetime, undo: timedelta, reason: str, fence: int | None
) -> Project:
    line = " ".join(reason.split())
    refuse_if({"reason": says} if (says := short(line, LONGEST_REASON)) else {})
    with transaction():
        project = held(project_id)
        _require_hold(project, by, fence)
        end(project, status, _name(by), line, now, now + undo if undo else None)
    return project


def end(
    project: Project,
    status: str,
    by: str,
    reason: str,
    now: datetime,
    release_at: datetime | None = None,
    stop_owed: bool = True,
) -> None:
    """A move: end it in the transaction under way. release_at: until then its cell is kept and undoing is possible."""
    before = project.status
    project.end(status, by, reason, now, release_at)
    said = {"before": before, "after": status, "reason": reason, "cell_id": project.cell_id}
    journal.record(_verb(before, status), project.what, by, now, **said)
    people.untell(project.what, ("late", "started"))
    tell_owner(project, *_told(before, status, by, reason), by, now)
    if release_at is None:
        _let_go(project, now, stop_owed)
    if status == "finished":
        db.session.flush()
        learn(project.cell_id)


def undo_ending(project_id: int, by: Caller, now: datetime) -> Project:
    """Take back a finish or a failure, while its cell is still kept; raises WrongState after that."""
    with transaction():
        project = held(project_id)
        if not project.ended or project.release_at is None or project.release_at <= now:
            raise WrongState(f"{project.label} can no longer be taken back", status=project.status)
        was, cell_id = project.status, project.cell_id
        project.resume(now)
        if project.status == "created" and cell_id is None:
            project.wait(LOOKING)
        journal.record("took back ending", project.what, by.name, now, before=was, after=project.status)
        people.untell(project.what, ("finished", "failed"))
        if was == "finished":
            db.session.flush()
            learn(cell_id)
    return project


def release_ended(now: datetime) -> None:
    """Let go of the cells whose project ended and can no longer be taken back."""
    over = (Project.release_at.is_not(None), Project.release_at <= now)
    if db.session.scalar(select(Project.id).where(*over).limit(1)) is None:
        return
    with transaction():
        query = select(Project).where(*over).order_by(Project.id)
        for project in db.session.scalars(query.with_for_update(of=Project, skip_locked=True)).all():
            project.release_at = None
            _let_go(project, now, stop_owed=True)


def release_silent(project_id: int, by: Caller, now: datetime) -> Project:
    """A person lets go of a cell that does not say whether it started. The project waits for another; the cell, once
    it answers again, is told to stop, and takes no work for five minutes."""
    with transaction():
        project = held(project_id)
        if project.waiting_code != "cell_silent":
            raise WrongState(f"The cell of {project.label} is not silent about it", status=project.status)
        cell = db.session.get_one(Cell, project.cell_id)
        cells.keep_away(cell.id, now + timedelta(minutes=5), f"it was silent about {project.label}")
        db.session.flush()
        _let_go(project, now, stop_owed=True, why=f"silent, released by {by.name}")
        project.give_back(LOOKING, None)
        project.changed(now)
        journal.record("released silent cell", project.what, by.name, now, cell_id=cell.id, cell=cell.name)
    return project


def _let_go(project: Project, now: datetime, stop_owed: bool, why: str = "") -> None:
    if project.claim_id is not None:
        cells.release(db.session.get_one(Claim, project.claim_id), now, why or project.status, stop_owed=stop_owed)


def _require_hold(project: Project, by: Caller, fence: int | None) -> None:
    """A cell ends only what it holds, and says under which fence; a person may send one, too."""
    if by.cell_id is not None:
        if fence is None:
            raise Invalid(fence="must be sent by a cell: the one of the claim it speaks of")
        if project.cell_id != by.cell_id and not _once_held(project, by.cell_id):
            raise NotAllowed(f"{project.label} is not on this cell")
    if fence is not None and (fence != project.fence or by.cell_id not in (None, project.cell_id)):
        raise Conflict(f"{project.label} is held under a newer fence", fence=project.fence)


def _once_held(project: Project, cell_id: int) -> bool:
    return bool(db.session.scalar(select(exists().where(Claim.what == project.what, Claim.cell_id == cell_id))))


def _name(by: Caller) -> str:
    return by.name if by.cell_id is None else f"cell:{db.session.get_one(Cell, by.cell_id).name}"


def _verb(before: str, status: str) -> str:
    if status == "finished":
        return "finished project"
    return "withdrew project" if before == "created" else "failed project"


def _told(before: str, status: str, by: str, reason: str) -> tuple[str, str]:
    """What its owner is told: the kind of notice, and the words."""
    verb = {"finished": "finished", "withdrew": "was withdrawn", "failed": "failed"}[_verb(before, status).split()[0]]
    where = f" on {by.removeprefix('cell:')}" if by.startswith("cell:") else f", by {by}"
    return "finished" if status == "finished" else "failed", verb + where + (f": {reason}" if reason else "")
