"""What an operator runs: what is at work, what could be started next on each machine, what waits and why."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, journal, orders
from webapp.jobs import wake, work
from webapp.lib.clock import epoch, utcnow
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, polled
from webapp.lib.settings import settings
from webapp.orders import Operation, WorkFloor
from webapp.screens.forms import RoomForm, once
from webapp.screens.going_back import came_from
from webapp.screens.orders.acting import DoneForm, ReasonForm
from webapp.screens.project_forms import whole

bp = Blueprint("operations", __name__)


@bp.get("/operations")
@may("run operation")
def index() -> str:
    return render_template("operations/index.html", **view("", utcnow()))


@bp.get("/operations/part")
@may("run operation")
def part() -> Response:
    return polled("operations")


def view(_: str, now: datetime) -> Picture:
    period = settings().sample_every
    floor = orders.work_floor(now, period)
    return {
        "floor": floor,
        "version": journal.digest(repr([epoch(now) // 60, *_painted(floor)]).encode())[:16],
        "as_of": cells.as_of(now),
        "period": period,
        "now": now,
    }


def _painted(floor: WorkFloor) -> list[object]:
    """How late something is, is told in minutes: the version has them already."""
    states = {id: (machine.name, machine.state, machine.detail) for id, machine in floor.machines.items()}
    ready = [(up.machine and up.machine.name, up.jobs, up.more, up.no, up.warning) for up in floor.ready]
    return [floor.running, floor.waiting, ready, [states.get(job.cell_id or 0) for job in floor.running]]


REGIONS = (Region("operations", "run operation", "operations/_part.html", view, heeds=("orders", "floor")),)


@bp.get("/operations/<ref>/start")
@may("run operation")
def ask_start(ref: str) -> str:
    return _sheet("start", ref, RoomForm())


@bp.post("/operations/<ref>/start")
@may("run operation")
def start(ref: str) -> Response:
    _tell(orders.start_operation(ref, current_user, utcnow(), settings().sample_every))
    return _back()


@bp.get("/operations/<ref>/completion")
@may("run operation")
def ask_completion(ref: str) -> str:
    return _sheet("completion", ref, DoneForm())


@bp.post("/operations/<ref>/completion")
@may("run operation")
def complete(ref: str) -> Response | tuple[str, int]:
    form, now = DoneForm(), utcnow()
    with form.heeding():
        good, bad = whole(form.qty_done.data, "qty_done"), whole(form.qty_rejected.data, "qty_rejected")
        _once(form, now, lambda: _completed(ref, good, bad, now))
    return _answered("completion", ref, form)


def _completed(ref: str, good: int | None, bad: int | None, now: datetime) -> None:
    done = orders.complete_operation(ref, current_user, now, settings().sample_every, good, bad)
    flash(f"{done.label} is done.", "ok")
    if done.order.status == "done":
        flash(f"{done.order.ref} is done.", "ok")
    for step in done.order.operations:
        if step.idx > done.idx and step.status in ("running", "waiting"):
            _tell(step)


@bp.get("/operations/<ref>/failure")
@may("run operation")
def ask_failure(ref: str) -> str:
    return _sheet("failure", ref, ReasonForm())


@bp.post("/operations/<ref>/failure")
@may("run operation")
def fail(ref: str) -> Response | tuple[str, int]:
    form, now = ReasonForm(), utcnow()
    with form.heeding():
        _once(form, now, lambda: _failed(ref, form.reason.data or "", now))
    return _answered("failure", ref, form)


def _failed(ref: str, reason: str, now: datetime) -> None:
    failed = orders.fail_operation(ref, reason, current_user, now)
    flash(f"{failed.label} has failed. {failed.order.ref} is on hold until somebody resumes it.", "warn")


def _once(form: RoomForm, now: datetime, act: Callable[[], None]) -> None:
    def done() -> str:
        act()
        return url_for("operations.index")

    once(form, f"user:{current_user.user.id}", now, done)


def _answered(act: str, ref: str, form: RoomForm) -> Response | tuple[str, int]:
    if form.errors:
        return _sheet(act, ref, form), form.status
    wake(work.move_projects)
    return _back()


def _sheet(act: str, ref: str, form: RoomForm) -> str:
    step = orders.one_operation(ref)
    return render_template(
        "operations/ask.html",
        act=act,
        step=step,
        order=step.order,
        machine=cells.one(step.cell_id) if step.cell_id else None,
        form=form,
        to=came_from() or url_for("operations.index"),
        now=utcnow(),
    )


def _tell(step: Operation) -> None:
    if step.status == "running" and step.cell_id:
        flash(f"{step.label} runs on {cells.one(step.cell_id).name}.", "ok")
        return
    by_itself = "" if step.waiting and step.waiting.needs_person else " It starts by itself as soon as it can."
    flash(f"{step.label} waits: {step.waiting_message}.{by_itself}", "warn")


def _back() -> Response:
    return redirect(came_from() or url_for("operations.index"), 303)
