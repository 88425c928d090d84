"""A small shop for the tests of projects: cells that stand somehow, people who ask, and the round that moves things."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests import world
from tests.world import NOW, make_person
from webapp import cells, people, projects
from webapp.cells import Cell, Sighting
from webapp.extensions import db, transaction
from webapp.people import Caller, User
from webapp.projects import Project, ProjectSpec

PERIOD = 3600  # what cells said stays good for three hours, so that a test may let time pass
CAD, CONFIG = "s3:plant-models/housing_r4.step", "s3:plant-models/config.yml"


def later(**length: float) -> datetime:
    return NOW + timedelta(**length)


def person(username: str = "ada") -> Caller:
    """Somebody of the cast, hired when first asked for."""
    user = db.session.scalar(select(User).where(User.username == username))
    return people.caller(user or make_person(username))


def make_cell(name: str = "C01", state: str = "idle", *, hall: Any = None, **given: Any) -> Cell:
    """A cell that has been in this state for an hour. hall: the machines one of which it is, by its number."""
    way = {"address": hall.address(int(name[1:])), "networks": hall.networks} if hall else {}
    since = given.pop("since", later(hours=-1))
    cell: Cell = world.make_cell(name, **way, **given)
    show(cell, state, since=since)
    return cell


def show(cell: Cell, state: str, *, at: datetime = NOW, since: datetime | None = None, **said: Any) -> None:
    """It says that it is in this state. said: detail, job."""
    with transaction():
        row = db.session.get(Sighting, cell.id) or Sighting(cell_id=cell.id)
        row.state, row.since, row.silent_since = state, since or later(hours=-1), at
        row.detail, row.job, row.fault = said.get("detail", ""), said.get("job"), ""
        db.session.add(row)


def a_spec(**given: Any) -> ProjectSpec:
    return ProjectSpec(**{"cad_model": CAD, "config": CONFIG, **given})


def make_project(*, by: str = "ada", now: datetime = NOW, **given: Any) -> Project:
    return projects.create(a_spec(**given), person(by), now, PERIOD)


def make_running(*, now: datetime = NOW, **given: Any) -> Project:
    """A project that its cell took. There must be a free one."""
    project = make_project(now=now, **given)
    projects.confirm_start(project.id, project.cell_id or 0, project.fence or 0, now)
    return projects.one(project.id)


def sweep(now: datetime = NOW) -> None:
    projects.dispatch_waiting(now, PERIOD)


def read(project: Project) -> Project:
    """As the database has it."""
    db.session.rollback()
    return projects.one(project.id)


def claims_of(project: Project) -> list[tuple[str, bool]]:
    """(cell, whether it is open), oldest first."""
    rows = select(Cell.name, cells.Claim.closed).join(Cell, Cell.id == cells.Claim.cell_id)
    found = db.session.execute(rows.where(cells.Claim.what == project.what).order_by(cells.Claim.id))
    return [(name, closed is None) for name, closed in found]
