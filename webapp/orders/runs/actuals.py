"""The plan against what was: when an operation began and ended, and how much of that its machine worked."""

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


def actuals(operation: Operation, now: datetime) -> Actual:
    """The drift of the end is foretold while it runs."""
    started, ended = operation.started_at, operation.ended_at
    if started is None:
        return NEVER_STARTED
    ends = ended or foreseen_end(started, operation.seconds, now)
    worked = _running_seconds(operation, started, ended or whole(now), now)
    return Actual(started, ended, ends, worked, drift(operation.starts, started), drift(operation.ends, ends))


def foreseen_end(started: datetime, seconds: int, now: datetime) -> datetime:
    """As long as it was planned to take; what takes longer may end at any moment."""
    return max(started + timedelta(seconds=seconds), whole(now))


def drift(planned: datetime | None, actual: datetime | None) -> int | None:
    """Whole minutes by which it was later than planned, rounded towards none; below zero: earlier."""
    if planned is None or actual is None:
        return None
    return int((actual - planned).total_seconds() / 60)


def _running_seconds(operation: Operation, start: datetime, end: datetime, now: datetime) -> int:
    if operation.cell_id is None or start >= end:
        return 0
    intervals = cells.timeline(operation.cell_id, Window(start, end), now)
    return int(sum((i.end - i.start).total_seconds() for i in intervals if i.state == "running"))
