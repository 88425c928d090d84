"""Looking issues up."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import undefer

from webapp.extensions import db
from webapp.issues.models import SEVERITIES, Issue, Link, Photo
from webapp.lib.refusal import NotFound
from webapp.lib.window import Window

#: The worst first.
RANK = case({word: rank for rank, word in enumerate(SEVERITIES)}, value=Issue.severity)


@dataclass(frozen=True)
class IssueFilters:
    """All optional. window: reported within it; status: "open", "closed"; owner: a username."""

    status: str = ""
    severity: str = ""
    cell_id: int | None = None
    owner: str = ""
    window: Window | None = None


@dataclass(frozen=True)
class Tally:
    """How many are open, how many of them nobody has, and how many of those stop a cell."""

    open: int
    unowned: int
    unowned_stops: int


def one_issue(issue_id: int) -> Issue:
    """Raises NotFound."""
    found = db.session.get(Issue, issue_id) if 0 < issue_id < 2**31 else None
    if found is None:
        raise NotFound(f"There is no issue {issue_id}")
    return found


def open_issues(cell_id: int | None = None) -> list[Issue]:
    """The worst first, what nobody has before what somebody has, then the oldest. cell_id: of this cell only."""
    here = [Issue.cell_id == cell_id] if cell_id is not None else []
    query = select(Issue).where(Issue.closed_at.is_(None), *here)
    return list(db.session.scalars(query.order_by(RANK, Issue.owner != "", Issue.reported_at, Issue.id)))


def closed_in(window: Window, limit: int = 200) -> list[Issue]:
    """What was closed within it, the last first."""
    query = select(Issue).where(*_closed(window)).order_by(Issue.closed_at.desc(), Issue.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def count_closed(window: Window) -> int:
    return db.session.scalar(select(func.count()).select_from(Issue).where(*_closed(window))) or 0


def _closed(window: Window) -> tuple[ColumnElement[bool], ...]:
    return Issue.closed_at >= window.start, Issue.closed_at < window.end


def issues_page(filters: IssueFilters, limit: int = 50, before: int | None = None) -> list[Issue]:
    """The newest first; before: a number to read on from."""
    older = [Issue.id < before] if before is not None else []
    query = select(Issue).where(*_conditions(filters), *older).order_by(Issue.id.desc())
    return list(db.session.scalars(query.limit(limit)))


def count_issues(filters: IssueFilters) -> int:
    return db.session.scalar(select(func.count()).select_from(Issue).where(*_conditions(filters))) or 0


def issues_about(names: Collection[str], limit: int = 50) -> list[Issue]:
    """Those about any of these, such as "project:7", newest first."""
    linked = select(Link.issue_id).where(Link.what.in_(names))
    return list(db.session.scalars(select(Issue).where(Issue.id.in_(linked)).order_by(Issue.id.desc()).limit(limit)))


def issues_numbered(numbers: Collection[int]) -> list[Issue]:
    """Those of these numbers that there are."""
    return list(db.session.scalars(select(Issue).where(Issue.id.in_(numbers)))) if numbers else []


def tally() -> Tally:
    """By one statement, for the rail of every page."""
    unowned = Issue.owner == ""
    stops = and_(unowned, Issue.severity == "stopped")
    counts = func.count(), func.count(case((unowned, 1))), func.count(case((stops, 1)))
    return Tally(*db.session.execute(select(*counts).where(Issue.closed_at.is_(None))).one())


def unowned_stops() -> list[Issue]:
    """Open, and nobody has them: what stops a cell, the oldest first."""
    query = select(Issue).where(Issue.closed_at.is_(None), Issue.severity == "stopped", Issue.owner == "")
    return list(db.session.scalars(query.order_by(Issue.reported_at, Issue.id)))


def one_photo(issue_id: int, photo_id: int, whole: bool = False) -> Photo:
    """Raises NotFound where this issue has no such photo. whole: with its bytes."""
    query = select(Photo).where(Photo.issue_id == issue_id, Photo.id == photo_id)
    there_may_be = max(issue_id, photo_id) < 2**31
    found = db.session.scalar(query.options(undefer(Photo.data)) if whole else query) if there_may_be else None
    if found is None:
        raise NotFound(f"Issue {issue_id} has no photo {photo_id}")
    return found


def _conditions(filters: IssueFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.status:
        found.append(Issue.closed_at.is_(None) if filters.status == "open" else Issue.closed_at.is_not(None))
    if filters.severity:
        found.append(Issue.severity == filters.severity)
    if filters.cell_id is not None:
        found.append(Issue.cell_id == filters.cell_id)
    if filters.owner:
        found.append(Issue.owner == filters.owner)
    if filters.window is not None:
        found += [Issue.reported_at >= filters.window.start, Issue.reported_at < filters.window.end]
    return found
