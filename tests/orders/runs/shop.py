"""A small machine shop: orders with steps on machines that stand somehow, and the people who run them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from tests import world
from tests.world import NOW, person
from webapp import cells, orders
from webapp.cells import Booking, Cell, Claim, Sighting
from webapp.extensions import db, transaction
from webapp.orders import Operation, OperationSpec, OrderSpec, WorkOrder

PERIOD = 3600  # what machines said stays good for three hours, so that a test may let time pass
HOUR = 3600


def later(**length: float) -> datetime:
    return NOW + timedelta(**length)


def make_machine(name: str = "M1", state: str = "idle", **given: Any) -> Cell:
    """A machine that takes operations and has been in this state for an hour."""
    detail = given.pop("detail", "")
    cell: Cell = world.make_cell(name, **{"kind": "mill", "takes": ["operation"], **given})
    show(cell, state, detail)
    return cell


def show(cell: Cell, state: str, detail: str = "", since: datetime | None = None) -> None:
    """It says that it is in this state."""
    with transaction():
        row = db.session.get_one(Sighting, cell.id)
        row.state, row.detail = state, detail
        row.since = since or later(hours=-1)
        row.silent_since = NOW


def step(name: str = "cut", on: Cell | None = None, **given: Any) -> OperationSpec:
    """A step of an hour. on: the machine it is planned on; at: from when; else any mill."""
    start, kind = given.pop("at", None), given.pop("kind", "mill")
    seconds = given.pop("seconds", HOUR)
    end = start + timedelta(seconds=seconds) if start else None
    spec = {"name": name, "required_kind": kind, "seconds": seconds, "cell_id": on.id if on else None}
    return OperationSpec(**spec, start=start, end=end, **given)


def make_order(*steps: OperationSpec, ref: str = "WO-1", now: datetime = NOW, **given: Any) -> WorkOrder:
    """Its steps are called WO-1-1, WO-1-2 …"""
    spec = OrderSpec(ref=ref, product="Bracket", **{"qty": 10, "operations": steps or (step(),), **given})
    return orders.add_orders([spec], by="pat", now=now)[0]


def start(ref: str = "WO-1", now: datetime = NOW, by: str = "oli") -> WorkOrder:
    return orders.start_order(ref, person(by), now, PERIOD)


def complete(ref: str, now: datetime = NOW, by: str = "oli", **pieces: Any) -> Operation:
    return orders.complete_operation(ref, person(by), now, PERIOD, **pieces)


def sweep(now: datetime = NOW) -> None:
    orders.start_waiting(now, PERIOD)


def op(ref: str) -> Operation:
    """As the database has it."""
    db.session.rollback()
    return db.session.scalars(select(Operation).where(Operation.ref == ref)).one()


def statuses(order_ref: str = "WO-1") -> list[str]:
    db.session.rollback()
    order = db.session.scalars(select(WorkOrder).where(WorkOrder.ref == order_ref)).one()
    return [order.status, *(step.status for step in order.operations)]


def holders() -> dict[str, str]:
    """{machine: who holds it}"""
    rows = select(Cell.name, Claim.what).join(Cell, Cell.id == Claim.cell_id).where(Claim.closed.is_(None))
    return dict(db.session.execute(rows).all())


def booked(what: str) -> tuple[datetime, datetime] | None:
    row = db.session.scalar(select(Booking).where(Booking.what == what))
    return (row.starts, row.ends) if row else None


def maintain(cell: Cell, start: datetime, end: datetime) -> None:
    """A maintenance window on its lane."""
    with transaction():
        cells.hold_lanes([cell.id])
        cells.book([cells.Slot("window:1", "maintenance", cell.id, start, end, "Oil change")])
