"""Work orders, their operations in sequence on machines, and the plan that keeps its rules."""

from webapp.orders.lateness import Lateness, lateness, planned_end
from webapp.orders.listing import SORTS, ListedOrder, OrderCounts, OrderFilters, OrdersPage, count_orders, orders_page
from webapp.orders.models import ENDED, OPERATION_STATUSES, ORDER_STATUSES, Operation, WorkOrder
from webapp.orders.planned import Planned, named, plan, steps, unplaced

__all__ = [
    # nouns
    "ENDED",
    "OPERATION_STATUSES",
    "ORDER_STATUSES",
    "SORTS",
    "Lateness",
    "ListedOrder",
    "Operation",
    "OrderCounts",
    "OrderFilters",
    "OrdersPage",
    "Planned",
    "WorkOrder",
    # acts
    # moves
    # questions
    "count_orders",
    "lateness",
    "orders_page",
    "named",
    "plan",
    "planned_end",
    "steps",
    "unplaced",
]
