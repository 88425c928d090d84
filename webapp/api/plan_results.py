"""What answers about the plan look like, for the OpenAPI document."""

from typing import Any

from marshmallow import fields

from webapp import orders
from webapp.api.results import maybe, named, some, text, time, whole

OPERATION: dict[str, fields.Field[Any]] = {
    "id": text(description="As given: OP-1."),
    "workOrderId": text(),
    "index": whole(description="Its place in the sequence, from 1."),
    "machineId": maybe(text(description="A cell's short name; null while it is on none.")),
    "name": text(),
    "start": maybe(time(description="Planned; null while it has no slot.")),
    "end": maybe(time()),
}
Operation = named(
    "Operation",
    **OPERATION,
    status=text(enum=list(orders.OPERATION_STATUSES)),
    startedAt=maybe(time(description="When it was begun.")),
    endedAt=maybe(time()),
    requiredKind=maybe(text(description="Of machine; null: any that takes operations.")),
)
Moved = named("Moved", **OPERATION)
ORDER: dict[str, fields.Field[Any]] = {
    "id": text(description="As given: WO-1001."),
    "product": text(),
    "qty": whole(),
    "status": text(enum=list(orders.ORDER_STATUSES)),
    "due": maybe(time()),
    "operations": some(Operation),
}
WorkOrder = named("WorkOrder", **ORDER)
WorkOrders = {"type": "array", "items": WorkOrder}
BrokenRule = named(
    "BrokenRule",
    rule=text(enum=["FORM", "R1", "R2", "R3", "R4"]),
    message=text(),
    details=fields.Dict(
        required=True,
        metadata={"description": "What the rule saw, and `earliestStart`: the first legal one, or null."},
    ),
)
StepViolation = named(
    "StepViolation",
    operation=text(description="Its id."),
    rule=text(enum=["R1", "R2", "R3", "R4"]),
    message=text(),
    details=fields.Dict(required=True),
)
OneWorkOrder = named(
    "OneWorkOrder",
    **ORDER,
    priority=whole(description="9 goes first."),
    note=text(),
    holdReason=text(description="Empty unless it is held."),
    violations=some(StepViolation),
)
Span = named("Span", start=time(), end=time())
Verdict = named(
    "Verdict",
    valid=fields.Boolean(required=True),
    violations=some(BrokenRule),
    nearest=some(Span),
)
NextStep = named("NextStep", id=text(), index=whole(), name=text(), start=time(), end=time())
MachineConflict = named(
    "MachineConflict",
    id=maybe(text(description="Of the operation; null for maintenance.")),
    kind=text(enum=["operation", "maintenance"]),
    label=text(),
    start=time(),
    end=time(),
)
Constraints = named(
    "Constraints",
    minStart=time(description="Never in the past."),
    maxEnd=maybe(time(description="Null: nothing of its order follows.")),
    prevOperation=maybe(fields.Nested(NextStep, required=True)),
    nextOperation=maybe(fields.Nested(NextStep, required=True)),
    machineConflicts=some(MachineConflict),
)
Slots = named("Slots", slots=some(Span))
