"""Orders on hold: nothing of them starts, what runs may end; and what happens when they go on."""

from datetime import datetime

from webapp import cells, journal
from webapp.extensions import transaction
from webapp.lib.refusal import WrongState
from webapp.orders.finding import held_order
from webapp.orders.models import WorkOrder
from webapp.orders.runs import reasons
from webapp.orders.runs.ending import conclude_if_over, one_line
from webapp.people import Caller


def hold_order(ref: str, reason: str, by: Caller, now: datetime) -> WorkOrder:
    """Stop it. What waits goes on waiting, for that; what runs may end."""
    line = one_line(reason)
    with transaction():
        order = held_order(ref)
        if order.status not in ("planned", "running"):
            raise WrongState(f"{order.ref} is {order.status}", status=order.status)
        order.turn("held", now, line)
        for step in order.operations:
            if step.status == "waiting":
                step.wait(reasons.order_held(line))
        journal.record("held order", order.what, by.name, now, order=order.ref, why=line)
    return order


def resume_order(ref: str, by: Caller, now: datetime) -> WorkOrder:
    """Let it go on: what waited looks for a machine again, at the next tick; what failed is planned again, for whoever
    starts it, without its time, which is used up. Where nothing is left of it, it is done."""
    with transaction():
        order = held_order(ref)
        if order.status != "held":
            raise WrongState(f"{order.ref} is not on hold: it is {order.status}", status=order.status)
        failed = [step for step in order.operations if step.status == "failed"]
        for step in failed:
            step.plan_again()
        for step in order.operations:
            if step.status == "waiting":
                step.wait(reasons.LOOKING)
        cells.unbook([step.what for step in failed])
        order.turn("running" if order.started_at else "planned", now)
        journal.record("resumed order", order.what, by.name, now, order=order.ref)
        conclude_if_over(order, by.name, now)
    return order
