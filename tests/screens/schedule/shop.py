"""A shop with a plan, by the door's own clock: two mills, a saw, and an order whose steps lie one after the other."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.world import idle_cell, person
from webapp import cells, orders
from webapp.extensions import db, transaction
from webapp.lib.clock import utcnow

HOUR = timedelta(hours=1)


def full_hour() -> datetime:
    """The next one but one: far enough ahead for everything that is planned here."""
    return utcnow().replace(minute=0, second=0, microsecond=0) + 2 * HOUR


def machine(name: str, kind: str = "mill", **given: Any) -> Any:
    return idle_cell(name, kind=kind, takes=["operation"], **given)


def step(name: str, cell: Any = None, start: datetime | None = None, hours: float = 1, **given: Any) -> Any:
    """Placed where there is a cell and a start."""
    length = timedelta(hours=hours)
    slot = {"cell_id": cell.id, "start": start, "end": start + length} if cell and start else {}
    return orders.OperationSpec(name=name, seconds=int(length.total_seconds()), **slot, **given)


def order(ref: str, *steps: Any, **given: Any) -> Any:
    """Its operations are OP-<ref>-1, OP-<ref>-2, …"""
    named = [_named(ref, n, one) for n, one in enumerate(steps, 1)]
    spec = orders.OrderSpec(ref=ref, product="Housing R4", qty=40, operations=named, **given)
    return orders.add_orders([spec], by=person("pat"), now=utcnow())[0]


def _named(ref: str, n: int, step: Any) -> Any:
    return replace(step, ref=f"OP-{ref}-{n}", idx=n)


def taken(cell: Any, start: datetime, end: datetime, label: str = "Service") -> None:
    """Maintenance."""
    with transaction():
        cells.book([cells.Slot("window:1", "maintenance", cell.id, start, end, label)])


def slot_of(ref: str) -> tuple[Any, Any, Any]:
    db.session.rollback()
    found = orders.one_operation(ref)
    return found.cell_id, found.starts, found.ends
