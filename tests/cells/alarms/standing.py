"""Cells that stand, and what was kept of it, as tests like to say it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests.world import at, make_cell
from webapp import cells, ledger
from webapp.cells import Alarm, Sighting
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch

PERIOD = 5


def watched_cell(name: str = "C01", **given: Any) -> Any:
    """One that was sampled just before 10:00 and works."""
    cell = make_cell(name, **given)
    says(cell, "running", "09:00")
    return cell


def says(cell: Any, state: str, clock: str, words: str = "", silent: str | None = None) -> None:
    """That is what it gives since then; silent: it gave nothing that could be used since that time."""
    with transaction():
        row = db.session.get_one(Sighting, cell.id)
        row.state, row.since, row.detail = state, at(clock), words
        row.silent_since = at(silent) if silent else None


def sampled(cell: Any, now: datetime) -> None:
    """Its book was asked up to now."""
    lease = ledger.lease(cell.book_id, PERIOD, epoch(now) - PERIOD)
    with transaction():
        ledger.tick(lease, epoch(now) - PERIOD, {})


def look(cell: Any, clock: str) -> None:
    """A sample at that time, and what is made of it."""
    sampled(cell, at(clock))
    cells.note_stops(at(clock), PERIOD)


def told(alarm: Alarm, clock: str, step: int = 1) -> None:
    """As if people had been told of it then."""
    with transaction():
        row = db.session.get_one(Alarm, alarm.id)
        row.step, row.told_at = step, row.told_at or at(clock)


def kept(cell: Any) -> list[Alarm]:
    """All of it, oldest first."""
    return list(db.session.scalars(select(Alarm).where(Alarm.cell_id == cell.id).order_by(Alarm.id)))


def only(cell: Any) -> Alarm:
    [alarm] = kept(cell)
    return alarm


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
