"""Operations on the plan: moving one, and asking beforehand what the rules would say."""

from datetime import timedelta

from flask import Response
from flask_login import current_user

from webapp import orders
from webapp.api import plan_results, plan_shapes, schemas
from webapp.api.answering import answer, seen_version, tagged
from webapp.api.document import WRITER, tells
from webapp.api.door import bp
from webapp.api.planning_words import in_our_words, machine
from webapp.api.reading import END, body, query
from webapp.lib.clock import utcnow
from webapp.lib.guard import may

#: How far ahead places are looked for, and how many are offered.
AHEAD, MOST = timedelta(days=60), 50


@bp.patch("/operations/<ref:id>")
@tells(
    "Give an operation its time and machine",
    plan_results.Moved,
    body=schemas.Slot,
    asking=["If-Match"],
    headers=["ETag"],
    refuses=[404, 409],
    needs=WRITER,
    more="A change that breaks a rule is 400 `RULE_VIOLATION`; its `details` say which, what the rule saw, and the "
    "`earliestStart`, the first legal one at or after what was asked for.",
)
@may("plan orders")
def move_operation(id: str) -> Response:
    version, sent = seen_version(orders.one_operation(id).version), body(schemas.Slot)
    with in_our_words():
        operation = orders.reschedule(
            id, sent["start"], sent["end"], machine(sent.get("machine")), current_user, utcnow(), version
        )
    return tagged(plan_shapes.moved(operation, orders.machine_names([operation])), operation.version)


@bp.post("/operations/<ref:id>/validate")
@tells(
    "What a change would be told, before it is made",
    plan_results.Verdict,
    body=schemas.Slot,
    refuses=[404, 409],
    more="`nearest`: the last legal slot before and the first after, where this one is not legal. Changes nothing.",
)
@may("see schedule")
def validate_operation(id: str) -> Response:
    sent = body(schemas.Slot)
    with in_our_words():
        cell_id = machine(sent.get("machine"))
        checked = orders.check(id, sent["start"], sent["end"], cell_id, utcnow(), rippling=False)
    return answer(plan_shapes.verdict(checked))


@bp.get("/operations/<ref:id>/constraints")
@tells("What binds an operation", plan_results.Constraints, query=schemas.OnMachine, refuses=[400, 404])
@may("see schedule")
def show_constraints(id: str) -> Response:
    operation, asked = orders.one_operation(id), query(schemas.OnMachine)
    scene = orders.around(operation, machine(asked.get("machine")) or operation.cell_id, utcnow())
    return answer(plan_shapes.constraints(scene))


@bp.get("/operations/<ref:id>/valid-slots")
@tells(
    "Places that would be accepted, from `start` on",
    plan_results.Slots,
    query=schemas.SlotQuery,
    refuses=[400, 404],
    more="None for an operation that runs or is over. At most 50, within 60 days. 400 where the machine could not take "
    "it: another kind, retired, or none at all.",
)
@may("see schedule")
def list_valid_slots(id: str) -> Response:
    operation, asked, now = orders.one_operation(id), query(schemas.SlotQuery), utcnow()
    start = max(asked.get("start", now), now)
    seconds, cell_id = asked.get("seconds", operation.seconds), machine(asked.get("machine"))
    with in_our_words():
        found = orders.valid_slots(operation, cell_id, start, seconds, start + min(AHEAD, END - start), MOST, now)
    return answer({"slots": [plan_shapes.span(one) for one in found]})
