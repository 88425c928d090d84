"""Orders as a planner looks over them, thousands at once, with what their steps add up to: late ones first."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from webapp.extensions import db
from webapp.orders.lateness import Lateness, lateness
from webapp.orders.models import ENDED, ORDER_STATUSES, Operation, WorkOrder

OPEN = ("planned", "running", "held")


@dataclass(frozen=True)
class Wanted:
    """All optional. due_from <= due < due_to; late: only those that are late or will be; text: part of its number or
    product."""

    statuses: tuple[str, ...] = ()
    due_from: datetime | None = None
    due_to: datetime | None = None
    late: bool = False
    text: str = ""


class ListedOrder(NamedTuple):
    """As values: objects of thousands would cost more than they tell."""

    id: int
    ref: str
    product: str
    qty: int
    status: str
    hold_reason: str
    priority: int
    due_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    version: int
    steps: int
    done: int
    unplaced: int
    planned_start: datetime | None
    planned_end: datetime | None

    def lateness(self, now: datetime) -> Lateness:
        return lateness(self.status, self.due_at, self.ended_at, self.planned_end, self.unplaced, now)


@dataclass(frozen=True)
class Overview:
    """A page of rows; total: how many there are in all."""

    rows: list[ListedOrder]
    total: int


@dataclass(frozen=True)
class OrderTotals:
    """How many there are of each status; of the open ones, how many are late, will be late, or have steps without a
    slot. mark: another one after any change of an order or a step."""

    by_status: dict[str, int] = field(default_factory=dict)
    late: int = 0
    will_be_late: int = 0
    unplaced: int = 0
    mark: str = ""

    @cached_property
    def open(self) -> int:
        return sum(self.by_status.get(status, 0) for status in OPEN)

    @cached_property
    def all(self) -> int:
        return sum(self.by_status.values())


#: What each order's steps add up to; an order without steps has no row.
_SUMS = (
    select(
        Operation.order_id,
        func.count().label("steps"),
        func.sum(case((Operation.status == "done", 1), else_=0)).label("done"),
        func.sum(case((and_(Operation.starts.is_(None), Operation.status.not_in(ENDED)), 1), else_=0)).label(
            "unplaced"
        ),
        func.min(Operation.starts).label("planned_start"),
        func.max(case((Operation.status.not_in(ENDED), Operation.ends))).label("planned_end"),
    )
    .group_by(Operation.order_id)
    .subquery("sums")
)
_COLUMNS: tuple[Any, ...] = (
    *(getattr(WorkOrder, name) for name in ListedOrder._fields[:11]),
    *(func.coalesce(_SUMS.c[name], 0).label(name) for name in ("steps", "done", "unplaced")),
    *(_SUMS.c.planned_start, _SUMS.c.planned_end),
)
_IS_OPEN = WorkOrder.status.in_(OPEN)
#: What they can be sorted by; each then by due date and number, so that no two rows change places by chance.
OVERVIEW_SORTS: dict[str, Any] = {
    "ref": WorkOrder.ref,
    "product": func.lower(WorkOrder.product),
    "qty": WorkOrder.qty,
    "status": case({status: n for n, status in enumerate(ORDER_STATUSES)}, value=WorkOrder.status),
    "priority": WorkOrder.priority,
    "due": WorkOrder.due_at,
    "planned": _SUMS.c.planned_end,
    "created": WorkOrder.id,
}


def overview(
    wanted: Wanted, now: datetime, sort: str = "", down: bool = False, offset: int = 0, limit: int = 50
) -> Overview:
    """sort: a word of OVERVIEW_SORTS; "" has the late ones first, then those that will be, then by due date and
    priority."""
    conditions = _conditions(wanted, now)
    query = _joined(select(*_COLUMNS)).where(*conditions).order_by(*_order(sort, down, now))
    rows = db.session.execute(query.offset(offset).limit(limit))
    total = db.session.scalar(_joined(select(func.count()).select_from(WorkOrder)).where(*conditions)) or 0
    return Overview([ListedOrder(*row) for row in rows], total)


def order_totals(now: datetime) -> OrderTotals:
    """A few statements, however many orders there are."""
    by_status = select(WorkOrder.status, func.count()).group_by(WorkOrder.status)
    sums = [func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in (_late(now), _will_be(now), _unplaced())]
    query = _joined(select(*sums).select_from(WorkOrder)).where(_IS_OPEN)
    late, will_be, unplaced = db.session.execute(query).one()
    found = dict(db.session.execute(by_status).all())
    return OrderTotals(found, late, will_be, unplaced, _mark())


def _mark() -> str:
    orders = select(func.count(), func.sum(WorkOrder.version), func.max(WorkOrder.updated_at))
    steps = select(func.count(), func.sum(Operation.version))
    return repr([tuple(db.session.execute(one).one()) for one in (orders, steps)])


def _joined(query: Select[Any]) -> Select[Any]:
    return query.outerjoin(_SUMS, _SUMS.c.order_id == WorkOrder.id)


def _late(now: datetime) -> ColumnElement[bool]:
    return and_(_IS_OPEN, WorkOrder.due_at < now)


def _will_be(now: datetime) -> ColumnElement[bool]:
    return and_(_IS_OPEN, WorkOrder.due_at >= now, _SUMS.c.planned_end > WorkOrder.due_at)


def _unplaced() -> ColumnElement[bool]:
    return _SUMS.c.unplaced > 0


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.statuses:
        found.append(WorkOrder.status.in_(wanted.statuses))
    if wanted.due_from:
        found.append(WorkOrder.due_at >= wanted.due_from)
    if wanted.due_to:
        found.append(WorkOrder.due_at < wanted.due_to)
    if wanted.late:
        found.append(or_(_late(now), _will_be(now)))
    if wanted.text:
        texts = (WorkOrder.ref, WorkOrder.product)
        found.append(or_(*(text.icontains(wanted.text, autoescape=True) for text in texts)))
    return found


def _order(sort: str, down: bool, now: datetime) -> list[Any]:
    """Where nothing stands, a row comes last, whichever way they are sorted."""
    soonest: list[Any] = [WorkOrder.due_at.is_(None), WorkOrder.due_at]
    if sort not in OVERVIEW_SORTS:
        rank = case((_late(now), 0), (_will_be(now), 1), (_IS_OPEN, 2), else_=3)
        return [rank, *soonest, WorkOrder.priority.desc(), WorkOrder.id.desc()]
    column = OVERVIEW_SORTS[sort]
    return [column.is_(None), column.desc() if down else column, *soonest, WorkOrder.id]
