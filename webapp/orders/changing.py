"""Changing what an order is, copying it, and calling it off. Its steps are changed in stepping.py."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime

from webapp import cells, journal
from webapp.extensions import transaction
from webapp.lib.clock import iso, whole
from webapp.lib.refusal import Invalid, Stale, WrongState
from webapp.orders.adding import add_orders
from webapp.orders.finding import held_order, one_order
from webapp.orders.models import ENDED, WorkOrder
from webapp.orders.specs import OperationSpec, OrderSpec, header_complaints, refuse_if
from webapp.people import Caller, name_of

#: Of an order; its steps have an act of their own.
CHANGEABLE = ("product", "qty", "due_at", "priority", "note")


def change_order(
    ref: str, changes: Mapping[str, object], by: Caller | str, now: datetime, version: int | None = None
) -> WorkOrder:
    """Change product, qty, due_at, priority or note; what is not named stays. Raises Stale with both values of each
    field where somebody changed the order since `version`."""
    with transaction():
        order = held_order(ref)
        refuse_over(order)
        asked = _readable(order, changes)
        refuse_stale(order, version, asked)
        before = {name: getattr(order, name) for name in asked if getattr(order, name) != asked[name]}
        for name in before:
            setattr(order, name, asked[name])
        if before:
            grow(order, now)
            after = {name: asked[name] for name in before}
            journal.record("changed order", order.what, name_of(by), now, before=_plain(before), after=_plain(after))
    return order


def clone_order(
    ref: str, by: Caller | str, now: datetime, new_ref: str = "", due_at: datetime | None = None
) -> WorkOrder:
    """The same again, not placed yet: one time cannot be worked twice. due_at None: nobody said one."""
    order = one_order(ref)
    steps = [
        OperationSpec(idx=step.idx, name=step.name, required_kind=step.required_kind, seconds=step.seconds)
        for step in order.operations
    ]
    spec = OrderSpec(new_ref, order.product, order.qty, due_at, order.priority, order.note, steps)
    return add_orders([spec], by, now, source=f"copy of {order.ref}"[:40])[0]


def cancel_order(ref: str, by: Caller | str, now: datetime, reason: str = "") -> WorkOrder:
    """It will not be made: what is not done of it leaves the plan. Raises WrongState while one of its steps runs."""
    with transaction():
        order = held_order(ref)
        refuse_over(order)
        if any(step.status == "running" for step in order.operations):
            raise WrongState(f"{order.ref} has a step that runs: end that first", status=order.status)
        left = [step for step in order.operations if step.status not in ENDED]
        cells.hold_lanes({step.cell_id for step in left if step.cell_id})
        cells.unbook([step.what for step in left])
        for step in left:
            step.status, step.ended_at, step.version = "cancelled", whole(now), step.version + 1
            step.waiting_code = step.waiting_message = None
        order.status, order.ended_at, order.hold_reason = "cancelled", whole(now), ""
        grow(order, now)
        journal.record("cancelled order", order.what, name_of(by), now, order=order.ref, reason=reason[:300])
    return order


def refuse_over(order: WorkOrder) -> None:
    if order.status in ("done", "cancelled"):
        raise WrongState(f"{order.ref} is {order.status}: it is not changed any more", status=order.status)


def refuse_stale(order: WorkOrder, version: int | None, asked: Mapping[str, object]) -> None:
    if version is None or version == order.version:
        return
    last = journal.recent(subjects=[order.what, *(step.what for step in order.operations)], limit=1)
    both = {name: {"yours": value, "now": getattr(order, name)} for name, value in asked.items()}
    raise Stale(
        f"{order.ref} was changed after you opened it",
        version=order.version,
        values={name: pair for name, pair in both.items() if pair["yours"] != pair["now"]},
        changed=last[0].verb if last else None,
        changed_by=last[0].by if last else None,
    )


def grow(order: WorkOrder, now: datetime) -> None:
    order.version += 1
    order.updated_at = whole(now)


def _readable(order: WorkOrder, changes: Mapping[str, object]) -> dict[str, object]:
    """As the order would hold them; raises Invalid naming each field."""
    if strange := [name for name in changes if name not in CHANGEABLE]:
        raise Invalid(**dict.fromkeys(strange, "cannot be changed here"))
    now = {one.name: getattr(order, one.name) for one in fields(OrderSpec) if one.name in CHANGEABLE}
    refuse_if(header_complaints(replace(OrderSpec(), **{**now, **changes})))
    return {name: _settled(value) for name, value in changes.items()}


def _settled(value: object) -> object:
    if isinstance(value, datetime):
        return whole(value)
    return value.strip() if isinstance(value, str) else value


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    """As the journal can keep them."""
    return {name: iso(value) if isinstance(value, datetime) else value for name, value in values.items()}
