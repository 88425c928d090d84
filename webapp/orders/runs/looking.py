"""How all machines are just now, and what waits for one, as the rules want to see them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from webapp import cells, upkeep
from webapp.cells import Standing
from webapp.extensions import db
from webapp.lib.names import label_of
from webapp.orders.models import Operation, WorkOrder
from webapp.orders.runs.machines import Machine, Need, Promise, Shop, as_promises
from webapp.orders.runs.turns import Turn, leave_to
from webapp.upkeep import Fitness


def look(now: datetime, period: int, seconds: int) -> Shop:
    """period: between two samples; seconds: of work that is to be done, for which promises are looked up."""
    fitness, called = upkeep.fitness(now), cells.holders_called()
    promised = promises(now, seconds)
    standings = cells.standings(now, period)
    machines = (_machine(s, promised.get(id, ()), fitness.get(id), called, now) for id, s in standings.items())
    return Shop({machine.cell_id: machine for machine in machines}, now)


def look_behind(operation: Operation, now: datetime, period: int) -> Shop:
    """All machines as they are left by those whose turn comes before this operation's."""
    mine, others = turn_of(operation), waiting_turns(Operation.id != operation.id)
    ahead = [turn for turn in others if turn.order < mine.order]
    shop = look(now, period, max(turn.need.seconds for turn in [mine, *ahead]))
    leave_to(ahead, shop)
    return shop


def promises(now: datetime, seconds: int, cell_ids: Collection[int] | None = None) -> dict[int, tuple[Promise, ...]]:
    """What is booked from now on for so long, by machine."""
    found = cells.bookings(now, now + timedelta(seconds=max(seconds, 1)), cell_ids)
    return as_promises((b.cell_id, Promise(b.what, b.kind, b.label, b.starts, b.ends)) for b in found)


def need_of(operation: Operation) -> Need:
    return Need(operation.what, operation.required_kind, operation.seconds, operation.cell_id, operation.starts)


def turn_of(operation: Operation) -> Turn:
    order = operation.order
    return Turn(
        operation.id,
        order.id,
        operation.label,
        order.priority,
        order.due_at,
        order.created_at,
        need_of(operation),
        operation.waiting_message or "",
    )


def waiting_turns(*conditions: ColumnElement[bool]) -> list[Turn]:
    """Every operation a machine is looked for, in no order. Those of orders on hold are not among them."""
    asked = select(
        Operation.id,
        Operation.order_id,
        WorkOrder.ref,
        Operation.idx,
        Operation.name,
        WorkOrder.priority,
        WorkOrder.due_at,
        WorkOrder.created_at,
        Operation.required_kind,
        Operation.seconds,
        Operation.cell_id,
        Operation.starts,
        Operation.waiting_message,
    ).join(WorkOrder, WorkOrder.id == Operation.order_id)
    going_on = asked.where(Operation.status == "waiting", WorkOrder.status != "held", *conditions)
    rows: Sequence[Any] = db.session.execute(going_on).all()
    return [_turn(*row) for row in rows]


def _turn(
    id: int,
    order_id: int,
    ref: str,
    idx: int,
    name: str,
    priority: int,
    due_at: datetime | None,
    created_at: datetime,
    kind: str | None,
    seconds: int,
    cell_id: int | None,
    starts: datetime | None,
    says: str | None,
) -> Turn:
    need = Need(f"operation:{id}", kind, seconds, cell_id, starts)
    return Turn(id, order_id, f"{ref} step {idx}, {name}", priority, due_at, created_at, need, says or "")


def _machine(
    standing: Standing, promised: tuple[Promise, ...], fitness: Fitness | None, called: dict[str, str], now: datetime
) -> Machine:
    cell, claim = standing.cell, standing.claim
    return Machine(
        cell_id=cell.id,
        name=cell.name,
        kind=cell.kind,
        since=standing.since,
        takes_operations="operation" in cell.takes,
        in_service=cell.in_service_from <= now and (cell.in_service_to is None or cell.in_service_to > now),
        mode=cell.mode,
        mode_why=cell.mode_why,
        state=standing.state,
        detail=standing.detail,
        asked=any(feed.kind == "http" for feed in cell.feeds),
        taken=f"{label_of(claim.what, called)} has it" if claim else "",
        promises=promised,
        fitness=fitness,
    )
