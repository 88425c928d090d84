"""Which figures read differently than they once did, since when and why."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select

from webapp.cells.calendars.questions import calendars_followed, shift_spans
from webapp.cells.lost_time.models import Restatement
from webapp.cells.models import Cell
from webapp.extensions import db
from webapp.lib.window import Window

#: Late batches of a cell that come within this time of the first are one.
TOGETHER = timedelta(hours=1)
SECOND = timedelta(seconds=1)
LATE = "Readings that came when the shift or the day was over"
AT_ONCE = 500  # rows


def record_restatement(
    kind: str,
    start: datetime,
    end: datetime,
    by: str,
    why: str,
    at: datetime,
    cell_id: int | None = None,
    calendar_id: int | None = None,
) -> Restatement:
    """Part of whichever act changes figures of the past. kind: correction, calendar, import, late."""
    about = {"cell_id": cell_id, "calendar_id": calendar_id}
    made = Restatement(kind=kind, start=start, end=end, by=by, why=why[:200], at=at, **about)
    db.session.add(made)
    return made


def over_until(cell: Cell, now: datetime) -> datetime:
    """The end of what nobody counts on any more: where the cell's shift that is on began, outside shifts where its
    last one ended, and at the latest where its day did, on its site's clock."""
    midnight = now.astimezone(ZoneInfo(cell.site.zone)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    today = Window(midnight.astimezone(UTC), now + SECOND)
    edges = [edge for shift in shift_spans([cell.id], today) for edge in (shift.window.start, shift.window.end)]
    return max(edge for edge in (today.start, *edges) if edge <= now)


def record_late(cell_id: int, start: datetime, end: datetime, by: str, at: datetime) -> None:
    """A batch of a cell came when its shift or day was over. One that often sends late ones has a row for each hour in
    which it did, not for each batch."""
    lately = (Restatement.kind == "late", Restatement.cell_id == cell_id, Restatement.at > at - TOGETHER)
    before = db.session.scalar(select(Restatement).where(*lately).order_by(Restatement.id.desc()).limit(1))
    if before:
        before.start, before.end = min(before.start, start), max(before.end, end)
    else:
        record_restatement("late", start, end, by, LATE, at, cell_id=cell_id)


def restatements(window: Window, cell_ids: Collection[int] | None = None, limit: int = 50) -> list[Restatement]:
    """Newest first: what changed figures within the window; cell_ids: of these cells, or of a calendar that one of them
    followed in it."""
    query = select(Restatement).where(*_about(window, cell_ids))
    return list(db.session.scalars(query.order_by(Restatement.id.desc()).limit(limit)))


def count_restatements(window: Window, cell_ids: Collection[int] | None = None) -> int:
    """How many there are in all."""
    return db.session.scalar(select(func.count()).select_from(Restatement).where(*_about(window, cell_ids))) or 0


def every_restatement(window: Window, cell_ids: Collection[int] | None = None) -> Iterator[Restatement]:
    """All of them, newest first, read as they are asked for."""
    query = select(Restatement).where(*_about(window, cell_ids)).order_by(Restatement.id.desc()).limit(AT_ONCE)
    found = db.session.scalars(query).all()
    while found:
        yield from found
        found = db.session.scalars(query.where(Restatement.id < found[-1].id)).all()


def _about(window: Window, cell_ids: Collection[int] | None) -> list[ColumnElement[bool]]:
    within = [Restatement.start < window.end, Restatement.end > window.start]
    if cell_ids is None:
        return within
    shared = and_(Restatement.cell_id.is_(None), _of_calendars(calendars_followed(cell_ids, window)))
    return [*within, or_(Restatement.cell_id.in_(cell_ids), shared)]


def _of_calendars(followed: Collection[int | None]) -> ColumnElement[bool]:
    """None among them: of cells whose calendar was taken away."""
    named = Restatement.calendar_id.in_([calendar for calendar in followed if calendar])
    return or_(named, Restatement.calendar_id.is_(None)) if None in followed else named
