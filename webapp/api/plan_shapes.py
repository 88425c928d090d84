"""Orders, operations and the rules' answers as JSON, in the contract's words."""

from collections.abc import Iterable, Mapping

from webapp.api.shapes import Json, plain, saw
from webapp.lib.clock import iso
from webapp.orders import Around, Checked, Operation, Span, Step, Taken, Violation, WorkOrder

Names = Mapping[int, str]


def work_order(order: WorkOrder, machines: Names) -> Json:
    """machines: cell id -> short name."""
    return {
        "id": order.ref,
        "product": order.product,
        "qty": order.qty,
        "status": order.status,
        "due": iso(order.due_at),
        "operations": [operation(step, machines) for step in order.operations],
    }


def one_work_order(order: WorkOrder, machines: Names, found: Iterable[tuple[Operation, Violation]]) -> Json:
    """With what of it breaks a rule."""
    return {
        **work_order(order, machines),
        "priority": order.priority,
        "note": order.note,
        "holdReason": order.hold_reason,
        "violations": [{"operation": step.ref, **violation(no)} for step, no in found],
    }


def operation(step: Operation, machines: Names) -> Json:
    return {
        **moved(step, machines),
        "status": step.status,
        "startedAt": iso(step.started_at),
        "endedAt": iso(step.ended_at),
        "requiredKind": step.required_kind,
    }


def moved(step: Operation, machines: Names) -> Json:
    return {
        "id": step.ref,
        "workOrderId": step.order.ref,
        "index": step.idx,
        "machineId": machines.get(step.cell_id) if step.cell_id else None,
        "name": step.name,
        "start": iso(step.starts),
        "end": iso(step.ends),
    }


def violation(no: Violation) -> Json:
    return {"rule": no.rule, "message": no.message, "details": plain(saw(no.details))}


def verdict(checked: Checked) -> Json:
    return {
        "valid": checked.valid,
        "violations": [violation(no) for no in checked.violations],
        "nearest": [span(one) for one in checked.nearest.spans],
    }


def span(one: Span) -> Json:
    return {"start": iso(one.start), "end": iso(one.end)}


def constraints(scene: Around) -> Json:
    """machineConflicts: what is taken of the machine between minStart and maxEnd."""
    least, most = scene.earliest, scene.following.start if scene.following else None
    in_reach = [one for one in scene.lane if one.end > least and (most is None or one.start < most)]
    return {
        "minStart": iso(least),
        "maxEnd": iso(most),
        "prevOperation": neighbour(scene.previous),
        "nextOperation": neighbour(scene.following),
        "machineConflicts": [taken(one) for one in in_reach],
    }


def neighbour(step: Step | None) -> Json | None:
    if step is None:
        return None
    return {"id": step.ref, "index": step.idx, "name": step.name, "start": iso(step.start), "end": iso(step.end)}


def taken(one: Taken) -> Json:
    named = {"id": one.ref or None, "kind": one.kind, "label": one.label}
    return {**named, "start": iso(one.start), "end": iso(one.end)}
