"""Moving operations on the plan: one or many, together or not at all. What breaks a rule is refused, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from webapp import cells, journal
from webapp.extensions import db, transaction
from webapp.lib.clock import whole
from webapp.lib.refusal import Invalid, Stale, WrongState
from webapp.orders.finding import held_operations
from webapp.orders.models import Operation, PlanChange
from webapp.orders.places import Place, arounds, place_of
from webapp.orders.placing import names_of, write
from webapp.orders.rules import RuleViolation, Span, nearest, violations
from webapp.orders.specs import span_complaints
from webapp.people import Caller, name_of


@dataclass(frozen=True)
class Move:
    """Where an operation is to lie. cell_id None: where it lies now; version: the one the caller saw."""

    ref: str
    cell_id: int | None
    start: datetime
    end: datetime
    version: int | None = None


def reschedule(
    ref: str,
    start: datetime,
    end: datetime,
    cell_id: int | None,
    by: Caller | str,
    now: datetime,
    version: int | None = None,
) -> Operation:
    """Give one operation its time and machine. Raises RuleViolation, Stale where somebody was quicker, WrongState for
    one that runs or is over, and Invalid for what is no time or no machine at all."""
    with transaction():
        operations, _ = _moved([Move(ref, cell_id, start, end, version)], by, now, "")
    return operations[0]


def reschedule_all(moves: Sequence[Move], by: Caller | str, now: datetime, why: str = "") -> PlanChange:
    """All of them or none: each has to keep its rules as all lie in the end. A refusal names the `operation`."""
    with transaction():
        _, change = _moved(moves, by, now, why)
    return change


def unplace(ref: str, by: Caller | str, now: datetime) -> PlanChange:
    """Take it off the plan: it keeps the time it needs, and has no machine."""
    with transaction():
        operation = held_operations([ref])[ref]
        refuse_unmovable(operation)
        cells.hold_lanes([operation.cell_id] if operation.cell_id else [])
        return write([(operation, None)], name_of(by), now, "")


def pin(ref: str, on: bool, by: Caller | str, now: datetime) -> Operation:
    """A proposed plan leaves a pinned operation where it is; people may move it."""
    with transaction():
        operation = held_operations([ref])[ref]
        if operation.pinned != on:
            operation.pinned = on
            operation.version += 1
            verb = "pinned operation" if on else "unpinned operation"
            journal.record(verb, operation.what, name_of(by), now, operation=operation.label)
    return operation


def _moved(moves: Sequence[Move], by: Caller | str, now: datetime, why: str) -> tuple[list[Operation], PlanChange]:
    _refuse_twice(moves)
    held = held_operations([move.ref for move in moves])
    for move in moves:
        refuse_unmovable(held[move.ref])
        _refuse_stale(held[move.ref], move)
    wanted = {held[move.ref]: wanted_place(held[move.ref], move.cell_id, move.start, move.end) for move in moves}
    cells.hold_lanes({place.cell_id for op in wanted for place in (wanted[op], place_of(op)) if place})
    refuse_violations(wanted, now)
    return list(wanted), write(list(wanted.items()), name_of(by), now, why)


def wanted_place(operation: Operation, cell_id: int | None, start: datetime, end: datetime) -> Place:
    """Where it is to lie; raises Invalid. Start and end may be the wrong way round: that is the rules' to say."""
    complaints = span_complaints(start, end)
    if says := machine_refusal(operation, cell_id):
        complaints["cell_id"] = says
    if complaints:
        raise Invalid(**dict(complaints.items()))
    return Place(cell_id or operation.cell_id or 0, Span(whole(start), whole(end)))


def machine_refusal(
    operation: Operation, cell_id: int | None, known: Mapping[int, cells.Cell] | None = None
) -> str | None:
    """Only a machine that is new to it is asked about: imported history stays where it was.

    known: all machines, for whoever asks about many operations.
    """
    if cell_id is None:
        return None if operation.cell_id else "is required: the operation is on no machine yet"
    if cell_id == operation.cell_id:
        return None
    get = partial(db.session.get, cells.Cell) if known is None else known.get
    cell = get(cell_id) if 0 < cell_id < 2**31 else None
    if cell is None:
        return "must be a machine that there is"
    if cell.in_service_to is not None:
        return f"is {cell.name}, which is retired"
    unfit = operation.required_kind and cell.kind != operation.required_kind
    return f"is a {cell.kind}, and the operation needs a {operation.required_kind}" if unfit else None


def refuse_unmovable(operation: Operation) -> None:
    if operation.movable:
        return
    said = {"running": "runs", "done": "is done", "failed": "has failed", "cancelled": "is cancelled"}
    message = f"{operation.label} {said[operation.status]}: its plan is over"
    raise WrongState(message, status=operation.status, operation=operation.ref)


def refuse_violations(wanted: dict[Operation, Place], now: datetime) -> None:
    now = whole(now)
    for (operation, place), around in zip(wanted.items(), arounds(wanted, now), strict=True):
        if found := violations(place.span, around):
            about = {"operation": operation.ref} if len(wanted) > 1 else {}
            raise RuleViolation(found, nearest(place.span, around), **about)


def _refuse_twice(moves: Sequence[Move]) -> None:
    refs = [move.ref for move in moves]
    if len(set(refs)) < len(refs):
        raise Invalid(moves="must name each operation once")


def _refuse_stale(operation: Operation, move: Move) -> None:
    """With both values of what differs, and who was quicker."""
    if move.version is None or move.version == operation.version:
        return
    names = names_of([operation.cell_id, move.cell_id])
    yours = {"start": move.start, "end": move.end, "machine": names.get(move.cell_id or operation.cell_id or 0)}
    now = {"start": operation.starts, "end": operation.ends, "machine": names.get(operation.cell_id or 0)}
    last = journal.recent(operation.what, limit=1)
    raise Stale(
        f"{operation.label} was changed after you read it",
        operation=operation.ref,
        version=operation.version,
        status=operation.status,
        values={name: {"yours": yours[name], "now": now[name]} for name in now if yours[name] != now[name]},
        changed_by=last[0].by if last else None,
    )
