"""Setting the steps of an order: what has begun stays as it is, the rest may come, go and change places."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from webapp import cells, journal
from webapp.extensions import db, transaction
from webapp.lib.clock import whole
from webapp.lib.refusal import Conflict, Invalid, WrongState
from webapp.orders.adding import fresh_step, machines, refs_there, slots_of
from webapp.orders.changing import grow, refuse_over, refuse_stale
from webapp.orders.finding import held_order
from webapp.orders.models import Operation, WorkOrder
from webapp.orders.moving import machine_refusal
from webapp.orders.places import Place, arounds, place_of
from webapp.orders.rules import RuleViolation, violations
from webapp.orders.runs.ending import conclude_if_over
from webapp.orders.specs import OperationSpec, refuse_if, steps_complaints
from webapp.people import Caller, name_of

Steps = list[tuple[OperationSpec, Operation | None]]


def set_operations(
    ref: str, specs: Sequence[OperationSpec], by: Caller | str, now: datetime, version: int | None = None
) -> WorkOrder:
    """All steps of the order, in sequence; those that it has are known by their refs. A step that is not named goes.

    One that has begun has to stay what and where it is. Whatever gets another time or another turn must keep the
    rules: raises RuleViolation with the `operation`, and Stale as change_order does. What waits and has its turn no
    more is planned again; an order under way of which nothing is left is done.
    """
    refuse_if(steps_complaints(specs, machines(spec.cell_id for spec in specs)))
    with transaction():
        order = held_order(ref)
        refuse_over(order)
        refuse_stale(order, version, {})
        before, were = _listed(order), {step: (step.idx, place_of(step)) for step in order.operations}
        cells.hold_lanes({cell_id for cell_id in [*_cells(order), *(spec.cell_id for spec in specs)] if cell_id})
        _rewrite(order, _matched(order, specs))
        _refuse_broken(order, were, now)
        cells.book(slots_of(order.operations))
        cells.unbook([step.what for step in were if step not in order.operations or not step.placed])
        grow(order, now)
        journal.record("changed steps", order.what, name_of(by), now, before=before, after=_listed(order))
        _go_on(order, name_of(by), now)
    return order


def _matched(order: WorkOrder, specs: Sequence[OperationSpec]) -> Steps:
    """Each spec with the step it speaks of, in sequence; refuses to drop or move what has begun."""
    there = {step.ref: step for step in order.operations}
    numbered = [(spec.idx or k + 1, spec) for k, spec in enumerate(specs)]
    found = [(spec, there.get(spec.ref)) for _, spec in sorted(numbered, key=lambda one: one[0])]
    turns = {step: idx for idx, (_, step) in enumerate(found, start=1) if step}
    for begun in order.operations:
        if not begun.movable and turns.get(begun) != begun.idx:
            message = f"{begun.label} has begun: it stays where it is"
            raise WrongState(message, operation=begun.ref, status=begun.status)
    if gone := refs_there(Operation.ref, {spec.ref for spec, step in found if step is None and spec.ref}):
        raise Conflict(f"{min(gone)} is a step of another order", operations=sorted(gone))
    return found


def _rewrite(order: WorkOrder, steps: Steps) -> None:
    """Two steps may change places: all turns are cleared before they are given anew."""
    for there in order.operations:
        there.idx = -there.idx
    db.session.flush()
    usual = {f"{order.ref}-{idx}" for idx in range(1, len(steps) + 1)}
    taken = {spec.ref for spec, _ in steps} | {there.ref for there in order.operations}
    taken |= refs_there(Operation.ref, usual)
    kept = []
    for idx, (spec, step) in enumerate(steps, start=1):
        kept.append(_changed(step, spec, idx) if step else fresh_step(order, spec, idx, taken))
    order.operations = kept
    db.session.flush()


def _changed(step: Operation, spec: OperationSpec, idx: int) -> Operation:
    step.idx = idx
    if step.movable:
        step.name, step.required_kind = spec.name.strip(), spec.required_kind or None
        if spec.cell_id is not None and (says := machine_refusal(step, spec.cell_id)):
            raise Invalid(**{f"operations.{idx - 1}.cell_id": says})
        step.cell_id, step.seconds, step.pinned = spec.cell_id, spec.takes, spec.pinned
        step.starts, step.ends = spec.start and whole(spec.start), spec.end and whole(spec.end)
        step.version += 1
    return step


def _refuse_broken(order: WorkOrder, were: dict[Operation, tuple[int, Place | None]], now: datetime) -> None:
    """Each that has another time than before; where turns changed, all. One that keeps its time may lie in the past."""
    places = {step: place for step in order.operations if step.movable and (place := place_of(step))}
    moved = {step for step in places if step not in were or were[step][1] != places[step]}
    suspects = set(places) if _turned(were, order.operations) else moved
    early = min([now, *(place.span.start for place in places.values())])
    for (step, place), around in zip(places.items(), arounds(places, whole(early)), strict=True):
        kept_time = step in were and were[step][1] == place
        scene = around if kept_time else around.at(whole(now))
        if step in suspects and (found := violations(place.span, scene)):
            raise RuleViolation(found, operation=step.ref)


def _go_on(order: WorkOrder, by: str, now: datetime) -> None:
    """On hold it is done only once somebody resumes it."""
    for step in order.operations:
        if step.status == "waiting" and step.still_before:
            step.stop_waiting()
    if order.status != "held":
        conclude_if_over(order, by, now)


def _turned(were: dict[Operation, tuple[int, Place | None]], steps: Iterable[Operation]) -> bool:
    """Steps that were there come in another order now."""
    turns = [were[step][0] for step in steps if step in were]
    return turns != sorted(turns)


def _cells(order: WorkOrder) -> list[int | None]:
    return [step.cell_id for step in order.operations]


def _listed(order: WorkOrder) -> list[dict[str, object]]:
    return [{"ref": step.ref, "idx": step.idx, "name": step.name, "seconds": step.seconds} for step in order.operations]
