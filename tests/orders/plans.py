"""A plan for tests: machines, and orders whose steps lie where a test says, by the clock of its day."""

from datetime import datetime, timedelta
from typing import Any

from tests.world import NOW, at, make_cell
from webapp import cells, orders
from webapp.cells import Cell
from webapp.orders import Operation, OperationSpec, OrderSpec, WorkOrder


def machine(name: str = "M1") -> Cell:
    """Made when first asked for."""
    found: Cell = cells.by_name(name) or make_cell(name, takes=["operation"])
    return found


def step(start: str | datetime = "", end: str | datetime = "", on: str = "M1", **about: Any) -> OperationSpec:
    """step("11:00", "12:00"): there and then on M1; step(): an hour of work, not placed yet."""
    if not start:
        return OperationSpec(**{"name": "cut", "seconds": 3600, **about})
    span = [moment if isinstance(moment, datetime) else at(moment) for moment in (start, end)]
    return OperationSpec(**{"name": "cut", "cell_id": machine(on).id, "start": span[0], "end": span[1], **about})


def order(*steps: OperationSpec, ref: str = "WO-1", now: datetime = NOW, **about: Any) -> WorkOrder:
    """Its steps are called WO-1-1, WO-1-2 …"""
    spec = OrderSpec(ref=ref, operations=steps, **{"product": "Bracket", "qty": 10, **about})
    return orders.add_orders([spec], by="pat", now=now)[0]


def move(ref: str, start: str, end: str, on: str | None = None, **about: Any) -> Operation:
    cell_id = machine(on).id if on else None
    by, now = about.pop("by", "pat"), about.pop("now", NOW)
    return orders.reschedule(ref, at(start), at(end), cell_id, by, now, **about)


def where(ref: str) -> str:
    """ "M1 11:00-12:00": where an operation is planned."""
    operation = orders.one_operation(ref)
    if operation.starts is None or operation.ends is None:
        return "nowhere"
    return f"{cells.one(operation.cell_id or 0).name} {operation.starts:%H:%M}-{operation.ends:%H:%M}"


def booked(on: str = "M1") -> dict[str, str]:
    """Who has booked which time of a machine."""
    found = cells.bookings(NOW - timedelta(days=9), NOW + timedelta(days=9), [machine(on).id])
    return {row.label: f"{row.starts:%H:%M}-{row.ends:%H:%M}" for row in found}


def rules_broken() -> list[tuple[str, str, str]]:
    """(rule, who, against whom), of all that is stored."""
    found = orders.conflicts(NOW - timedelta(days=900), NOW + timedelta(days=900))
    return sorted((one.rule, one.one.ref, one.other.ref or one.other.label) for one in found)
