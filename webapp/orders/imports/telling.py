"""What a file says, as values of orders and operations. It decides nothing of what a person has changed."""

from datetime import datetime

from webapp.cells import Cell
from webapp.lib.clock import epoch, moment
from webapp.orders.imports.merging import Step, Wanted
from webapp.orders.imports.understanding import actual_times
from webapp.orders.models import ENDED, Operation, WorkOrder
from webapp.orders.specs import OperationSpec

HELD = "On hold when it was brought in"


def describe(order: WorkOrder, wanted: Wanted) -> None:
    order.product, order.qty, order.note = wanted.product, wanted.qty, wanted.note
    order.due_at, order.priority = _at(wanted.due), wanted.priority


def spec_of(step: Step, cell: Cell | None) -> OperationSpec:
    start, end = _slot(step)
    return OperationSpec(
        step.op, None, step.name, _kind(step, cell), cell.id if cell else None, start, end, step.seconds
    )


def describe_step(op: Operation, step: Step, cell: Cell | None, begun: datetime) -> None:
    """begun: when the import was; what ends before it is over."""
    op.name, op.required_kind, op.cell_id = step.name, _kind(step, cell), cell.id if cell else None
    op.starts, op.ends = _slot(step)
    op.seconds, op.qty_done, op.qty_rejected = step.seconds, step.done, step.rejected
    began, ended = actual_times(vars(step), step.status, epoch(begun))
    op.started_at, op.ended_at, op.ended_by = _at(began), _at(ended), ""
    op.status = status_of(step, begun)


def status_of(step: Step, begun: datetime) -> str:
    """As it is written, else as its times say."""
    return step.status or ("done" if actual_times(vars(step), "", epoch(begun))[1] is not None else "planned")


def conclude(order: WorkOrder, wanted_status: str, by: str, now: datetime) -> list[Operation]:
    """The order's own status, out of what became of its operations. Those that are cancelled with it."""
    began = [op.started_at for op in order.operations if op.started_at]
    ended = [op.ended_at for op in order.operations if op.ended_at]
    dropped = [op for op in order.operations if op.movable] if wanted_status == "cancelled" else []
    for op in dropped:
        op.end("cancelled", by, now)
    order.status = wanted_status or _status({op.status for op in order.operations})
    order.hold_reason = _why_held(order) if order.status == "held" else ""
    order.started_at = min(began, default=None)
    order.ended_at = max(ended, default=now) if order.status in ("done", "cancelled") else None
    return dropped


def _why_held(order: WorkOrder) -> str:
    return next(
        (f"{op.name} failed before it was brought in" for op in order.operations if op.status == "failed"), HELD
    )


def _status(statuses: set[str]) -> str:
    if "failed" in statuses:
        return "held"
    if not statuses or statuses <= {"planned", "waiting", "cancelled"}:
        return "cancelled" if statuses == {"cancelled"} else "planned"
    return "done" if statuses <= set(ENDED) else "running"


def _slot(step: Step) -> tuple[datetime | None, datetime | None]:
    """What begins and ends in the same moment of its clock happened, and takes no place."""
    return (None, None) if step.start == step.end else (_at(step.start), _at(step.end))


def _kind(step: Step, cell: Cell | None) -> str | None:
    return (cell.kind if cell else step.kind) or None


def _at(seconds: int | None) -> datetime | None:
    return None if seconds is None else moment(seconds)
