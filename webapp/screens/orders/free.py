"""Where a step could go: the next free place for the first that has none, or that breaks a rule where it lies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp import cells, orders
from webapp.orders import Operation, Span, WorkOrder

#: How far ahead is looked, and on how many machines where any of a kind would do.
AHEAD, MOST = timedelta(days=60), 8


@dataclass(frozen=True)
class Free:
    step: str
    ref: str
    machine: str
    span: Span


def next_free(order: WorkOrder, wrong: Collection[Operation], now: datetime) -> Free | None:
    """None where every step lies well, or nothing is free for two months."""
    if order.status in ("done", "cancelled"):
        return None
    step = next((one for one in order.operations if one.movable and (not one.placed or one in wrong)), None)
    if step is None:
        return None
    seconds = int((step.ends - step.starts).total_seconds()) if step.starts and step.ends else step.seconds
    offers = [
        Free(f"step {step.idx}, {step.name}", step.ref, cell.name, span)
        for cell in _machines(step)
        for span in orders.valid_slots(step, cell.id, now, seconds, now + AHEAD, 1, now)
    ]
    return min(offers, key=lambda one: (one.span.start, one.machine), default=None)


def _machines(step: Operation) -> list[cells.Cell]:
    """Its own, or those of the kind that it needs."""
    every = cells.all_cells()
    own = [cell for cell in every if cell.id == step.cell_id]
    fit = [cell for cell in every if step.required_kind in (None, cell.kind) and "operation" in cell.takes]
    return own or fit[:MOST]
