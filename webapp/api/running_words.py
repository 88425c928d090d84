"""What programs send and hear of operations at work, in the contract's words."""

from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import Schema, fields

from webapp import orders
from webapp.api.fields import Text, Whole
from webapp.api.plan_results import OPERATION, ORDER
from webapp.api.plan_shapes import operation, work_order
from webapp.api.reading import body
from webapp.api.results import WaitingReason, maybe, named, text, time, whole
from webapp.api.schemas import Strict
from webapp.api.shapes import Json
from webapp.orders import WorkOrder

PIECES = {"minimum": 0, "maximum": 10_000_000}
Names = Mapping[int, str]


class Completion(Strict):
    qty_done = Whole(data_key="qtyDone", allow_none=True, metadata={**PIECES, "description": "Good pieces."})
    qty_rejected = Whole(data_key="qtyRejected", allow_none=True, metadata=PIECES)


class Failure(Strict):
    reason = Text(required=True, metadata={"minLength": 1, "maxLength": 300})


WHY: dict[str, fields.Field[Any]] = {"waiting_reason": maybe(fields.Nested(WaitingReason, required=True))}
AT_WORK: dict[str, fields.Field[Any]] = {
    **OPERATION,
    "status": text(enum=list(orders.OPERATION_STATUSES)),
    "startedAt": maybe(time()),
    "endedAt": maybe(time()),
    "requiredKind": maybe(text()),
}
StartedOrder = named("StartedOrder", **ORDER, **WHY)
Started = named("Started", **AT_WORK, **WHY)
Ended = named(
    "Ended",
    **AT_WORK,
    qtyDone=maybe(whole()),
    qtyRejected=maybe(whole()),
    reason=text(description="Why it failed; empty where it did not."),
    orderStatus=text(enum=list(orders.ORDER_STATUSES)),
    next=maybe(fields.Nested(Started, required=True, metadata={"description": "What follows it in its order."})),
)


def optional_body(schema: type[Schema]) -> dict[str, Any]:
    """A body may be left out where all of it may."""
    return body(schema) if request.get_data(cache=True) else {}


def started_order(order: WorkOrder, first: orders.Operation, names: Names) -> Json:
    return {**work_order(order, names), "waiting_reason": reason(first)}


def started(step: orders.Operation, names: Names) -> Json:
    return {**operation(step, names), "waiting_reason": reason(step)}


def ended(step: orders.Operation, names: Names) -> Json:
    following = next((other for other in step.order.operations if other.idx > step.idx), None)
    return {
        **operation(step, names),
        "qtyDone": step.qty_done,
        "qtyRejected": step.qty_rejected,
        "reason": step.end_reason,
        "orderStatus": step.order.status,
        "next": started(following, names) if following else None,
    }


def reason(step: orders.Operation) -> Json | None:
    why = step.waiting
    return {"code": why.code, "message": why.message, "needs_person": why.needs_person} if why else None
