"""Work orders, their operations in sequence on machines, and the plan that keeps its rules."""

from webapp.orders.models import ENDED, OPERATION_STATUSES, ORDER_STATUSES, Operation, WorkOrder
from webapp.orders.planned import Planned, plan, steps, unplaced

__all__ = [
    # nouns
    "ENDED",
    "OPERATION_STATUSES",
    "ORDER_STATUSES",
    "Operation",
    "Planned",
    "WorkOrder",
    # acts
    # moves
    # questions
    "plan",
    "steps",
    "unplaced",
]
