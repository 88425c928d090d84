"""Maintenance is begun and done: meanwhile its cell starts nothing, and afterwards the duty's interval begins anew."""

from datetime import datetime, timedelta

from sqlalchemy import select

from webapp import cells, journal
from webapp.extensions import db, transaction
from webapp.lib.clock import whole
from webapp.lib.refusal import Invalid
from webapp.people import Caller
from webapp.upkeep.duties import one_duty, recount
from webapp.upkeep.models import Duty, Window
from webapp.upkeep.requests import planned_for
from webapp.upkeep.windows import WindowDetails, book_window, check_window, locked_window, refuse_unless, told, written


def begin_now(details: WindowDetails, by: Caller, now: datetime) -> Window:
    """Planned and begun in one: who stands at the cell with the tools in hand."""
    length = details.end - details.start
    start, end = whole(now), whole(now + length)
    check_window(details, start, now)
    with transaction():
        window = written(details, start, end, by, now)
        _begin(window, by, now)
    return window


def begin_window(window_id: int, by: Caller, now: datetime) -> Window:
    """From now on its cell starts nothing. Refused while something runs on it; 409 unless it is planned."""
    with transaction():
        window = locked_window(window_id)
        refuse_unless(window, "planned")
        _begin(window, by, now)
    return window


def complete_window(
    window_id: int, by: Caller, now: datetime, note: str = "", ended_at: datetime | None = None
) -> Window:
    """It is done: the cell is free, its duty's interval begins anew, and its history says maintenance from when it was
    begun until now, or until it was over (ended_at). WrongState unless it is under way."""
    if len(note) > 500 or "\0" in note:
        raise Invalid(note="must be up to 500 characters")
    with transaction():
        window = locked_window(window_id)
        refuse_unless(window, "under way")
        over = _ended(window, ended_at, now)
        window.done_at, window.done_by, window.done_note = over, by.name, note.strip()
        cells.unbook([window.what])
        cells.tended(cells.leave(window.cell_id), window.began_at or over, over)
        _begin_anew(window, over, now)
        for request in planned_for(window):
            request.settle("done", window.done_note[:200], window.done_by, now)
        journal.record("completed maintenance", f"cell:{window.cell_id}", by.name, now, **told(window))
    return window


def stretch_windows(now: datetime) -> None:
    """What takes longer than planned goes on holding its cell's time."""
    going_on = (Window.began_at.is_not(None), Window.done_at.is_(None), Window.cancelled_at.is_(None))
    late = list(db.session.scalars(select(Window.id).where(*going_on, Window.ends < now).order_by(Window.id)))
    if not late:
        return
    with transaction():
        going = [window for window in map(locked_window, late) if window.status == "under way"]
        cells.hold_lanes([window.cell_id for window in going])
        for window in going:
            book_window(window, window.began_at or window.starts, max(window.ends, whole(now) + timedelta(minutes=5)))


def _begin(window: Window, by: Caller, now: datetime) -> None:
    """Its time is taken from now on, for as long as was planned."""
    begun = whole(now)
    cells.hold_lanes([window.cell_id])
    cells.tend(window.cell_id, now)
    window.began_at, window.began_by = begun, by.name
    length = window.ends - window.starts
    window.starts, window.ends = min(window.starts, begun), begun + length
    book_window(window, begun, window.ends)
    journal.record("began maintenance", f"cell:{window.cell_id}", by.name, now, **told(window))


def _ended(window: Window, ended_at: datetime | None, now: datetime) -> datetime:
    over = whole(ended_at or now)
    if window.began_at and not window.began_at <= over <= now:
        raise Invalid(ended_at="must lie between its beginning and now")
    return over


def _begin_anew(window: Window, over: datetime, now: datetime) -> None:
    """Of the duty that was done. One that was given up meanwhile stays so."""
    if window.duty_id is None:
        return
    duty = one_duty(window.duty_id)
    db.session.refresh(duty, with_for_update={"of": Duty})
    duty.last_done_at = max(duty.last_done_at, over)
    db.session.flush()
    recount(duty, now)
