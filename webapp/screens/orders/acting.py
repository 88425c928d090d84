"""What can be done about an order and its steps: start, complete, fail, take back a start, hold, resume, cancel."""

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, orders
from webapp.jobs import wake, work
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import NotFound
from webapp.lib.settings import settings
from webapp.orders import Operation, WorkOrder
from webapp.screens import running
from webapp.screens.forms import RoomForm, once
from webapp.screens.orders.door import bp
from webapp.screens.orders.words import STEP_WORDS
from webapp.screens.running import DoneForm, ReasonForm


def _back(ref: str) -> Response:
    return redirect(url_for("orders.show", ref=ref), 303)


@bp.post("/orders/<ref>/start")
@may("run operation")
def start(ref: str) -> Response:
    order = orders.start_order(ref, current_user, utcnow(), settings().sample_every)
    going = next((step for step in order.operations if step.status in ("running", "waiting")), None)
    if going:
        running.tell_started(going)
    return _back(ref)


@bp.get("/orders/<ref>/hold")
@may("run operation")
def stop(ref: str) -> str:
    return _ask("hold", orders.one_order(ref), ReasonForm())


@bp.post("/orders/<ref>/hold")
@may("run operation")
def hold(ref: str) -> Response | tuple[str, int]:
    return _reasoned("hold", ref, orders.hold_order, "{ref} is on hold.")


@bp.post("/orders/<ref>/resumption")
@may("run operation")
def resume(ref: str) -> Response:
    order = orders.resume_order(ref, current_user, utcnow())
    wake(work.move_projects)
    flash(f"{ref} is done: nothing of it was left." if order.status == "done" else f"{ref} goes on.", "ok")
    return _back(ref)


@bp.get("/orders/<ref>/cancellation")
@may("plan orders")
def cancellation(ref: str) -> str:
    return _ask("cancel", orders.one_order(ref), ReasonForm())


@bp.post("/orders/<ref>/cancellation")
@may("plan orders")
def cancel(ref: str) -> Response | tuple[str, int]:
    return _reasoned("cancel", ref, _cancelled, "{ref} is cancelled. Its steps have left the plan.")


def _cancelled(ref: str, reason: str, by: object, now: datetime) -> WorkOrder:
    return orders.cancel_order(ref, current_user, now, " ".join(reason.split()))


def _ask(act: str, order: WorkOrder, form: RoomForm) -> str:
    return render_template(f"orders/{act}.html", order=order, form=form)


def _reasoned(act: str, ref: str, do: Callable[..., WorkOrder], says: str) -> Response | tuple[str, int]:
    form, now = ReasonForm(), utcnow()

    def done() -> str:
        do(ref, form.reason.data or "", current_user, now)
        flash(says.format(ref=ref), "ok")
        return url_for("orders.show", ref=ref)

    with form.heeding():
        once(form, running.owner(), now, done)
    if form.errors:
        return _ask(act, orders.one_order(ref), form), form.status
    return _back(ref)


@bp.get("/orders/<ref>/steps/<step>")
@may("run operation")
def step(ref: str, step: str) -> str:
    return _sheet(_of(ref, step), DoneForm(), ReasonForm())


def _of(ref: str, step: str) -> Operation:
    operation = orders.one_operation(step)
    if operation.order.ref != ref:
        raise NotFound(f"{ref} has no step {step}")
    return operation


def _sheet(operation: Operation, done: DoneForm, failing: ReasonForm) -> str:
    # Two forms on one page: the page's own name for what went wrong is that of the one that was sent.
    wrong = failing if failing.errors else done
    return render_template(
        "orders/step.html",
        step=operation,
        order=operation.order,
        done=done,
        failing=failing,
        form=wrong,
        machine=cells.one(operation.cell_id) if operation.cell_id else None,
        word=STEP_WORDS[operation.status],
        now=utcnow(),
    )


@bp.post("/orders/<ref>/steps/<step>/start")
@may("run operation")
def start_step(ref: str, step: str) -> Response:
    running.start(_of(ref, step).ref)
    return _back(ref)


@bp.post("/orders/<ref>/steps/<step>/withdrawal")
@may("run operation")
def withdraw(ref: str, step: str) -> Response:
    running.withdraw(_of(ref, step).ref)
    return _back(ref)


@bp.post("/orders/<ref>/steps/<step>/completion")
@may("run operation")
def complete(ref: str, step: str) -> Response | tuple[str, int]:
    form = running.complete(_of(ref, step).ref, url_for("orders.show", ref=ref))
    if form.errors:
        return _sheet(_of(ref, step), form, ReasonForm(formdata=None)), form.status
    return _back(ref)


@bp.post("/orders/<ref>/steps/<step>/failure")
@may("run operation")
def fail(ref: str, step: str) -> Response | tuple[str, int]:
    form = running.fail(_of(ref, step).ref, url_for("orders.show", ref=ref))
    if form.errors:
        return _sheet(_of(ref, step), DoneForm(formdata=None), form), form.status
    return _back(ref)
