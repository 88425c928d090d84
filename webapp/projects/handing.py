"""Handing projects to their cells. A cell is told outside any transaction; what it answered is written afterwards,
if the claim is still the one it was told under."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from webapp import cells, journal
from webapp.cells import Cell, Claim, Job, Told
from webapp.config import Network
from webapp.extensions import db, transaction
from webapp.projects import reasons
from webapp.projects.deciding import note_refused
from webapp.projects.dispatch import FACTORY
from webapp.projects.locking import held
from webapp.projects.models import Project
from webapp.projects.telling import tell_owner

Networks = tuple[Network, ...]

#: While one worker is at it, no other asks the same cell. Longer than asking and telling a cell may take.
LEASE = timedelta(seconds=10)
AT_ONCE = 100
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_SILENCE = timedelta(minutes=1)
LONGEST_REFUSAL = timedelta(minutes=5)


@dataclass(frozen=True)
class Errand:
    """A project on its way to a cell, free of the session."""

    claim_id: int
    cell_id: int
    job: Job
    tries: int  # how often the cell was told before


def start_dispatched(now: datetime, networks: Networks) -> None:
    """Tell each cell about the project it holds, and act on its answer: it takes it, it refuses, or it is silent.

    A refusal gives the cell back, with the reason. A silent cell may have started: it keeps its claim and is asked
    again, less and less often, until it says what it has or a person releases it. May run twice at once.
    """
    errands = _taken_up(now)
    for errand, told in zip(errands, tell(errands, networks), strict=True):
        settle(errand, told, now)


def job_of(project: Project) -> Job:
    """What its cell is told, with the values as they are now."""
    return Job(
        project_id=project.id,
        fence=project.fence or 0,
        cad_model=project.cad_model,
        config=project.config,
        parameters=project.given,
        expected_minutes=project.expected_minutes,
    )


def pause(times: int, longest: timedelta = LONGEST_REFUSAL) -> timedelta:
    """How long to leave a cell or a project alone: 5 s, then twice as long each time."""
    return min(FIRST_PAUSE * (1 << min(times, 10)), longest)


def _taken_up(now: datetime) -> list[Errand]:
    """Those that are due, leased to this worker."""
    due = or_(Project.hand_after.is_(None), Project.hand_after <= now)
    handed = (Project.status == "created", Project.cell_id.is_not(None), due)
    if db.session.scalar(select(Project.id).where(*handed).limit(1)) is None:
        return []
    with transaction():
        query = select(Project).where(*handed).order_by(Project.id).limit(AT_ONCE)
        projects = db.session.scalars(query.with_for_update(of=Project, skip_locked=True)).all()
        return [_errand(project, now) for project in projects]


def _errand(project: Project, now: datetime) -> Errand:
    errand = Errand(project.claim_id or 0, project.cell_id or 0, job_of(project), project.hand_tries)
    project.hand_after = now + LEASE
    project.hand_tries += 1
    return errand


def tell(errands: list[Errand], networks: Networks) -> list[Told]:
    """The cells' answers, in the same order. One told before is asked first: it may be running already."""
    asked = {e.claim_id: told for e, told in _asked([e for e in errands if e.tries], networks) if told is not None}
    rest = [errand for errand in errands if errand.claim_id not in asked]
    started = cells.start_jobs([(_cell(errand), errand.job) for errand in rest], networks) if rest else []
    answers = asked | {errand.claim_id: told for errand, told in zip(rest, started, strict=True)}
    return [answers[errand.claim_id] for errand in errands]


def _asked(errands: list[Errand], networks: Networks) -> list[tuple[Errand, Told | None]]:
    """What cells told before say they have; None where they answered and have not this job: it can be handed anew."""
    if not errands:
        return []
    answers = cells.ask_jobs([_cell(errand) for errand in errands], networks)
    return [(errand, _reading(errand, told)) for errand, told in zip(errands, answers, strict=True)]


def _reading(errand: Errand, told: Told) -> Told | None:
    if told.outcome == "silent":
        return told
    return told if told.job and is_about(told.job, errand.job.project_id, errand.job.fence) else None


def is_about(job: dict[str, object], project_id: int, fence: int) -> bool:
    """The job a cell speaks of is this one."""
    return job.get("project_id") == project_id and job.get("fence") == fence


def _cell(errand: Errand) -> Cell:
    return cells.one(errand.cell_id)


def settle(errand: Errand, told: Told, now: datetime) -> None:
    """Write down what the cell answered. Where the project was ended or released meanwhile it changes nothing: the
    claim it was told under is closed, and the cell is told to stop because of that."""
    with transaction():
        project = held(errand.job.project_id)
        if project.status != "created" or project.claim_id != errand.claim_id:
            return
        if told.outcome == "taken":
            _started(project, told, now)
            project.offer = "owed" if project.given != dict(errand.job.parameters) else None
        elif told.outcome == "refused":
            _refused(project, told.why, now)
        else:
            _silent(project, told.why, errand.tries, now)


def confirm_start(project_id: int, cell_id: int, fence: int, now: datetime) -> None:
    """A cell said by itself that it has this project's job. Another cell or an older fence changes nothing."""
    with transaction():
        project = held(project_id)
        if project.status == "created" and (project.cell_id, project.fence) == (cell_id, fence):
            _started(project, Told("taken"), now)


def _started(project: Project, told: Told, now: datetime) -> None:
    project.start(now)
    said = {"cell_id": project.cell_id, "cell": _name(project), "fence": project.fence}
    journal.record("started project", project.what, FACTORY, now, **said, **({"why": told.why} if told.why else {}))
    tell_owner(project, "started", f"has started on {said['cell']}", FACTORY, now)


def _refused(project: Project, why: str, now: datetime) -> None:
    """The cell is left alone for a while, so that other projects do not run into the same; the project is tried
    elsewhere at once the first time, then after a while."""
    cell_id, name = project.cell_id or 0, _name(project)
    project.refusals += 1
    # The cell's row before the claim's: whoever places a project takes them in this order, too.
    cells.keep_away(cell_id, now + pause(_refusals_in_a_row(cell_id)), why)
    db.session.flush()
    cells.release(db.session.get_one(Claim, project.claim_id), now, f"refused: {why}", stop_owed=False)
    again = now + pause(project.refusals - 2) if project.refusals > 1 else None
    project.give_back(reasons.refused(name, why, project.refusals, cell_id), again)
    note_refused(project, cell_id, name, why, now)
    journal.record("cell refused project", project.what, f"cell:{name}", now, cell_id=cell_id, cell=name, why=why)


def _refusals_in_a_row(cell_id: int) -> int:
    """How often the cell refused since it last took something."""
    newest = select(Claim.why).where(Claim.cell_id == cell_id, Claim.closed.is_not(None)).order_by(Claim.opened.desc())
    whys = db.session.scalars(newest.limit(8)).all()
    return next((n for n, why in enumerate(whys) if not why.startswith("refused")), len(whys))


def _silent(project: Project, why: str, tries: int, now: datetime) -> None:
    if project.waiting_code != "cell_silent":
        said = {"cell_id": project.cell_id, "cell": _name(project), "why": why}
        journal.record("cell silent about project", project.what, FACTORY, now, **said)
    project.wait(reasons.cell_silent(_name(project), why, project.cell_id or 0))
    project.hand_after = now + pause(tries, LONGEST_SILENCE)


def _name(project: Project) -> str:
    return db.session.get_one(Cell, project.cell_id).name
