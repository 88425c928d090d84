"""Which cells stand: found at each sample, ended when they work again. May run twice, and twice at once."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from webapp.cells.alarms.models import Alarm, topics_of
from webapp.cells.alarms.shift import at_work
from webapp.cells.models import Cell, Sighting
from webapp.cells.shown import states_now
from webapp.extensions import db, touch, transaction

STANDING = ("down", "unknown")
#: One that stands again so soon was not put right: it is the same stop, and nobody is told twice.
AGAIN_WITHIN = timedelta(seconds=60)


@dataclass(frozen=True)
class _Found:
    """A cell that stands, since when, and what it says."""

    cell_id: int
    state: str
    since: datetime
    words: str


def note_stops(now: datetime, period: int) -> None:
    """Keep a stop of each open cell that is down, or that was asked and has fallen silent, while it is on shift.

    period: seconds between two samples. Ended by the cell itself, or by whoever closes it. A cell nobody asked is not
    silent, and one that never answered does not stand yet. One that is being maintained has somebody with it.
    """
    states, wanted, going_on = states_now(now, period), _wanted(), _going_on()
    standing = {cell_id for cell_id in wanted if states.get(cell_id, "unknown") in STANDING}
    begun = _begun(standing - set(going_on), states, now)
    tended = {cell_id for cell_id in wanted if states.get(cell_id) == "maintenance"}
    over = {cell_id: alarm for cell_id, alarm in going_on.items() if cell_id not in standing | tended}
    if not begun and not over:
        return
    with transaction():
        for found in begun:
            _begin(found, now)
        _end(over, wanted, now)


def _wanted() -> set[int]:
    """The cells that ought to work: in service, and not closed by a person."""
    query = select(Cell.id).where(Cell.in_service_to.is_(None), Cell.mode != "closed")
    return set(db.session.scalars(query))


def _going_on() -> dict[int, int]:
    """cell id -> the stop of it that is open."""
    query = select(Alarm.cell_id, Alarm.id).where(Alarm.kind == "stop", Alarm.repaired_at.is_(None))
    return dict(db.session.execute(query).all())


def _begun(cell_ids: Collection[int], states: Mapping[int, str], now: datetime) -> list[_Found]:
    if not cell_ids:
        return []
    shifts = at_work(cell_ids, now)
    ends = _last_ends(shifts)
    rows = db.session.scalars(select(Sighting).where(Sighting.cell_id.in_(shifts)).order_by(Sighting.cell_id))
    found = [one for row in rows if (one := _seen(row, states.get(row.cell_id, "unknown")))]
    return [_cut(one, max(shifts[one.cell_id], ends.get(one.cell_id, one.since))) for one in found]


def _seen(row: Sighting, state: str) -> _Found | None:
    if state == "down":
        return _Found(row.cell_id, state, row.since, row.detail)
    if row.never or row.silent_since is None:
        return None
    return _Found(row.cell_id, state, row.silent_since, row.fault)


def _cut(found: _Found, since: datetime) -> _Found:
    """What it stood before its shift began, or before somebody had closed it, nobody had to see to."""
    return _Found(found.cell_id, found.state, max(found.since, since), found.words)


def _last_ends(cell_ids: Collection[int]) -> dict[int, datetime]:
    query = select(Alarm.cell_id, func.max(Alarm.repaired_at)).where(Alarm.repaired_at.is_not(None))
    of_these = query.where(Alarm.cell_id.in_(cell_ids), Alarm.kind == "stop").group_by(Alarm.cell_id)
    return {cell_id: at for cell_id, at in db.session.execute(of_these) if at}


def _begin(found: _Found, now: datetime) -> None:
    if _goes_on_again(found, now):
        return
    row = Alarm(cell_id=found.cell_id, kind="stop", state=found.state, words=found.words, detected_at=found.since)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return  # another sweep was quicker: it is there


def _goes_on_again(found: _Found, now: datetime) -> bool:
    """Open the last stop again, where the cell hardly worked in between."""
    last = select(Alarm).where(Alarm.cell_id == found.cell_id, Alarm.kind == "stop", Alarm.outcome == "works")
    row = db.session.scalar(last.order_by(Alarm.id.desc()).limit(1).with_for_update())
    if row is None or row.repaired_at is None or now - row.repaired_at > AGAIN_WITHIN:
        return False
    try:
        with db.session.begin_nested():
            row.repaired_at, row.outcome = None, ""
    except IntegrityError:
        db.session.expire(row)
    return True


def _end(over: Mapping[int, int], wanted: Collection[int], now: datetime) -> None:
    """What ended before anybody was told of it was nobody's errand: the cell's history has it, and that is enough."""
    for cell_id, alarm_id in over.items():
        outcome = "works" if cell_id in wanted else "closed"
        known = or_(Alarm.step > 0, Alarm.acknowledged_at.is_not(None))
        mine = (Alarm.id == alarm_id, Alarm.repaired_at.is_(None))
        db.session.execute(update(Alarm).where(*mine, known).values(repaired_at=now, outcome=outcome))
        db.session.execute(delete(Alarm).where(*mine, ~known))
        touch(*topics_of(cell_id))
