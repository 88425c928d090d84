"""One order: its steps in sequence with plan over what was, what is wrong with it, and what happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import render_template
from werkzeug.wrappers import Response

from webapp import cells, journal, orders
from webapp.lib.clock import epoch, utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import NotFound
from webapp.lib.regions import Picture, Region, numbered, polled
from webapp.orders import Actual, Conflict, Operation, WorkOrder
from webapp.screens import issues
from webapp.screens.orders.bars import Bars, bars_of, reach_of
from webapp.screens.orders.door import bp
from webapp.screens.orders.free import Free, next_free

HISTORY = 60


@dataclass(frozen=True)
class StepRow:
    """A step as its line tells it. overdue: since when it should have begun, where it has not."""

    step: Operation
    actual: Actual
    bars: Bars
    machine: str
    wrong: Sequence[Conflict]
    overdue: timedelta | None
    is_next: bool


@bp.get("/orders/<ref>")
@may("see orders")
def show(ref: str) -> str:
    order = orders.one_order(ref)
    reported = issues.about(order.what, *(step.what for step in order.operations))
    return render_template("orders/show.html", reported=reported, **view(str(order.id), utcnow()))


@bp.get("/orders/<ref>/part")
@may("see orders")
def region(ref: str) -> Response:
    return polled(f"order:{orders.one_order(ref).id}")


def view(subject: str, now: datetime) -> Picture:
    order = _numbered(numbered(subject))
    as_of, now = cells.as_of(now), now.replace(second=0, microsecond=0)  # the page tells minutes
    wrong = _wrong(order, now)
    rows = _rows(order, wrong, now)
    history = journal.recent(subjects=[order.what, *(step.what for step in order.operations)], limit=HISTORY)
    planned = orders.planned_end(order.operations, orders.ENDED)
    unplaced = [step for step in order.operations if not step.placed and step.status not in orders.ENDED]
    free = next_free(order, [row.step for row in rows if row.wrong], now)
    seen = [
        epoch(now) // 60,  # how far things have come is told in minutes
        (order.version, order.status, order.hold_reason),
        [(row.step.version, row.step.status, row.step.waiting_message, row.machine) for row in rows],
        [(one.rule, one.ref, one.other.what, one.start, one.end) for one in wrong],
        [entry.id for entry in history[:1]],
        free,
    ]
    return {
        "order": order,
        "rows": rows,
        "reach": reach_of(order.operations, now),
        "late": orders.lateness(order.status, order.due_at, order.ended_at, planned, len(unplaced), now),
        "planned_end": planned,
        "unplaced": unplaced,
        "done": sum(step.status == "done" for step in order.operations),
        "wrong": wrong,
        "free": free,
        "history": history,
        "version": journal.digest(repr(seen).encode())[:16],
        "as_of": as_of,
        "now": now,
    }


REGION = Region("order", "see orders", "orders/_order.html", view, every=30)


def _numbered(id: int) -> WorkOrder:
    ref = orders.order_refs([id]).get(id)
    if ref is None:
        raise NotFound(f"There is no order {id}")
    return orders.one_order(ref)


def _rows(order: WorkOrder, wrong: Sequence[Conflict], now: datetime) -> list[StepRow]:
    reach = reach_of(order.operations, now)
    names = {cell.id: cell.name for cell in cells.all_cells(retired=True)}
    following = next((step for step in order.operations if step.status not in ("done", "cancelled")), None)
    found = []
    for step, actual in zip(order.operations, orders.actuals(order.operations, now), strict=True):
        found.append(
            StepRow(
                step,
                actual,
                bars_of(step, actual, reach, now),
                names.get(step.cell_id or 0, ""),
                [one for one in wrong if step.ref in _at_odds(one)],
                _overdue(step, now),
                step is following,
            )
        )
    return found


def _at_odds(one: Conflict) -> tuple[str, ...]:
    """The steps whose trouble it is: on one machine it is both's."""
    return (one.ref, one.other.ref) if one.rule == "R2" else (one.ref,)


def _overdue(step: Operation, now: datetime) -> timedelta | None:
    if step.status not in ("planned", "waiting") or step.starts is None or step.starts >= now:
        return None
    return now - step.starts


def _wrong(order: WorkOrder, now: datetime) -> list[Conflict]:
    """What its own steps break. A step that lies in another's way is that one's trouble as well: both are told."""
    if order.status in ("done", "cancelled") or not (reach := reach_of(order.operations, now)):
        return []
    return orders.conflicts(*reach, order_ids={order.id}, most=50, now=now)


__all__ = ["REGION", "Free", "show", "view"]
