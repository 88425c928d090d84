"""What an operator runs: what is at work, what could be started next on each machine, what waits and why."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from webapp import cells, journal, orders
from webapp.lib.clock import epoch, utcnow
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, polled
from webapp.lib.settings import settings
from webapp.orders import WorkFloor
from webapp.screens import running
from webapp.screens.forms import RoomForm
from webapp.screens.going_back import came_from
from webapp.screens.running import DoneForm, ReasonForm

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
    running.start(ref)
    return _back()


@bp.get("/operations/<ref>/withdrawal")
@may("run operation")
def ask_withdrawal(ref: str) -> str:
    return _sheet("withdrawal", ref, RoomForm())


@bp.post("/operations/<ref>/withdrawal")
@may("run operation")
def withdraw(ref: str) -> Response:
    running.withdraw(ref)
    return _back()


@bp.get("/operations/<ref>/completion")
@may("run operation")
def ask_completion(ref: str) -> str:
    return _sheet("completion", ref, DoneForm())


@bp.post("/operations/<ref>/completion")
@may("run operation")
def complete(ref: str) -> Response | tuple[str, int]:
    return _answered("completion", ref, running.complete(ref, url_for("operations.index")))


@bp.get("/operations/<ref>/failure")
@may("run operation")
def ask_failure(ref: str) -> str:
    return _sheet("failure", ref, ReasonForm())


@bp.post("/operations/<ref>/failure")
@may("run operation")
def fail(ref: str) -> Response | tuple[str, int]:
    return _answered("failure", ref, running.fail(ref, url_for("operations.index")))


def _answered(act: str, ref: str, form: RoomForm) -> Response | tuple[str, int]:
    return (_sheet(act, ref, form), form.status) if form.errors else _back()


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


def _back() -> Response:
    return redirect(came_from() or url_for("operations.index"), 303)
