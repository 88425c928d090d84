"""Taking hold of a step with its whole order, so that of two people who act on it at once neither undoes the other. A
move."""

from sqlalchemy import select

from webapp.extensions import db
from webapp.orders.finding import held_operations
from webapp.orders.models import Operation, WorkOrder


def held_operation(ref: str) -> Operation:
    """As it is at this moment, its order locked until the transaction ends; raises NotFound."""
    return held_operations([ref])[ref]


def held_waiting(operation_id: int, order_id: int) -> Operation | None:
    """A step that still waits and has its turn; None where it does not, or where somebody else acts on its order just
    now."""
    query = select(WorkOrder).where(WorkOrder.id == order_id, WorkOrder.status != "held")
    locked = query.with_for_update(of=WorkOrder, skip_locked=True).execution_options(populate_existing=True)
    order = db.session.scalar(locked)
    steps = order.operations if order else []
    mine = next((step for step in steps if step.id == operation_id and step.status == "waiting"), None)
    return mine if mine and not mine.still_before else None
