"""Why cells stood: what happened at one, what nobody has explained yet, and giving a reason with two taps."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells
from webapp.cells import IntervalNote, Reason, Stop
from webapp.lib.clock import iso, utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid
from webapp.lib.window import Window, last
from webapp.screens.filters import full_clock
from webapp.screens.forms import number_in
from webapp.screens.going_back import back_with, came_from
from webapp.screens.times import shown_time, site_zone, typed_time

bp = Blueprint("stops", __name__)

RANGES = {"24h": ("Last 24 hours", timedelta(hours=24)), "7d": ("Last 7 days", timedelta(days=7))}
#: Rows of one page: whoever explains the longest fifty has explained most of it.
MOST = 50


@bp.get("/reasons")
@may("give reason")
def index() -> str:
    now, asked = utcnow(), _asked()
    label, length = RANGES[asked["r"]]
    found = cells.unexplained(last(now, seconds=length.total_seconds()), now, _cell_ids(asked))
    return render_template(
        "stops/index.html",
        stops=found[:MOST],
        count=len(found),
        seconds=sum(stop.seconds for stop in found),
        asked=asked,
        label=label,
        ranges=RANGES,
        reasons=offered(),
        cells=cells.all_cells(),
        sites=cells.sites(),
        now=now,
    )


def _asked() -> dict[str, str]:
    """The filters of the list; what cannot be read is as if it had not been said."""
    words = {name: request.values.get(name, "") for name in ("r", "site", "cell")}
    return {
        "r": words["r"] if words["r"] in RANGES else "24h",
        "site": words["site"] if number_in(words["site"]) else "",
        "cell": words["cell"] if number_in(words["cell"]) else "",
    }


def _cell_ids(asked: dict[str, str]) -> set[int] | None:
    if not asked["site"] and not asked["cell"]:
        return None
    return set(cells.chosen(number_in(asked["site"]), cell_ids=[cell] if (cell := number_in(asked["cell"])) else []))


def offered() -> dict[str, list[Reason]]:
    """By state: what may explain it."""
    everything = cells.reasons()
    return {state: [one for one in everything if state in one.states] for state in cells.LOSING}


@bp.get("/cells/<int:id>/intervals/<start>")
@may("give reason")
def show(id: int, start: str) -> str:
    now = utcnow()
    stop = cells.stop_at(id, typed_time(start, "start", site_zone()), now)
    return render_template("stops/show.html", stop=stop, cell=stop.cell, reasons=offered(), now=now)


@bp.post("/cells/<int:id>/intervals/<start>/reason")
@may("give reason")
def give(id: int, start: str) -> Response:
    window, reason = _window(start), number_in(request.form.get("reason", ""))
    if reason is None:
        raise Invalid(reason="must be chosen")
    said: dict[str, Any] = {"comment": request.form.get("comment", "").strip(), "goes_on": "goes_on" in request.form}
    note = cells.give_reason(id, window, reason, by=current_user.name, now=utcnow(), **said)
    flash(f"{cells.one(id).name}, {_span(note)}: {note.words}.", "undo")
    return redirect(_back(id, undo=note.id), 303)


@bp.post("/cells/<int:id>/intervals/<start>/split")
@may("give reason")
def split(id: int, start: str) -> Response:
    window = _window(start)
    at = typed_time(request.form.get("at", ""), "at", site_zone())
    before, after = (number_in(request.form.get(name, "")) for name in ("before", "after"))
    given = cells.split_interval(
        id, window, at, before, after, current_user.name, utcnow(), goes_on="goes_on" in request.form
    )
    told = ", then ".join(f"{_span(note)} {note.words}" for note in given)
    flash(f"{cells.one(id).name} split at {full_clock(at)}: {told}.", "ok")
    return redirect(_back(id), 303)


@bp.post("/notes/<int:id>/undo")
@may("give reason")
def take_back(id: int) -> Response:
    cell_id = cells.take_reason_back(id, by=current_user.name, now=utcnow())
    flash("Taken back.", "ok")
    return redirect(_back(cell_id), 303)


def _window(start: str) -> Window:
    zone = site_zone()
    return Window(typed_time(start, "start", zone), typed_time(request.form.get("end", ""), "end", zone))


def _span(note: IntervalNote) -> str:
    return f"{full_clock(note.start)} to {full_clock(note.end)}"


def _back(cell_id: int, **more: Any) -> str:
    """To the board, the list or the cell, as the person came, on the same day."""
    if request.form.get("to"):
        return back_with(came_from() or url_for("cells.show", id=cell_id), **more)
    if request.form.get("back") == "list":
        asked: dict[str, Any] = {name: word for name, word in _asked().items() if word}
        return url_for("stops.index", **asked, **more)
    return url_for("cells.show", id=cell_id, day=request.form.get("day") or None, **more) + "#happened"


def attach(app: Flask) -> None:
    app.jinja_env.filters.update(middle=middle, pair=lambda named: (named.id, named.name))
    app.jinja_env.globals.update(undo_address=undo_address)


def undo_address() -> str:
    """Where the toast leads, if the last act on this page was a reason or a correction."""
    if note := number_in(request.args.get("undo", "")):
        return url_for("stops.take_back", id=note)
    if change := number_in(request.args.get("undo_correction", "")):
        return url_for("corrections.take_back", id=change)
    if cell := number_in(request.args.get("undo_mode", "")):
        return url_for("acts.take_mode_back", id=cell)
    return ""


def middle(stop: Stop) -> str:
    """Where a split begins to be thought of, as a text field shows it: a whole minute inside, or the second where none
    is; empty for a stop that cannot be split."""
    half = stop.interval.start + timedelta(seconds=stop.seconds // 2)
    inside = [at for at in (half.replace(second=0), half) if stop.interval.start < at < stop.interval.end]
    return shown_time(inside[0], site_zone()) if inside else ""


def happened(cell_id: int, window: Window, now: datetime) -> dict[str, Any]:
    """What the panel of a cell's page shows."""
    found: Sequence[Stop] = cells.stops(cell_id, window, now)
    open_ = [stop for stop in found if stop.note is None]
    return {
        "stops": found,
        "unexplained": len(open_),
        "lost": sum(stop.seconds for stop in found),
        "window": window,
        "reasons": offered(),
        "as_of": iso(now),
    }
