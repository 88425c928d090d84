"""The schedule: its pages, the panel of an operation, and saving what a planner moved."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, orders
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, polled
from webapp.orders import Move, PlanChange
from webapp.screens.forms import number_in
from webapp.screens.schedule.changes import told_changes
from webapp.screens.schedule.filtering import narrowed
from webapp.screens.schedule.forms import MoveForm
from webapp.screens.schedule.panel import Asked, Panel
from webapp.screens.schedule.picture import view, waiting
from webapp.screens.schedule.spans import subject_of

bp = Blueprint("schedule", __name__)

#: Changes of the plan that a page lists.
MOST_CHANGES = 100


@bp.get("/schedule")
@may("see schedule")
def show() -> str:
    ref = request.args.get("op", "")
    panel = Panel(orders.one_operation(ref), Asked.of(request.args), utcnow()) if ref else None
    return _page(panel, MoveForm(formdata=None))


def _page(panel: Panel | None, form: MoveForm) -> str:
    undo = number_in(request.values.get("undo_plan", ""))
    return render_template(
        "schedule/show.html",
        panel=panel,
        form=form,
        filters=narrowed(),
        waiting=waiting("", utcnow()),
        undo_action=url_for("schedule.take_back", id=undo) if undo else "",
        **_picture(),
    )


def _picture() -> Picture:
    said = request.values
    table = {"view": "table" if said.get("view") == "table" else "picture"}
    return view(subject_of(said.get("d", ""), said.get("hours", "")), utcnow()) | table


@bp.get("/schedule/part")
@may("see schedule")
def part() -> Response:
    name = "schedule-table" if request.args.get("view") == "table" else "schedule"
    return polled(f"{name}:{subject_of(request.args.get('d', ''), request.args.get('hours', ''))}")


@bp.get("/schedule/open")
@may("see schedule")
def unplaced() -> Response:
    return polled("schedule-open")


@bp.get("/schedule/operations/<ref>")
@may("see schedule")
def operation(ref: str) -> str:
    return _alone(Panel(orders.one_operation(ref), Asked.of(request.args), utcnow()), MoveForm(formdata=None))


def _alone(panel: Panel, form: MoveForm) -> str:
    return render_template("schedule/operation.html", panel=panel, form=form)


@bp.get("/schedule/operations/<ref>/verdict")
@may("see schedule")
def verdict(ref: str) -> str | tuple[str, int]:
    """What the rules say of a place, while the bar is still in the hand."""
    panel, form = Panel(orders.one_operation(ref), Asked.of(request.args), utcnow()), MoveForm(formdata=None)
    found = None
    with form.heeding():
        found = panel.verdict
    if form.errors:
        return render_template("schedule/_verdict.html", verdict=None, form=form), form.status
    return render_template("schedule/_verdict.html", verdict=found)


@bp.post("/schedule/operations/<ref>")
@may("plan orders")
def move(ref: str) -> Response | tuple[str, int]:
    form, now = MoveForm(), utcnow()
    panel = Panel(orders.one_operation(ref), form.asked(), now)
    change: PlanChange | None = None
    with form.heeding():
        moves = moves_of(panel, form)
        change = orders.reschedule_all(moves, by=current_user.name, now=now)
    if change is None:
        return _alone(Panel(orders.one_operation(ref), form.legible, now), form), form.status
    others = len(change.moves) - 1
    along = f" {others} more moved along." if others else ""
    return _saved(change, f"{orders.one_operation(ref).label} moved.{along}", op=ref)


def moves_of(panel: Panel, form: MoveForm) -> list[Move]:
    """The one that was moved; along: and what it delays, as the panel said."""
    wish = panel.wish
    if wish is None:
        return []
    own = Move(panel.op.ref, wish.cell.id, wish.span.start, wish.span.end, form.version.data)
    delays = panel.verdict.delays if form.along.data and panel.verdict else ()
    return [own, *(Move(one.ref, one.cell_id, one.becomes.start, one.becomes.end) for one in delays)]


@bp.post("/schedule/operations/<ref>/removal")
@may("plan orders")
def take_off(ref: str) -> Response:
    change = orders.unplace(ref, by=current_user.name, now=utcnow())
    return _saved(change, f"{orders.one_operation(ref).label} is off the plan.", op=None)


@bp.post("/schedule/operations/<ref>/pin")
@may("plan orders")
def pin(ref: str) -> Response:
    on = request.form.get("on") == "1"
    done = orders.pin(ref, on, by=current_user.name, now=utcnow())
    flash(f"{done.label} is {'pinned: a proposed plan leaves it here' if on else 'no longer pinned'}.", "ok")
    return redirect(url_for("schedule.show", op=ref, **_where()), 303)


@bp.get("/schedule/changes")
@may("see schedule")
def changes() -> str:
    names = {cell.id: cell.name for cell in cells.all_cells(retired=True)}
    found = told_changes(orders.plan_changes(MOST_CHANGES), names)
    return render_template("schedule/changes.html", changes=found)


@bp.post("/schedule/changes/<int:id>/undo")
@may("plan orders")
def take_back(id: int) -> Response:
    orders.take_back(id, by=current_user.name, now=utcnow())
    flash("The change was taken back: everything it moved is where it was.", "ok")
    return redirect(url_for("schedule.show", **_where()), 303)


def _saved(change: PlanChange, words: str, **about: Any) -> Response:
    flash(words, "undo")
    return redirect(url_for("schedule.show", undo_plan=change.id, **about, **_where()), 303)


def _where() -> dict[str, Any]:
    """The hours and the filters the planner looked at."""
    kept = ("d", "hours", "view", "q", "site", "kind", "order", "status")
    return {name: word for name in kept if (word := request.form.get(name, ""))}


def _drawn_as(kind: str) -> Callable[[str, datetime], Picture]:
    def drawn(subject: str, now: datetime) -> Picture:
        return view(subject, now) | {"view": kind}

    return drawn


#: Besides the plan: what machines say, and what is kept free of work.
HEEDS = ("schedule", "floor", "maintenance")
REGIONS = (
    Region("schedule", "see schedule", "schedule/_part.html", _drawn_as("picture"), HEEDS),
    Region("schedule-table", "see schedule", "schedule/_part.html", _drawn_as("table"), HEEDS),
    Region("schedule-open", "see schedule", "schedule/_open.html", waiting, ("schedule",)),
)
