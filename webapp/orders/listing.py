"""Orders with all their steps, in the order in which they came, a page at a time: as programs read them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from webapp.extensions import db
from webapp.orders.models import WorkOrder


@dataclass(frozen=True)
class OrderFilters:
    """All optional."""

    status: str | None = None
    due_before: datetime | None = None


@dataclass(frozen=True)
class OrdersPage:
    """next: the `after` of the page that follows; None on the last."""

    orders: list[WorkOrder]
    next: int | None


def orders_page(filters: OrderFilters, limit: int = 100, after: int | None = None) -> OrdersPage:
    """after: the order's number in the database to read on from, so that no page shifts while orders come in."""
    query = select(WorkOrder).where(*_conditions(filters)).order_by(WorkOrder.id).limit(limit + 1)
    found = list(db.session.scalars(query.where(WorkOrder.id > after) if after is not None else query))
    return OrdersPage(found[:limit], found[limit - 1].id if len(found) > limit else None)


def _conditions(filters: OrderFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [WorkOrder.status == filters.status] if filters.status else []
    return found + ([WorkOrder.due_at < filters.due_before] if filters.due_before else [])
