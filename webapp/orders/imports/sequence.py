"""The place of operations that a later file adds to an order: by their numbers, or by time."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update

from webapp.extensions import db
from webapp.lib.clock import epoch
from webapp.orders.imports.merging import Wanted
from webapp.orders.imports.models import ImportedOperation
from webapp.orders.models import Operation, WorkOrder

NEVER = 2**40


def put_in_sequence(
    order: WorkOrder, wanted: Wanted, said: Mapping[str, ImportedOperation], made: Mapping[str, Operation]
) -> list[Operation]:
    """Numbered anew from 1. Through negative numbers, so that no two have the same one in between. Those that have
    another number now."""
    keys = {row.operation_id: key for key, row in said.items()} | {op.id: key for key, op in made.items()}
    places = {step.key: step.place for step in wanted.steps}
    steps = sorted(order.operations, key=lambda op: places.get(keys.get(op.id, ""), _place(op, keys.get(op.id, ""))))
    turned = [op for idx, op in enumerate(steps, 1) if op.idx != idx]
    mine = update(Operation).where(Operation.order_id == order.id)
    db.session.execute(mine.values(idx=-Operation.idx).execution_options(synchronize_session=False))
    for idx, op in enumerate(steps, 1):
        numbered = update(Operation).where(Operation.id == op.id).values(idx=idx)
        db.session.execute(numbered.execution_options(synchronize_session=False))
        db.session.expire(op, ["idx"])
    return turned


def _place(op: Operation, key: str) -> tuple[Any, ...]:
    """Of one that this file does not name, as its Step would have it."""
    number = int(key.removeprefix("step:")) if key.startswith("step:") else 0
    start, end = (op.starts or op.started_at, op.ends or op.ended_at)
    return (number, epoch(start) if start else NEVER, epoch(end) if end else NEVER, op.name, "", key)
