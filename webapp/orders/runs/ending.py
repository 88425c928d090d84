"""Operations end: done, and the next one begins in the same commit; or failed, and their order is held."""

from datetime import datetime

from webapp import cells, journal
from webapp.cells import Cell, Claim
from webapp.extensions import db, transaction
from webapp.lib.refusal import Invalid
from webapp.orders.models import ENDED, Operation, WorkOrder
from webapp.orders.runs import reasons
from webapp.orders.runs.locking import held_operation
from webapp.orders.runs.starting import begin, wrong_state
from webapp.people import Caller

LONGEST_REASON = 300
MOST_PIECES = 10_000_000


def complete_operation(
    ref: str, by: Caller, now: datetime, period: int, qty_done: int | None = None, qty_rejected: int | None = None
) -> Operation:
    """It is done: its machine is free, and the next one that can starts, or says why it waits. After the last one the
    order is done. Of two at once one wins, the other gets WrongState."""
    _check_pieces(qty_done=qty_done, qty_rejected=qty_rejected)
    with transaction():
        operation = _running(ref)
        operation.qty_done, operation.qty_rejected = qty_done, qty_rejected
        freed = _end(operation, "done", by.name, now)
        _go_on(operation.order, by.name, now, period, freed)
    return operation


def fail_operation(ref: str, reason: str, by: Caller, now: datetime) -> Operation:
    """It came to nothing: its machine is free, and its order is held until somebody resumes it."""
    line = one_line(reason)
    with transaction():
        operation = _running(ref)
        _end(operation, "failed", by.name, now, line)
        order = operation.order
        order.turn("held", now, f"step {operation.idx}, {operation.name}, failed: {line}"[:LONGEST_REASON])
        journal.record("held order", order.what, by.name, now, order=order.ref, why=order.hold_reason)
    return operation


def conclude_if_over(order: WorkOrder, by: str, now: datetime) -> bool:
    """Nothing is left of it to work on, so it is done; whether that was so. A move, under its lock."""
    statuses = {step.status for step in order.operations}
    if "done" not in statuses or not statuses <= set(ENDED):
        return False
    order.turn("done", now)
    journal.record("completed order", order.what, by, now, order=order.ref)
    return True


def one_line(reason: str) -> str:
    """A reason as it is kept; raises Invalid where there is none."""
    line = " ".join(reason.split())
    if not line or len(line) > LONGEST_REASON or not line.isprintable():
        raise Invalid(reason=f"must say why, in 1 to {LONGEST_REASON} plain characters")
    return line


def _check_pieces(**given: object) -> None:
    """Whole numbers; a bool is none."""
    wrong = [name for name, count in given.items() if count is not None and not _is_count(count)]
    if wrong:
        raise Invalid(**dict.fromkeys(wrong, f"must be a whole number from 0 to {MOST_PIECES}"))


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_PIECES


def _running(ref: str) -> Operation:
    operation = held_operation(ref)
    if operation.status != "running":
        raise wrong_state(operation)
    return operation


def _end(operation: Operation, status: str, by: str, now: datetime, reason: str = "") -> list[int]:
    """It has ended, and holds neither machine nor time any more; the machines that are free now."""
    cell = db.session.get_one(Cell, operation.cell_id)
    operation.end(status, by, now, reason)
    cells.release(db.session.get_one(Claim, operation.claim_id), now, status, stop_owed=False)
    cells.unbook([operation.what])
    told: dict[str, object] = {"order": operation.order.ref, "operation": operation.label, "cell": cell.name}
    told |= {"cell_id": cell.id, "done": operation.qty_done, "rejected": operation.qty_rejected, "reason": reason}
    known = {name: value for name, value in told.items() if value not in (None, "")}
    journal.record("completed operation" if status == "done" else "failed operation", operation.what, by, now, **known)
    return [cell.id]


def _go_on(order: WorkOrder, by: str, now: datetime, period: int, freed: list[int]) -> None:
    if conclude_if_over(order, by, now):
        return
    following = next(step for step in order.operations if step.status not in ENDED)
    if order.status == "held":
        following.wait(reasons.order_held(order.hold_reason))
    else:
        db.session.flush()
        begin(following, by, now, period, freed)
