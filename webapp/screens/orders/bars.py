"""A step's plan drawn over what was, on one scale for all steps of its order. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from webapp.orders import Actual, Operation

Reach = tuple[datetime, datetime]


@dataclass(frozen=True)
class Bar:
    """In percent of the order's whole reach."""

    x: float
    width: float


@dataclass(frozen=True)
class Bars:
    """None where there is nothing: not planned, not begun."""

    plan: Bar | None
    was: Bar | None


def reach_of(steps: Iterable[Operation], now: datetime) -> Reach | None:
    """From the first thing planned or done to the last; None where there is neither."""
    spans = [(step.starts, step.ends) for step in steps if step.starts and step.ends]
    worked = [(step.started_at, step.ended_at or now) for step in steps if step.started_at]
    times = [at for span in (*spans, *worked) for at in span if at]
    return (min(times), max(times)) if len(times) > 1 and min(times) < max(times) else None


def bars_of(step: Operation, actual: Actual, reach: Reach | None, now: datetime) -> Bars:
    if reach is None:
        return Bars(None, None)
    plan = _bar(step.starts, step.ends, reach)
    if actual.started is None:
        return Bars(plan, None)
    return Bars(plan, _bar(actual.started, actual.ended or now, reach))


def _bar(start: datetime | None, end: datetime | None, reach: Reach) -> Bar | None:
    if start is None or end is None:
        return None
    whole = (reach[1] - reach[0]).total_seconds()
    x, far = ((at - reach[0]).total_seconds() / whole * 100 for at in (start, end))
    return Bar(round(max(0.0, x), 2), round(max(min(100.0, far) - max(0.0, x), 0.5), 2))
