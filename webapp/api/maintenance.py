"""Maintenance: what is due and planned, planning a window, and saying that it is begun or done."""

from flask import Response
from flask_login import current_user

from webapp import cells, upkeep
from webapp.api import maintenance_results as results
from webapp.api import maintenance_shapes as shapes
from webapp.api import schemas
from webapp.api.answering import answer
from webapp.api.document import WRITER, tells
from webapp.api.door import bp, wake_afterwards
from webapp.api.idempotency import HEADER, once
from webapp.api.planning_words import in_our_words
from webapp.api.reading import body, query
from webapp.api.running_words import optional_body
from webapp.jobs import work
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid
from webapp.upkeep import Window, WindowDetails


@bp.get("/maintenance")
@tells(
    "Duties, what is overdue first; windows that are under way or planned; requests nobody has answered",
    results.Maintenance,
    query=schemas.MaintenanceQuery,
    refuses=[400],
    needs=WRITER,
)
@may("see maintenance")
def show_maintenance() -> Response:
    asked = query(schemas.MaintenanceQuery)
    machines = [_machine(asked["machine"])] if "machine" in asked else None
    return answer(shapes.maintenance(upkeep.board(utcnow(), machines)))


def _machine(name: str) -> int:
    cell = cells.by_name(name)
    if cell is None:
        raise Invalid(machineId="is no machine here")
    return cell.id


@bp.post("/maintenance")
@tells(
    "Plan a window: a machine takes no work for that time",
    results.MaintenanceWindow,
    201,
    body=schemas.NewWindow,
    asking=[HEADER],
    headers=["Idempotent-Replayed"],
    refuses=[409],
    needs=WRITER,
    more="Time that somebody else has booked is refused (`RULE_VIOLATION`, 400): `details` names whom, and the next "
    "free time that is long enough.",
)
@may("plan maintenance")
@once
def plan_maintenance() -> Response:
    sent = body(schemas.NewWindow)
    details = WindowDetails(
        _machine(sent["machine"]), sent["start"], sent["end"], sent["name"], sent.get("duty_id"), sent.get("request_id")
    )
    with in_our_words():
        window = upkeep.plan_window(details, current_user, utcnow())
    return _told(window, 201)


@bp.post("/maintenance/<id:id>/start")
@tells(
    "A planned window begins: from now on nothing starts on its machine",
    results.MaintenanceWindow,
    asking=[HEADER],
    headers=["Idempotent-Replayed"],
    refuses=[404, 409],
    needs=WRITER,
    more="409 unless it is planned, or while something runs on the machine.",
)
@may("do maintenance")
@once
def start_maintenance(id: int) -> Response:
    return _told(upkeep.begin_window(id, current_user, utcnow()))


@bp.post("/maintenance/<id:id>/completion")
@tells(
    "It is done: the machine takes work again, and its duty's interval begins anew",
    results.MaintenanceWindow,
    body=schemas.MaintenanceDone,
    asking=[HEADER],
    headers=["Idempotent-Replayed"],
    refuses=[404, 409],
    needs=WRITER,
    more="409 unless it is under way. The history of the machine says maintenance from its start up to `endedAt`.",
)
@may("do maintenance")
@once
def complete_maintenance(id: int) -> Response:
    sent = optional_body(schemas.MaintenanceDone)
    with in_our_words():
        done = upkeep.complete_window(id, current_user, utcnow(), sent.get("note", ""), sent.get("ended_at"))
    wake_afterwards(work.move_projects)
    return _told(done)


def _told(window: Window, status: int = 200) -> Response:
    return answer(shapes.window(window), status)
