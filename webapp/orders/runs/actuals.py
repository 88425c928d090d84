"""The plan against what was: when an operation began and ended, and how much of that its machine worked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp import cells
from webapp.lib.clock import whole
from webapp.lib.window import Window
from webapp.orders.models import Operation


@dataclass(frozen=True)
class Actual:
    """started, ended: from the acts; ends: when it ended or, as far as is known, will. running_seconds: its machine's,
    from the ledger; None before it started. Drifts are minutes later than planned; None where nothing was planned."""

    started: datetime | None
    ended: datetime | None
    ends: datetime | None
    running_seconds: int | None
    drift_start_min: int | None
    drift_end_min: int | None


NEVER_STARTED = Actual(None, None, None, None, None, None)


def actuals(operations: Sequence[Operation], now: datetime) -> list[Actual]:
    """Of each. The drift of the end is foretold while it runs."""
    on_machines = [(op, Window(*span)) for op in operations if op.cell_id and (span := _worked(op, now))]
    seconds = cells.running_seconds([(op.cell_id or 0, window) for op, window in on_machines], now)
    ran = {op: found for (op, _), found in zip(on_machines, seconds, strict=True)}
    return [_actual(op, ran.get(op, 0), now) for op in operations]


def _actual(operation: Operation, worked: int, now: datetime) -> Actual:
    started, ended = operation.started_at, operation.ended_at
    if started is None:
        return NEVER_STARTED
    ends = ended or foreseen_end(started, operation.seconds, now)
    return Actual(started, ended, ends, worked, drift(operation.starts, started), drift(operation.ends, ends))


def _worked(operation: Operation, now: datetime) -> tuple[datetime, datetime] | None:
    """None: no time at all."""
    start, end = operation.started_at, operation.ended_at or whole(now)
    return (start, end) if start and start < end else None


def foreseen_end(started: datetime, seconds: int, now: datetime) -> datetime:
    """As long as it was planned to take; what takes longer may end at any moment."""
    return max(started + timedelta(seconds=seconds), whole(now))


def drift(planned: datetime | None, actual: datetime | None) -> int | None:
    """Whole minutes by which it was later than planned, rounded towards none; below zero: earlier."""
    if planned is None or actual is None:
        return None
    return int((actual - planned).total_seconds() / 60)
