"""Which figures read differently than they once did, since when and why."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_, select

from webapp.cells.note_models import Restatement
from webapp.extensions import db
from webapp.lib.window import Window


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


def restatements(window: Window, cell_ids: Collection[int] | None = None, limit: int = 50) -> list[Restatement]:
    """Newest first: what changed figures within the window. Those of a calendar are about any cell."""
    query = select(Restatement).where(Restatement.start < window.end, Restatement.end > window.start)
    if cell_ids is not None:
        query = query.where(or_(Restatement.cell_id.is_(None), Restatement.cell_id.in_(cell_ids)))
    return list(db.session.scalars(query.order_by(Restatement.id.desc()).limit(limit)))
