"""What can be done about a cell in two taps: the cell, then the act; and one is back where one came from."""

from datetime import datetime, timedelta

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, orders, projects
from webapp.cells import Standing, Stop
from webapp.jobs import wake, work
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.settings import settings
from webapp.lib.window import Window
from webapp.screens import stops
from webapp.screens.going_back import came_from

bp = Blueprint("acts", __name__)

#: What a sheet may offer; a board is marked with those that its reader may do.
VERBS = ("acknowledge stop", "give reason", "set cell mode", "call for help", "own issue")
#: A stop is looked for from a little before the cell's own word: a round of sampling may have come between.
MARGIN, LONGEST = timedelta(minutes=1), timedelta(days=14)


def attach(app: Flask) -> None:
    app.jinja_env.globals["may_act"] = may_act


def may_act() -> str:
    """The acts that are this caller's, as classes of the element around a board: may-give-reason."""
    return " ".join(f"may-{verb.replace(' ', '-')}" for verb in VERBS if current_user.may(verb))


@bp.get("/cells/<int:id>/act")
@may("see cells")
def sheet(id: int) -> str:
    now = utcnow()
    standing = cells.standings(now, settings().sample_every).get(id)
    return render_template(
        "acts/show.html",
        cell=cells.one(id),
        standing=standing,
        holder=projects.holders().get(id),
        job=orders.holding().get(id),
        alarms={alarm.kind: alarm for alarm in cells.open_on(id)},
        stop=_stop_now(id, standing, now) if current_user.may("give reason") else None,
        reasons=stops.offered(),
        to=came_from() or url_for("cells.show", id=id),
        now=now,
    )


def _stop_now(cell_id: int, standing: Standing | None, now: datetime) -> Stop | None:
    """What it loses just now, if that is long enough to be asked about."""
    if standing is None or standing.state not in cells.LOSING:
        return None
    start = max(min(standing.since, now) - MARGIN, now - LONGEST)
    return next((stop for stop in cells.stops(cell_id, Window(start, now), now) if stop.goes_on), None)


@bp.post("/cells/<int:id>/acknowledgement")
@may("acknowledge stop")
def acknowledge(id: int) -> Response:
    cells.acknowledge_stop(id, by=current_user.name, now=utcnow())
    return _done(id, "{name} is yours: nobody else is told of it any more.")


@bp.post("/cells/<int:id>/call")
@may("call for help")
def call(id: int) -> Response:
    cells.call_for_help(id, request.form.get("words", ""), by=current_user.name, now=utcnow())
    return _done(id, "Help is called to {name}.")


@bp.post("/cells/<int:id>/call/end")
@may("call for help")
def end_call(id: int) -> Response:
    cells.end_call(id, by=current_user.name, now=utcnow())
    return _done(id, "The call at {name} is over.")


@bp.post("/cells/<int:id>/mode/undo")
@may("set cell mode")
def take_mode_back(id: int) -> Response:
    cell = cells.take_mode_back(id, by=current_user.name, now=utcnow())
    wake(work.move_projects)
    return _done(id, f"Taken back: {{name}} is {cell.mode}.")


def _done(id: int, words: str) -> Response:
    flash(words.format(name=cells.one(id).name), "ok")
    return redirect(came_from() or url_for("cells.show", id=id), 303)
