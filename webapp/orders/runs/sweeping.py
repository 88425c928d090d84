"""What each tick does for operations: what waits and can start does; what takes longer than planned keeps its time."""

from datetime import datetime

from sqlalchemy import String, cast, select

from webapp import cells, journal
from webapp.cells import Booking, Cell, Sighting
from webapp.extensions import db, transaction
from webapp.lib.clock import iso
from webapp.orders.models import Operation, WorkOrder
from webapp.orders.runs.locking import held_waiting
from webapp.orders.runs.looking import look, waiting_turns
from webapp.orders.runs.machines import Shop
from webapp.orders.runs.starting import place, run_slot
from webapp.orders.runs.turns import Turn, in_order

FACTORY = "the factory"
WENT_DOWN = "machine went down"


def start_waiting(now: datetime, period: int) -> None:
    """Start what waits and can, in turn (turns.py). period: seconds between two samples.

    Two statements where nothing waits and nothing is late; a short transaction for each operation that starts or has a
    new reason, none for those whose reason stands.
    """
    _stretch(now)
    queue = in_order(waiting_turns())
    if not queue:
        return
    shop = look(now, period, max(turn.need.seconds for turn in queue))
    for turn in queue:
        _attempt(turn, shop, now)


def _attempt(turn: Turn, shop: Shop, now: datetime) -> None:
    """What another act holds just now is left to it."""
    fit = shop.fit(turn.need)
    if not fit and shop.reason(turn.need).message == turn.says:
        return
    with transaction():
        operation = held_waiting(turn.operation_id, turn.order_id)
        if operation is None:
            return
        place(operation, shop, FACTORY, now)
        if operation.status == "running" and operation.cell_id is not None:
            shop.take(operation.cell_id, f"{turn.label} has it")


def _stretch(now: datetime) -> None:
    """Keep the time of what runs and should be over by now: nobody plans on a machine that is still busy."""
    late = select(Operation.id).join(Booking, Booking.what == "operation:" + cast(Operation.id, String))
    ids = list(db.session.scalars(late.where(Operation.status == "running", Booking.ends <= now)))
    if not ids:
        return
    with transaction():
        again = select(Operation).where(Operation.id.in_(ids), Operation.status == "running").order_by(Operation.id)
        mine = again.with_for_update(of=Operation, skip_locked=True)
        slots = [run_slot(operation, now) for operation in db.session.scalars(mine)]
        cells.hold_lanes({slot.cell_id for slot in slots})
        cells.book(slots)


def heed_cells(now: datetime) -> None:
    """A machine that goes down under its operation ends nothing: that is for the person who stands there. It is told in
    the operation's history, once of each stop."""
    for operation_id, label, cell, since, why in _down():
        what = f"operation:{operation_id}"
        if any(e.verb == WENT_DOWN and e.details.get("since") == iso(since) for e in journal.recent(what, limit=20)):
            continue
        with transaction():
            journal.record(WENT_DOWN, what, f"cell:{cell}", now, operation=label, cell=cell, since=iso(since), why=why)


def _down() -> list[tuple[int, str, str, datetime, str]]:
    """(operation, as people call it, its machine, since when that is down, in its own words)."""
    columns = (Operation.id, WorkOrder.ref, Operation.idx, Operation.name, Cell.name, Sighting.since, Sighting.detail)
    query = select(*columns).join(WorkOrder, WorkOrder.id == Operation.order_id)
    query = query.join(Cell, Cell.id == Operation.cell_id).join(Sighting, Sighting.cell_id == Cell.id)
    going_on = query.where(Operation.status == "running", Sighting.state == "down")
    rows = db.session.execute(going_on.order_by(Operation.id))
    return [(id, f"{ref} step {idx}, {name}", cell, since, why) for id, ref, idx, name, cell, since, why in rows]
