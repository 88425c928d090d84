"""What people do about alarms: call, say that they are coming, say that it is over. Of two who come, one wins."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError

from webapp import journal
from webapp.cells.alarms.models import Alarm, topics_of
from webapp.cells.models import Cell
from webapp.cells.places import one
from webapp.extensions import db, touch, transaction
from webapp.lib.refusal import Invalid, WrongState

LONGEST = 200


def acknowledge_stop(cell_id: int, by: str, now: datetime) -> None:
    """by has seen it and goes there: the next ones are not told any more. Its stop and its call, where it has both."""
    with transaction():
        cell = one(cell_id)
        waiting = (Alarm.cell_id == cell_id, Alarm.repaired_at.is_(None), Alarm.acknowledged_at.is_(None))
        if not _changed(update(Alarm).where(*waiting).values(acknowledged_at=now, acknowledged_by=by)):
            raise _nothing_waits(cell)
        touch(*topics_of(cell_id))
        journal.record("acknowledged stop", f"cell:{cell_id}", by, now)


def call_for_help(cell_id: int, words: str, by: str, now: datetime) -> Alarm:
    """Somebody at the cell wants somebody: people are told at once, whatever the cell's own state."""
    line = " ".join(words.split())
    if len(line) > LONGEST or not line.isprintable():
        raise Invalid(words=f"must be up to {LONGEST} characters")
    with transaction():
        cell = one(cell_id)
        if cell.in_service_to:
            raise WrongState(f"{cell.name} is out of service")
        row = Alarm(cell_id=cell_id, kind="call", words=line, called_by=by, detected_at=now)
        _keep(row, cell)
        journal.record("called for help", f"cell:{cell_id}", by, now, words=line)
    return row


def end_call(cell_id: int, by: str, now: datetime) -> None:
    """Whoever was called for has been, or is not wanted any more."""
    with transaction():
        cell = one(cell_id)
        going_on = (Alarm.cell_id == cell_id, Alarm.kind == "call", Alarm.repaired_at.is_(None))
        if not _changed(update(Alarm).where(*going_on).values(repaired_at=now, outcome="ended", ended_by=by)):
            raise WrongState(f"Nobody calls for help at {cell.name} any more")
        touch(*topics_of(cell_id))
        journal.record("ended call", f"cell:{cell_id}", by, now)


def _keep(row: Alarm, cell: Cell) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise WrongState(f"Help was called to {cell.name} already") from None


def _changed(statement: Any) -> bool:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return cast(CursorResult[Any], result).rowcount > 0


def _nothing_waits(cell: Cell) -> WrongState:
    query = select(Alarm).where(Alarm.cell_id == cell.id, Alarm.repaired_at.is_(None))
    row = db.session.scalar(query.limit(1))
    if row is None:
        return WrongState(f"Nothing of {cell.name} waits for anybody: it works, or nobody wants it to work now")
    return WrongState(f"{row.acknowledged_by} is at {cell.name} already", acknowledged_by=row.acknowledged_by)
