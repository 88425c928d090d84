"""Who is to be told next. The rule is pure; telling is the business of whoever knows people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from webapp.cells.alarms.escalations import rules_by_site
from webapp.cells.alarms.models import LAST_STEP, Alarm, Escalation
from webapp.cells.alarms.shift import at_work
from webapp.cells.models import Cell, Sighting
from webapp.extensions import db


@dataclass(frozen=True)
class Owed:
    """An alarm whose next people are to be told: those of every step after `told` up to `step`."""

    alarm_id: int
    cell_id: int
    told: int
    step: int


def step_due(rules: Escalation, alarm: Alarm, on_shift_since: datetime, now: datetime) -> int:
    """Up to which step people ought to know by now; 0: nobody yet. Minutes nobody works do not count."""
    if not rules.active or alarm.acknowledged_at is not None or alarm.repaired_at is not None:
        return 0
    if alarm.told_at is None:
        wait = timedelta(seconds=0 if alarm.kind == "call" else rules.grace)
        return 1 if now - alarm.detected_at >= wait else 0
    waited = now - max(alarm.told_at, on_shift_since)
    limits = (timedelta(0), timedelta(minutes=rules.second), timedelta(minutes=rules.third))
    return sum(waited >= limit for limit in limits)


def stops_owed(now: datetime) -> list[Owed]:
    """The alarms of which somebody has yet to be told, oldest first."""
    waiting = (Alarm.repaired_at.is_(None), Alarm.acknowledged_at.is_(None), Alarm.step < LAST_STEP)
    rows = list(db.session.execute(_with_cells().where(*waiting).order_by(Alarm.id)))
    if not rows:
        return []
    shifts, rules = at_work({alarm.cell_id for alarm, _, _ in rows}, now), rules_by_site()
    return [owed for alarm, cell, row in rows if (owed := _owed(alarm, cell, row, shifts, rules, now))]


def owed_still(owed: Owed) -> Alarm | None:
    """The alarm, held until the transaction ends; None where somebody came or told them meanwhile. A move."""
    unchanged = (Alarm.id == owed.alarm_id, Alarm.step == owed.told)
    waiting = (Alarm.repaired_at.is_(None), Alarm.acknowledged_at.is_(None))
    query = select(Alarm).where(*unchanged, *waiting).with_for_update(skip_locked=True)
    return db.session.scalar(query.execution_options(populate_existing=True))


def _with_cells() -> Select[Alarm, Cell, Sighting]:
    joined = select(Alarm, Cell, Sighting).join(Cell, Cell.id == Alarm.cell_id)
    return joined.join(Sighting, Sighting.cell_id == Alarm.cell_id)


def _owed(
    alarm: Alarm,
    cell: Cell,
    row: Sighting,
    shifts: Mapping[int, datetime],
    rules: Mapping[int, Escalation],
    now: datetime,
) -> Owed | None:
    tended = alarm.kind == "stop" and row.state == "maintenance" and row.silent_since is None
    if tended or (alarm.kind == "stop" and alarm.cell_id not in shifts):
        return None
    step = step_due(rules[cell.site_id], alarm, shifts.get(alarm.cell_id, alarm.detected_at), now)
    return Owed(alarm.id, alarm.cell_id, alarm.step, step) if step > alarm.step else None
