"""Changed x-values of a running project: offered to its cell until the cell says whether it took them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from webapp import cells, journal
from webapp.cells import Cell, Job, Told
from webapp.extensions import db, transaction
from webapp.projects.handing import AT_ONCE, LEASE, Networks, job_of
from webapp.projects.locking import held
from webapp.projects.models import Project


@dataclass(frozen=True)
class _Offer:
    cell_id: int
    job: Job


def offer_values(now: datetime, networks: Networks) -> None:
    """Offer each owed change to its cell; `offer` then says taken or refused. A silent cell is asked again."""
    offers = _taken_up(now)
    if not offers:
        return
    answers = cells.change_jobs([(cells.one(offer.cell_id), offer.job) for offer in offers], networks)
    for offer, told in zip(offers, answers, strict=True):
        _settle(offer, told, now)


def _taken_up(now: datetime) -> list[_Offer]:
    due = or_(Project.offer_after.is_(None), Project.offer_after <= now)
    owed = (Project.offer == "owed", Project.status == "running", due)
    if db.session.scalar(select(Project.id).where(*owed).limit(1)) is None:
        return []
    with transaction():
        query = select(Project).where(*owed).order_by(Project.id).limit(AT_ONCE)
        projects = db.session.scalars(query.with_for_update(of=Project, skip_locked=True)).all()
        for project in projects:
            project.offer_after = now + LEASE
        return [_Offer(project.cell_id or 0, job_of(project)) for project in projects]


def _settle(offer: _Offer, told: Told, now: datetime) -> None:
    """Silent: owed as before, after the lease. Changed once more meanwhile: offered once more."""
    if told.outcome == "silent":
        return
    with transaction():
        project = held(offer.job.project_id)
        if project.status != "running" or project.fence != offer.job.fence:
            return
        if project.given != dict(offer.job.parameters):
            project.offer_after = None
            return
        project.offer, project.offer_after = told.outcome, None
        name = db.session.get_one(Cell, offer.cell_id).name
        verb = "cell took values" if told.outcome == "taken" else "cell refused values"
        journal.record(verb, project.what, f"cell:{name}", now, cell_id=offer.cell_id, cell=name, why=told.why)
