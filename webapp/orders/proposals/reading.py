"""The shop as it is: which operations may be placed anew, where, and what stands around them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select

from webapp import cells
from webapp.cells import Cell
from webapp.extensions import db
from webapp.lib.clock import epoch, iso, moment
from webapp.lib.stretches import Stretch
from webapp.orders.models import ENDED, Operation, WorkOrder
from webapp.orders.planning.shop import Job, Place, Places, Shop, Task
from webapp.orders.proposals.models import Proposal

#: Beyond the days asked for a plan may go on so much longer: what is late is done some time.
BEYOND = timedelta(days=90)
#: Operations: more are not planned at once, the orders that are due last are left as they are.
MOST = 600
NOT_AT_ONCE = f"more than {MOST} operations are not planned at once; it is not among the most urgent"
#: What a cell does that is no booking: the moment up to which it is expected to.
Busy = Mapping[int, datetime]


@dataclass(frozen=True)
class Asked:
    """What is there to plan with. today: where the loose operations lie now. orders, operations: what a proposal tells
    of each, by ref. left_out: orders, and why."""

    shop: Shop
    today: Places
    orders: Mapping[str, dict[str, Any]]
    operations: Mapping[str, dict[str, Any]]
    left_out: dict[str, str]


def read_shop(proposal: Proposal, busy: Busy, now: datetime) -> Asked:
    """For a proposal, as things stand now."""
    begin = max(proposal.begins, now)
    until = begin + timedelta(days=proposal.days) + BEYOND
    reader = _Reader(epoch(begin), epoch(until), now)
    orders, left_out = _at_most(_wanted(proposal, begin), reader)
    jobs = [reader.job(order) for order in orders]
    loose = [one for order in orders for one in reader.loose(order)]
    used = {cell for job in jobs for task in job.loose for cell in task.cells}
    taken, working = _taken(used, loose, busy, now, until), _working(used, now, until)
    shop = Shop(jobs, epoch(begin), epoch(until), taken, working)
    about = {order.ref: _order(order) for order in orders}
    return Asked(shop, _today(loose), about, {one.ref: _operation(one) for one in loose}, left_out)


def _order(order: WorkOrder) -> dict[str, Any]:
    return {"ref": order.ref, "product": order.product, "priority": order.priority, "due": iso(order.due_at)}


def _operation(operation: Operation) -> dict[str, Any]:
    about = {"ref": operation.ref, "order": operation.order.ref, "label": operation.label}
    return {**about, "version": operation.version}


def _wanted(proposal: Proposal, begin: datetime) -> list[WorkOrder]:
    """The most urgent first."""
    query = select(WorkOrder).where(WorkOrder.status.in_(("planned", "running")))
    if proposal.orders:
        query = query.where(WorkOrder.ref.in_(proposal.orders))
    orders = [order for order in db.session.scalars(query) if any(is_loose(one) for one in order.operations)]
    if not proposal.orders:
        orders = [order for order in orders if _concerns(order, begin + timedelta(days=proposal.days))]
    return sorted(orders, key=lambda order: (order.due_at is None, order.due_at or begin, -order.priority, order.id))


def is_loose(operation: Operation) -> bool:
    """It may be placed anew."""
    return operation.movable and not (operation.pinned and operation.placed)


def _concerns(order: WorkOrder, end: datetime) -> bool:
    """It is due by then, begins by then, or nobody has said when."""
    starts = [one.starts for one in order.operations if is_loose(one) and one.starts]
    known = [at for at in (order.due_at, min(starts, default=None)) if at]
    return not known or min(known) < end


def _at_most(orders: list[WorkOrder], reader: "_Reader") -> tuple[list[WorkOrder], dict[str, str]]:
    chosen, left_out, count = [], {}, 0
    for order in orders:
        cannot, loose = reader.cannot(order), reader.loose(order)
        if cannot:
            left_out[order.ref] = "; ".join(f"{one.label}: {reader.why_none(one)}" for one in cannot)
        if loose and count + len(loose) > MOST:
            left_out[order.ref] = NOT_AT_ONCE
        elif loose and all(one.placed for one in cannot):
            chosen.append(order)
            count += len(loose)
    return chosen, left_out


@dataclass(frozen=True)
class _Reader:
    """Orders as jobs."""

    begin: int
    until: int
    now: datetime

    def job(self, order: WorkOrder) -> Job:
        left = [one for one in order.operations if one.status not in ENDED]
        due = epoch(order.due_at) if order.due_at else None
        return Job(order.ref, tuple(self._task(one) for one in left), due, weight=order.priority + 1)

    def loose(self, order: WorkOrder) -> list[Operation]:
        """Those that are placed anew. One that no open machine could take stays where it is."""
        return [one for one in order.operations if is_loose(one) and self.usable(one)]

    def cannot(self, order: WorkOrder) -> list[Operation]:
        """Those for which there is no machine. One without a place keeps its whole order from being planned."""
        return [one for one in order.operations if is_loose(one) and not self.usable(one)]

    def _task(self, operation: Operation) -> Task:
        if is_loose(operation) and self.usable(operation):
            return Task(operation.ref, operation.seconds, self.usable(operation))
        span = operation.reach(self.now)
        assert span
        return Task(operation.ref, operation.seconds, fixed=_place(operation.cell_id, span.start, span.end))

    def usable(self, operation: Operation) -> tuple[int, ...]:
        """Its machine first, so that of equals it stays there. What needs no kind of machine stays on its own."""
        here, kind = operation.cell_id, operation.required_kind
        fit = [cell.id for cell in self._open if (cell.kind == kind if kind else here in (None, cell.id))]
        stays = [cell.id for cell in self._open if cell.id == here]
        return tuple(dict.fromkeys([*stays, *fit]))

    def why_none(self, operation: Operation) -> str:
        """Why no machine can take it."""
        kind, here = operation.required_kind, operation.cell_id
        fit = [cell for cell in self._every if (cell.kind == kind if kind else here in (None, cell.id))]
        closed = [f"{one.name} {'takes no operations' if one.mode == 'open' else f'is {one.mode}'}" for one in fit]
        return ", ".join(closed[:5]) or (f"there is no {kind}" if kind else "there is no machine")

    @cached_property
    def _every(self) -> list[Cell]:
        return cells.all_cells()

    @cached_property
    def _open(self) -> list[Cell]:
        return [cell for cell in self._every if cell.mode == "open" and "operation" in cell.takes]


def _place(cell_id: int | None, start: datetime, end: datetime) -> Place:
    return Place(cell_id or 0, epoch(start), epoch(end))


def _today(loose: Collection[Operation]) -> Places:
    return {one.ref: _place(one.cell_id, one.starts, one.ends) for one in loose if one.starts and one.ends}


def _taken(
    used: Collection[int], loose: Collection[Operation], busy: Busy, now: datetime, until: datetime
) -> dict[int, list[Stretch]]:
    """By everything that is booked and stays, and by what runs without a booking."""
    moving = {one.what for one in loose}
    taken: dict[int, list[Stretch]] = {cell: [] for cell in used}
    for one in cells.bookings(now, until, used):
        if one.what not in moving:
            taken[one.cell_id].append((epoch(one.starts), epoch(one.ends)))
    for cell, end in busy.items():
        if cell in taken and end > now:
            taken[cell].append((epoch(now), epoch(end)))
    return taken


def _working(used: Collection[int], now: datetime, until: datetime) -> dict[int, list[Stretch] | None]:
    """Each cell's shifts, their breaks included: a machine goes on while its people eat."""
    found = cells.calendar_marks(used, epoch(now), epoch(until))
    made: dict[int, list[Stretch]] = {}
    for marks in found.values():
        if marks is not None and id(marks) not in made:
            made[id(marks)] = list(cells.scheduled_parts(marks, epoch(now), epoch(until)))
    return {cell: None if marks is None else made[id(marks)] for cell, marks in found.items()}


def told(place: Place | None) -> dict[str, object] | None:
    """As a proposal keeps it."""
    return (
        None
        if place is None
        else {"cell": place.cell_id, "start": iso(moment(place.start)), "end": iso(moment(place.end))}
    )
