"""How long projects take on a cell: learned from its newest finished ones. A move, and its arithmetic."""

from collections.abc import Sequence

from sqlalchemy import select

from webapp.extensions import db
from webapp.projects.models import Pace, Project

NEWEST = 30


def learn(cell_id: int | None) -> None:
    """Rewrite the cell's pace from its rows: nothing is added up that a correction would have to take back."""
    if cell_id is None:
        return
    seconds = _finished(cell_id)
    pace = db.session.get(Pace, cell_id)
    if not seconds:
        if pace is not None:
            db.session.delete(pace)
        return
    if pace is None:
        pace = Pace(cell_id=cell_id)
        db.session.add(pace)
    pace.runs = len(seconds)
    pace.low, pace.median, pace.high = (round(quantile(seconds, share)) for share in (0.1, 0.5, 0.9))


def quantile(values: Sequence[float], share: float) -> float:
    """Between neighbours in order, linearly: of 10 and 20 the half is 15."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _finished(cell_id: int) -> list[int]:
    rows = db.session.execute(
        select(Project.started_at, Project.ended_at)
        .where(Project.cell_id == cell_id, Project.status == "finished")
        .order_by(Project.ended_at.desc(), Project.id.desc())
        .limit(NEWEST)
    )
    return [int((ended - started).total_seconds()) for started, ended in rows if started and ended]
