"""Looking projects up: by status, time, person, cell and text; who is at work, and where."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, or_, select

from webapp.extensions import db
from webapp.lib.numbers import whole_in
from webapp.lib.window import Window
from webapp.people import User
from webapp.projects.models import ENDED, Project


@dataclass(frozen=True)
class Filters:
    """All optional. engineer: a username; cell_ids: it ran on one of these, None: wherever; text: part of its name, of
    a location, or its number, with or without P-."""

    status: str | None = None
    window: Window | None = None
    engineer: str | None = None
    cell_id: int | None = None
    cell_ids: Collection[int] | None = None
    text: str | None = None


@dataclass(frozen=True)
class Page:
    """next: the `after` of the page that follows; None on the last."""

    projects: list[Project]
    next: int | None


@dataclass(frozen=True)
class Ended:
    finished: int
    failed: int


def search(filters: Filters, limit: int = 100, after: int | None = None, newest_first: bool = False) -> Page:
    """Projects in the order of their numbers. after: the number to read on from, so that no page shifts while
    projects come in."""
    query = select(Project).where(*_conditions(filters))
    if newest_first:
        query = query.order_by(Project.id.desc()).where(*([Project.id < after] if after is not None else []))
    else:
        query = query.order_by(Project.id).where(*([Project.id > after] if after is not None else []))
    found = list(db.session.scalars(query.limit(limit + 1)))
    return Page(found[:limit], found[limit - 1].id if len(found) > limit else None)


def count(filters: Filters) -> int:
    """How many a search would find in all."""
    return db.session.scalar(select(func.count()).select_from(Project).where(*_conditions(filters))) or 0


def holders() -> dict[int, Project]:
    """cell id -> the project that holds it: being handed over, running, or ended and still within its grace."""
    going_on = Project.status.in_(("created", "running"))
    query = select(Project).where(Project.cell_id.is_not(None), or_(going_on, Project.release_at.is_not(None)))
    return {project.cell_id: project for project in db.session.scalars(query) if project.cell_id is not None}


def engineers_at_work() -> list[User]:
    """Whoever has a running project, each once, by username."""
    running = select(Project.created_by_id).where(Project.status == "running")
    return list(db.session.scalars(select(User).where(User.id.in_(running)).order_by(User.username)))


def authors() -> list[User]:
    """Whoever ever created a project, by username."""
    wrote = User.id.in_(select(Project.created_by_id))
    return list(db.session.scalars(select(User).where(wrote).order_by(User.username)))


def ids_of(user_id: int) -> list[int]:
    """The numbers of a person's own projects."""
    return list(db.session.scalars(select(Project.id).where(Project.created_by_id == user_id).order_by(Project.id)))


def numbered(ids: Collection[int]) -> list[Project]:
    """Those of these numbers that there are."""
    return list(db.session.scalars(select(Project).where(Project.id.in_(ids)))) if ids else []


def ended_in(window: Window, cell_ids: Collection[int] | None = None) -> Ended:
    """How many ended within the window, and how. cell_ids: on these cells only."""
    query = select(Project.status, func.count()).where(_within(Project.ended_at, window), *_on(cell_ids))
    found = dict(db.session.execute(query.group_by(Project.status)).all())
    return Ended(found.get("finished", 0), found.get("failure", 0))


def finished_at(window: Window, cell_ids: Collection[int] | None = None) -> list[datetime]:
    """When each project finished that did within the window, oldest first."""
    done = (Project.status == "finished", _within(Project.ended_at, window), *_on(cell_ids))
    return list(db.session.scalars(select(Project.ended_at).where(*done).order_by(Project.ended_at)))


def _on(cell_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [] if cell_ids is None else [Project.cell_id.in_(cell_ids)]


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.status is not None:
        found.append(Project.status == filters.status)
    if filters.window is not None:
        found.append(_in_window(filters.status, filters.window))
    if filters.engineer is not None:
        author = select(User.id).where(User.username == filters.engineer.strip().lower())
        found.append(Project.created_by_id == author.scalar_subquery())
    if filters.cell_id is not None:
        found.append(Project.cell_id == filters.cell_id)
    found += _on(filters.cell_ids)
    if filters.text:
        found.append(_speaks_of(filters.text.strip()))
    return found


def _in_window(status: str | None, window: Window) -> ColumnElement[bool]:
    """Ended: when it ended; created: when it was created; running: whether its run overlaps; none: its life does."""
    if status in ENDED:
        return _within(Project.ended_at, window)
    if status == "created":
        return _within(Project.created_at, window)
    return _overlaps(Project.started_at if status == "running" else Project.created_at, window)


Moment = SQLColumnExpression[datetime] | SQLColumnExpression[datetime | None]


def _within(column: Moment, window: Window) -> ColumnElement[bool]:
    return and_(column >= window.start, column < window.end)


def _overlaps(begun: Moment, window: Window) -> ColumnElement[bool]:
    """begun <= t < ended shares a moment with the window; what began and ended in one second is a moment, too."""
    goes_on = or_(Project.ended_at.is_(None), Project.ended_at > window.start)
    return and_(begun < window.end, or_(goes_on, begun >= window.start))


def _speaks_of(text: str) -> ColumnElement[bool]:
    number = whole_in(text.upper().removeprefix("P-"))
    by_number = [] if number is None else [Project.id == number]
    texts = (Project.name, Project.cad_model, Project.config)
    return or_(*by_number, *(func.lower(column).contains(text.lower(), autoescape=True) for column in texts))
