"""Work orders, their operations in sequence on machines, and the plan that keeps its rules."""

from webapp.orders.models import ENDED, OPERATION_STATUSES, ORDER_STATUSES, Operation, WorkOrder

__all__ = [
    # nouns
    "ENDED",
    "OPERATION_STATUSES",
    "ORDER_STATUSES",
    "Operation",
    "WorkOrder",
    # acts
    # moves
    # questions
]
