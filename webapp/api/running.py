"""Work begins and ends: an order is started, an operation is started, done or failed; a start is taken back."""

from flask import Response
from flask_login import current_user

from webapp import orders
from webapp.api import running_words
from webapp.api.answering import tagged
from webapp.api.document import WRITER, tells
from webapp.api.door import bp, wake_afterwards
from webapp.api.idempotency import HEADER, once
from webapp.api.planning_words import in_our_words
from webapp.api.reading import body
from webapp.jobs import work
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.settings import settings
from webapp.orders import Operation

WAITS = "202 where no machine can take it: it says why in `waiting_reason`, and most often starts by itself."


@bp.post("/work-orders/<ref:id>/start")
@tells(
    "Start an order: its first operation runs, or waits",
    running_words.StartedOrder,
    asking=[HEADER],
    headers=["ETag", "Idempotent-Replayed"],
    refuses=[404, 409],
    needs=WRITER,
    more=f"{WAITS} 409 when it was started, is on hold, done, cancelled, or has no operations.",
)
@may("run operation")
@once
def start_work_order(id: str) -> Response:
    order = orders.start_order(id, current_user, utcnow(), settings().sample_every)
    first = next(step for step in order.operations if step.status in ("running", "waiting"))
    told = running_words.started_order(order, first, orders.machine_names(order.operations))
    return tagged(told, order.version, _status(first))


@bp.post("/operations/<ref:id>/start")
@tells(
    "Start an operation; one that waits is tried again",
    running_words.Started,
    asking=[HEADER],
    headers=["ETag", "Idempotent-Replayed"],
    refuses=[404, 409],
    needs=WRITER,
    more=f"{WAITS} 409 out of sequence, already running or done, or with its order on hold.",
)
@may("run operation")
@once
def start_operation(id: str) -> Response:
    operation = orders.start_operation(id, current_user, utcnow(), settings().sample_every)
    told = running_words.started(operation, orders.machine_names([operation]))
    return tagged(told, operation.version, _status(operation))


@bp.post("/operations/<ref:id>/withdrawal")
@tells(
    "Take back the start of an operation that waits: it is planned again",
    running_words.Started,
    asking=[HEADER],
    headers=["ETag", "Idempotent-Replayed"],
    refuses=[404, 409],
    needs=WRITER,
    more="It keeps its machine and its time, and starts once somebody says so. 409 where it does not wait.",
)
@may("run operation")
@once
def take_back_start(id: str) -> Response:
    operation = orders.take_back_start(id, current_user, utcnow())
    wake_afterwards(work.move_projects)
    return tagged(running_words.started(operation, orders.machine_names([operation])), operation.version)


@bp.post("/operations/<ref:id>/completion")
@tells(
    "An operation is done: its machine is free, and the next one that can starts",
    running_words.Ended,
    body=running_words.Completion,
    asking=[HEADER],
    headers=["ETag", "Idempotent-Replayed"],
    refuses=[404, 409],
    needs=WRITER,
    more="All in one commit. The body may be left out. `next` is what follows in the order, with its `waiting_reason` "
    "where no machine takes it; null after the last one.",
)
@may("run operation")
@once
def complete_operation(id: str) -> Response:
    pieces = running_words.optional_body(running_words.Completion)
    with in_our_words():
        operation = orders.complete_operation(id, current_user, utcnow(), settings().sample_every, **pieces)
    wake_afterwards(work.move_projects)
    return _ended(operation)


@bp.post("/operations/<ref:id>/failure")
@tells(
    "An operation has failed: its machine is free, its order on hold with the reason",
    running_words.Ended,
    body=running_words.Failure,
    asking=[HEADER],
    headers=["ETag", "Idempotent-Replayed"],
    refuses=[404, 409],
    needs=WRITER,
)
@may("run operation")
@once
def fail_operation(id: str) -> Response:
    reason = body(running_words.Failure)["reason"]
    operation = orders.fail_operation(id, reason, current_user, utcnow())
    wake_afterwards(work.move_projects)
    return _ended(operation)


def _status(operation: Operation) -> int:
    return 202 if operation.status == "waiting" else 200


def _ended(operation: Operation) -> Response:
    names = orders.machine_names(operation.order.operations)
    return tagged(running_words.ended(operation, names), operation.version)
