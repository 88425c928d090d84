"""What answers about maintenance look like, for the OpenAPI document."""

from typing import Any

from marshmallow import fields

from webapp import upkeep
from webapp.api.results import maybe, named, some, text, time, whole

Gap = named("Gap", start=time(), end=time())
Duty = named(
    "Duty",
    id=whole(),
    machineId=text(description="A cell's short name."),
    name=text(),
    everyHours=maybe(whole(description="Of running; null where it goes by days.")),
    everyDays=maybe(whole()),
    minutes=whole(description="It takes."),
    stopsWork=fields.Boolean(required=True, metadata={"description": "Once overdue, nothing starts on the machine."}),
    lastDone=time(),
    due=maybe(time(description="Of run hours: as foreseen; null: at this use nobody can say.")),
    overdue=fields.Boolean(required=True),
    leftSeconds=whole(description="Of running, or of time; below zero once it is overdue."),
    used=fields.Float(required=True, metadata={"description": "Of its interval: 1 when it falls due."}),
    ranSeconds=maybe(whole(description="Since it was last done; null where it goes by days.")),
    unseenSeconds=maybe(whole(description="Of that time nobody saw what the machine did.")),
    countedAt=maybe(time(description="Up to when running was counted.")),
    windowId=maybe(whole(description="In which it is, or will be, done.")),
    bestGap=maybe(fields.Nested(Gap, metadata={"description": "Free time that disturbs least, for what is due soon."})),
)
WINDOW: dict[str, fields.Field[Any]] = {
    "id": whole(),
    "machineId": text(description="A cell's short name."),
    "name": text(description="What for."),
    "dutyId": maybe(whole()),
    "start": time(),
    "end": time(),
    "status": text(enum=["planned", "under way", "done", "cancelled"]),
    "plannedBy": text(),
    "startedAt": maybe(time()),
    "startedBy": maybe(text()),
    "endedAt": maybe(time()),
    "endedBy": maybe(text()),
    "note": text(description="What was found and done, or why it was called off."),
}
MaintenanceWindow = named("MaintenanceWindow", **WINDOW)
MaintenanceRequest = named(
    "MaintenanceRequest",
    id=whole(),
    machineId=text(),
    what=text(),
    urgency=text(enum=list(upkeep.URGENCIES)),
    by=text(),
    at=time(),
)
Maintenance = named(
    "Maintenance",
    duties=some(Duty),
    windows=some(MaintenanceWindow),
    requests=some(MaintenanceRequest),
    computedAt=time(),
)
