"""What is planned and what was done: operations as a schedule draws them, thousands at once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select

from webapp.extensions import db
from webapp.orders.models import Operation, WorkOrder


class Planned(NamedTuple):
    """One step of an order, as values: objects of ten thousand rows would cost more than all that is done with them."""

    id: int
    ref: str
    order_id: int
    order_ref: str
    product: str
    qty: int
    due_at: datetime | None
    order_status: str
    idx: int
    name: str
    required_kind: str | None
    seconds: int
    cell_id: int | None
    starts: datetime | None
    ends: datetime | None
    pinned: bool
    status: str
    waiting_message: str | None
    started_at: datetime | None
    ended_at: datetime | None
    version: int

    @property
    def what(self) -> str:
        """operation:7, as its booking and its claim name it."""
        return f"operation:{self.id}"

    @property
    def label(self) -> str:
        """ "WO-1006 step 3, bend"."""
        return f"{self.order_ref} step {self.idx}, {self.name}"

    @property
    def movable(self) -> bool:
        return self.status in ("planned", "waiting")


def plan(start: datetime, end: datetime) -> list[Planned]:
    """Every operation whose plan or whose work reaches into start <= t < end, by machine and time; cancelled ones do
    not."""
    on_plan = and_(Operation.starts < end, Operation.ends > start)
    at_work = and_(Operation.started_at < end, or_(Operation.ended_at.is_(None), Operation.ended_at > start))
    asked = _rows(Operation.cell_id.is_not(None), Operation.status != "cancelled", or_(on_plan, at_work))
    return _read(asked.order_by(Operation.cell_id, Operation.starts, Operation.id))


def unplaced(most: int) -> list[Planned]:
    """Operations of open orders that have no slot yet: the most urgent order's first, in sequence."""
    wanted = _rows(
        Operation.starts.is_(None),
        Operation.status.in_(("planned", "waiting")),
        WorkOrder.status.not_in(("done", "cancelled")),
    )
    by = (WorkOrder.due_at.is_(None), WorkOrder.due_at, WorkOrder.priority.desc(), WorkOrder.id, Operation.idx)
    return _read(wanted.order_by(*by).limit(most))


def steps(order_id: int) -> list[Planned]:
    """All of one order, in sequence."""
    return _read(_rows(Operation.order_id == order_id).order_by(Operation.idx))


def named(refs: Collection[str]) -> list[Planned]:
    """Those of these refs that there are."""
    return _read(_rows(Operation.ref.in_(refs)))


def _rows(*asked: ColumnElement[bool]) -> Select[Any]:
    order, step = WorkOrder, Operation
    columns: tuple[Any, ...] = (
        *(step.id, step.ref, order.id, order.ref, order.product, order.qty, order.due_at, order.status),
        *(step.idx, step.name, step.required_kind, step.seconds, step.cell_id, step.starts, step.ends, step.pinned),
        *(step.status, step.waiting_message, step.started_at, step.ended_at, step.version),
    )
    return select(*columns).join(order, step.order_id == order.id).where(*asked)


def _read(query: Select[Any]) -> list[Planned]:
    rows: Sequence[Any] = db.session.execute(query).all()
    return [Planned(*row) for row in rows]
