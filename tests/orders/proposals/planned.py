"""A small shop with orders that want a plan, and the slow worker's part in it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests import world
from tests.world import NOW
from webapp import cells, orders
from webapp.cells import Booking, Cell
from webapp.extensions import db, transaction
from webapp.orders import Operation, OperationSpec, OrderSpec, Proposal

HOUR = 3600


def hours(n: float) -> Any:
    return NOW + timedelta(hours=n)


def make_mill(name: str = "M1", **given: Any) -> Cell:
    return world.make_cell(name, **{"kind": "mill", "takes": ["operation"], **given})


def step(on: Cell | None = None, at: float | None = None, length: float = 1, **given: Any) -> OperationSpec:
    """An hour on any mill. on, at: its machine, and when it begins, in hours from now."""
    start, end = (None, None) if at is None else (hours(at), hours(at + length))
    about = {"name": "cut", "required_kind": "mill", "seconds": int(length * HOUR), **given}
    return OperationSpec(**about, cell_id=on.id if on else None, start=start, end=end)


def make_order(ref: str, *steps: OperationSpec, due: float | None = None, **given: Any) -> Any:
    """Its steps are called WO-1-1, WO-1-2 …"""
    about = {"product": "Bracket", "qty": 10, "due_at": None if due is None else hours(due), **given}
    spec = OrderSpec(ref=ref, operations=list(steps or [step()]), **about)
    return orders.add_orders([spec], by="pat", now=NOW)[0]


def ask(**given: Any) -> Proposal:
    return orders.ask_for_plan("pat", given.pop("now", NOW), **{"seconds": 2, **given})


def work(now: Any = NOW, busy: Any = None) -> bool:
    return orders.go_on_planning(lambda: now, lambda: busy or {}, within=5)


def made(**given: Any) -> Proposal:
    """A plan, asked for and made."""
    proposal = ask(**given)
    while work():
        pass
    db.session.rollback()
    return orders.one_proposal(proposal.id)


def maintain(cell: Cell, start: float, end: float) -> None:
    with transaction():
        cells.book([cells.Slot("window:1", "maintenance", cell.id, hours(start), hours(end), "Oil")])


def op(ref: str) -> Operation:
    """As the database has it."""
    db.session.rollback()
    return db.session.scalars(select(Operation).where(Operation.ref == ref)).one()


def booked() -> dict[str, tuple[int, Any, Any]]:
    return {one.what: (one.cell_id, one.starts, one.ends) for one in db.session.scalars(select(Booking))}
