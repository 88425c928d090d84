"""Operations begin: on the machine they are planned on, on another that fits, or as soon as one does."""

from collections.abc import Collection
from datetime import datetime, timedelta

from webapp import cells, journal
from webapp.cells import Cell, Claim, Slot
from webapp.extensions import db, transaction
from webapp.lib.clock import whole
from webapp.lib.refusal import WrongState
from webapp.orders.finding import held_order
from webapp.orders.models import OVER, Operation, WorkOrder
from webapp.orders.runs import reasons
from webapp.orders.runs.locking import held_operation
from webapp.orders.runs.looking import look_behind, need_of, promises
from webapp.orders.runs.machines import Machine, Shop, verdict
from webapp.people import Caller

#: Machines that are tried at once. Who loses all of them to others looks again at the next tick.
MOST = 3


def start_order(ref: str, by: Caller, now: datetime, period: int) -> WorkOrder:
    """Its first operation runs, or waits and says why. period: seconds between two samples."""
    with transaction():
        order = held_order(ref)
        first = _first(order)
        journal.record("started order", order.what, by.name, now, order=order.ref, operation=first.ref)
        begin(first, by.name, now, period)
    return order


def start_operation(ref: str, by: Caller, now: datetime, period: int) -> Operation:
    """It runs, or waits and says why; one that waits is tried again. Raises WrongState out of sequence."""
    with transaction():
        operation = held_operation(ref)
        require_turn(operation)
        begin(operation, by.name, now, period)
    return operation


def _first(order: WorkOrder) -> Operation:
    if order.status == "held":
        raise on_hold(order)
    if order.status != "planned" or any(step.status == "waiting" for step in order.operations):
        says = "was started already" if order.status in ("planned", "running") else f"is {order.status}"
        raise WrongState(f"{order.ref} {says}", status=order.status)
    first = next((step for step in order.operations if step.status not in OVER), None)
    if first is None:
        raise WrongState(f"{order.ref} has no operation that could start", status=order.status)
    return first


def require_turn(operation: Operation) -> None:
    """Raise unless it may start: its order goes on, it has not run, and all before it is done."""
    order = operation.order
    if order.status == "held":
        raise on_hold(order)
    if operation.status not in ("planned", "waiting"):
        raise wrong_state(operation)
    if before := operation.still_before:
        last = before[-1]
        raise WrongState(f"{last.label} comes before it and is {last.status}", status=operation.status, after=last.ref)


def on_hold(order: WorkOrder) -> WrongState:
    return WrongState(f"{order.ref} is on hold: {order.hold_reason}", status=order.status)


def wrong_state(operation: Operation) -> WrongState:
    """It is not in the state for this; who changed it, and when."""
    ended = operation.ended_at is not None
    by, at = (operation.ended_by, operation.ended_at) if ended else (operation.started_by, operation.started_at)
    says = f"{operation.label} is {operation.status}"
    told = {"ended_by" if ended else "started_by": by, "ended_at" if ended else "started_at": at} if at else {}
    return WrongState(f"{says}: {by}" if by else says, status=operation.status, **told)


def begin(operation: Operation, by: str, now: datetime, period: int, freed: Collection[int] = ()) -> None:
    """Claim the best machine for it, or write down why it waits. A move, under the lock of its order.

    freed: machines whose time was given back in this act; their lanes are held together with all others, once.
    """
    shop = look_behind(operation, now, period)
    place(operation, shop, by, now, freed)


def place(operation: Operation, shop: Shop, by: str, now: datetime, freed: Collection[int] = ()) -> None:
    """The same, among these machines."""
    fit = shop.fit(need_of(operation))[:MOST]
    lanes = {machine.cell_id for machine in fit} | ({operation.cell_id} if operation.cell_id else set())
    cells.hold_lanes({*lanes, *freed})
    for machine in _still_clear(operation, fit, shop, now):
        claim = cells.claim(db.session.get_one(Cell, machine.cell_id), operation.what, now)
        if claim is not None:
            _run(operation, claim, machine, by, now)
            return
        shop.take(machine.cell_id, "somebody else got it just now")
    _wait(operation, shop, by, now)


def _still_clear(operation: Operation, fit: list[Machine], shop: Shop, now: datetime) -> list[Machine]:
    """Of these the ones nobody booked meanwhile: their lanes are held now, so what is read stays true."""
    if not fit:
        return []
    need = need_of(operation)
    read = promises(now, need.seconds, [machine.cell_id for machine in fit])
    shop.promise({machine.cell_id: read.get(machine.cell_id, ()) for machine in fit})
    return [m for m in (shop.machines[machine.cell_id] for machine in fit) if verdict(need, m, now) is None]


def _run(operation: Operation, claim: Claim, machine: Machine, by: str, now: datetime) -> None:
    order, planned = operation.order, operation.cell_id
    warning = machine.check(need_of(operation), now).warning
    operation.run(claim, by, now)
    order.begin(now)
    cells.book([run_slot(operation, now)])
    told: dict[str, object] = {"order": order.ref, "operation": operation.label}
    told |= {"cell_id": machine.cell_id, "cell": machine.name, "fence": claim.fence}
    told |= {"instead_of": db.session.get_one(Cell, planned).name} if planned not in (None, machine.cell_id) else {}
    told |= {"warning": warning} if warning else {}
    journal.record("started operation", operation.what, by, now, **told)


def _wait(operation: Operation, shop: Shop, by: str, now: datetime) -> None:
    need = need_of(operation)
    why = reasons.LOOKING if shop.fit(need) else shop.reason(need)
    if operation.waiting == why:
        return
    if operation.status != "waiting":
        told = {"order": operation.order.ref, "operation": operation.label, "why": why.message}
        journal.record("operation waits", operation.what, by, now, **told)
    operation.wait(why)


def run_slot(operation: Operation, now: datetime) -> Slot:
    """The time it takes, as far as is known: as planned, and once that is over a little more than up to now."""
    started = operation.started_at or whole(now)
    planned = started + timedelta(seconds=operation.seconds)
    ends = planned if planned > now else whole(now) + LITTLE
    return Slot(operation.what, "operation", operation.cell_id or 0, started, ends, operation.label)


#: How far beyond now the time of an operation is stretched that takes longer than planned: so that it is not written
#: down anew at every tick.
LITTLE = timedelta(minutes=1)
