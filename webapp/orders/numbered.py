"""What orders and operations are called whose numbers are known: the journal and claims name them by number."""

from collections.abc import Collection

from sqlalchemy import select

from webapp.extensions import db
from webapp.orders.models import Operation, WorkOrder


def order_refs(numbers: Collection[int]) -> dict[int, str]:
    """{order's number: its ref}, of those that there are."""
    rows = db.session.execute(select(WorkOrder.id, WorkOrder.ref).where(WorkOrder.id.in_(numbers)))
    return dict(rows.all())


def operations_numbered(numbers: Collection[int]) -> dict[int, Operation]:
    """{operation's number: the operation, with its order}, of those that there are."""
    rows = db.session.scalars(select(Operation).where(Operation.id.in_(numbers)))
    return {operation.id: operation for operation in rows}


def order_number(ref: str) -> int | None:
    return db.session.scalar(select(WorkOrder.id).where(WorkOrder.ref == ref))


def operation_number(ref: str) -> int | None:
    return db.session.scalar(select(Operation.id).where(Operation.ref == ref))
