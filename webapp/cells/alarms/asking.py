"""Which alarms there are and were, and how long people took."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import or_, select

from webapp.cells.alarms.models import Alarm
from webapp.extensions import db
from webapp.lib.window import Window


@dataclass(frozen=True)
class Usual:
    """The median of so many times. count: how many it is made of, which says how much it is worth."""

    median: timedelta
    count: int


@dataclass(frozen=True)
class Reactions:
    """of: how many alarms; unanswered: how many were over before anybody said that they come."""

    of: int
    told: Usual | None
    acknowledged: Usual | None
    repaired: Usual | None
    unanswered: int


def open_stops(now: datetime) -> dict[int, Alarm]:
    """cell id -> what is open there. Of a stop and a call the one that nobody has acknowledged, then the stop."""
    query = select(Alarm).where(Alarm.repaired_at.is_(None), Alarm.detected_at <= now).order_by(Alarm.id)
    ranked = sorted(db.session.scalars(query), key=lambda row: (row.acknowledged_at is None, row.kind == "stop"))
    return {row.cell_id: row for row in ranked}


def open_on(cell_id: int) -> list[Alarm]:
    """The stop and the call of this cell that go on, the stop first."""
    query = select(Alarm).where(Alarm.cell_id == cell_id, Alarm.repaired_at.is_(None))
    return list(db.session.scalars(query.order_by(Alarm.kind.desc())))


def stops_of(window: Window, cell_ids: Collection[int] | None = None, limit: int = 200) -> list[Alarm]:
    """Those that went on at any moment of the window, newest first. cell_ids: of these cells only."""
    touching = (Alarm.detected_at < window.end, or_(Alarm.repaired_at.is_(None), Alarm.repaired_at > window.start))
    query = select(Alarm).where(*touching).order_by(Alarm.detected_at.desc(), Alarm.id.desc()).limit(limit)
    return list(db.session.scalars(query if cell_ids is None else query.where(Alarm.cell_id.in_(cell_ids))))


def stops_numbered(ids: Collection[int]) -> dict[int, Alarm]:
    """By their numbers; those that are gone are not here."""
    return {row.id: row for row in db.session.scalars(select(Alarm).where(Alarm.id.in_(ids)))} if ids else {}


def reactions(alarms: Collection[Alarm]) -> Reactions:
    """How long it took to tell, to come, to put right, as they usually did."""
    unanswered = sum(one.repaired_at is not None and one.acknowledged_at is None for one in alarms)
    told = _usual(one.until_told for one in alarms)
    came = _usual(one.until_acknowledged for one in alarms)
    return Reactions(len(alarms), told, came, _usual(one.until_repaired for one in alarms), unanswered)


def _usual(times: Iterable[timedelta | None]) -> Usual | None:
    known = [time.total_seconds() for time in times if time is not None]
    return Usual(timedelta(seconds=median(known)), len(known)) if known else None
