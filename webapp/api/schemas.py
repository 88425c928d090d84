"""What a program may send: bodies, and queries of addresses. Shapes only: what a value must be is the rooms' to say."""

from typing import Any

from marshmallow import Schema, fields

from webapp import journal, ledger, orders, projects
from webapp.api.fields import LARGEST, Count, Flag, Hours, Moment, Text, Texts, Time, Values, Whole, Word

VALUES: dict[str, Any] = {
    "type": "object",
    "properties": {
        name: {
            "type": ["string", "number", "null"],
            "maxLength": 200,
            "description": "A number is kept as the text sent.",
        }
        for name in projects.PARAMETERS
    },
    "additionalProperties": False,
}
LOCATION = {"minLength": 1, "maxLength": 1000, "description": "A location; never opened."}
NUMBER = {"minimum": 1, "maximum": LARGEST}
MINUTES = {"minimum": 1, "maximum": 100_000, "description": "How long it is expected to run, in minutes."}


class Strict(Schema):
    """Unknown names are refused: what is not read would be taken for accepted."""

    error_messages = {"unknown": "is not a field here", "type": "must be an object"}


class SignIn(Strict):
    username = Text(required=True)
    password = Text(required=True, metadata={"format": "password"})


class NewProject(Strict):
    cad_model = Text(required=True, metadata=LOCATION)
    config = Text(required=True, metadata=LOCATION)
    parameters = Values(data_key="x-params", load_default=dict, metadata=VALUES)
    name = Text(load_default="", metadata={"maxLength": 120})
    cell_kind = Text(allow_none=True, metadata={"maxLength": 60})
    tags = Texts(metadata={"maxItems": 20})
    requested_cell_id = Whole(allow_none=True, metadata=NUMBER)
    priority = Whole(metadata={"minimum": 0, "maximum": 9, "default": 5, "description": "9 goes first."})
    expected_minutes = Whole(allow_none=True, metadata=MINUTES)


class ProjectChanges(Strict):
    parameters = Values(data_key="x-params", metadata=VALUES)
    name = Text(metadata={"maxLength": 120})
    expected_minutes = Whole(allow_none=True, metadata=MINUTES)


class StatusChange(Strict):
    status = Text(required=True, metadata={"enum": list(projects.STATUSES)})
    reason = Text(load_default="", metadata={"maxLength": 300})
    fence = Whole(metadata={**NUMBER, "description": "Of the claim; a cell must send it."})


class Reading(Schema):
    """For the document only: the room reads readings one by one, and refuses one without refusing its batch."""

    state = fields.String(
        required=True, metadata={"enum": ["running", "setup", "idle", "held", "maintenance", "down", "unknown"]}
    )
    at = fields.DateTime(metadata={"description": "From when it held, with a zone. Left out: when it arrives."})
    detail = fields.String()
    project_id = fields.Integer(metadata=NUMBER)
    fence = fields.Integer(metadata={**NUMBER, "description": "Of the claim; needed with project_id."})
    outcome = fields.String(metadata={"enum": ["finished", "failure"]})
    progress = fields.Float(metadata={"minimum": 0, "maximum": 1})
    reason = fields.String()


class Paged(Strict):
    limit = Count(1, 1000, load_default=100, metadata={"default": 100})
    after = Count(0, metadata={"description": "The `next` of the page before."})


class Windowed(Strict):
    start_time = Time("Included. ISO 8601, UTC where no zone is given; a date alone is 00:00:00. From 1970 on.")
    end_time = Time("Not included.")


class ProjectQuery(Paged, Windowed):
    status = Word(*projects.STATUSES)
    engineer = Text(metadata={"description": "The username of who created it."})
    cell_id = Count()


class CellQuery(Windowed):
    columns = Word("1", "0", metadata={"description": "1: one array per field."})


class HeatQuery(Windowed):
    state = Word(*ledger.STATES, load_default="running", metadata={"default": "running"})
    by = Word("hour", "day", load_default="hour", metadata={"default": "hour", "description": "Days are UTC."})
    format = Word(
        "json",
        "u16",
        load_default="json",
        metadata={"default": "json", "description": "u16: numbers of two bytes, for hours only."},
    )


class TimelineQuery(Windowed):
    limit = Count(1, 1000, load_default=100, metadata={"default": 100})
    after = Time("The `next` of the page before: a time.")


class LogQuery(Windowed):
    type = Word(*journal.KINDS)
    subject = Text(metadata={"description": "What it is about: `project:7`, `order:WO-1001`, `cell:C03`, `issue:5`."})
    by = Text(metadata={"description": "A username."})


class LogPage(LogQuery, Paged):
    pass


REF = {"minLength": 1, "maxLength": 60, "description": "No slash, nothing but text. Left out: it gets one."}
QTY = {"minimum": 1, "maximum": 1_000_000_000}
PRIORITY = {"minimum": 0, "maximum": 9, "default": 5, "description": "9 goes first."}
MACHINE = {"maxLength": 20, "description": "A cell's short name."}


class NewOperation(Strict):
    ref = Text(data_key="id", metadata=REF)
    order_ref = Text(data_key="workOrderId", metadata={"description": "The order it stands in, if it is said at all."})
    idx = Whole(data_key="index", metadata={"minimum": 1, "description": "1 to n. Left out: where it stands."})
    name = Text(required=True, metadata={"minLength": 1, "maxLength": 120})
    required_kind = Text(data_key="requiredKind", allow_none=True, metadata={"maxLength": 60})
    machine = Text(data_key="machineId", allow_none=True, metadata=MACHINE)
    start = Moment(allow_none=True)
    end = Moment(allow_none=True)
    seconds = Whole(metadata={"minimum": 1, "description": "Of work; needed where there is no start."})
    pinned = Flag(metadata={"description": "A proposed plan leaves it where it is."})


class NewWorkOrder(Strict):
    ref = Text(data_key="id", metadata=REF)
    product = Text(required=True, metadata={"minLength": 1, "maxLength": 200})
    qty = Whole(required=True, metadata=QTY)
    due_at = Moment(data_key="due", allow_none=True)
    priority = Whole(metadata=PRIORITY)
    note = Text(metadata={"maxLength": 1000})
    operations = fields.List(fields.Nested(NewOperation), load_default=list)


class WorkOrderChanges(Strict):
    product = Text(metadata={"minLength": 1, "maxLength": 200})
    qty = Whole(metadata=QTY)
    due_at = Moment(data_key="due", allow_none=True)
    priority = Whole(metadata=PRIORITY)
    note = Text(metadata={"maxLength": 1000})
    operations = fields.List(fields.Nested(NewOperation))
    status = Word("cancelled", metadata={"description": "It will not be made; nothing else is set so."})


class Slot(Strict):
    start = Moment(required=True)
    end = Moment(required=True)
    machine = Text(data_key="machineId", allow_none=True, metadata={**MACHINE, "description": "Left out: as it is."})


class WorkOrderQuery(Paged):
    status = Word(*orders.ORDER_STATUSES)
    due_before = Time("Not included.")


class OnMachine(Strict):
    machine = Text(data_key="machineId", metadata={**MACHINE, "description": "Left out: the one it lies on."})


class SlotQuery(OnMachine):
    start = Time("Left out, or past: now.")
    seconds = Hours(366 * 24, data_key="duration", metadata={"description": "In hours. Left out: what it takes."})


class MaintenanceQuery(Strict):
    machine = Text(data_key="machineId", metadata=MACHINE)


class NewWindow(Strict):
    machine = Text(required=True, data_key="machineId", metadata=MACHINE)
    start = Moment(required=True)
    end = Moment(required=True)
    name = Text(load_default="", metadata={"maxLength": 120, "description": "What for; needed without a duty."})
    duty_id = Whole(data_key="dutyId", metadata=NUMBER)
    request_id = Whole(data_key="requestId", metadata={**NUMBER, "description": "The request it answers."})


class MaintenanceDone(Strict):
    note = Text(load_default="", metadata={"maxLength": 500, "description": "What was found and done."})
    ended_at = Moment(data_key="endedAt", metadata={"description": "Left out: now."})
