"""Planning maintenance into a free stretch of a cell's time, moving it, calling it off."""

from datetime import datetime

from webapp import cells, journal
from webapp.extensions import transaction
from webapp.lib.clock import whole
from webapp.lib.refusal import Invalid
from webapp.people import Caller
from webapp.upkeep.duties import in_words
from webapp.upkeep.fitting import check_free
from webapp.upkeep.models import Window
from webapp.upkeep.requests import planned_for
from webapp.upkeep.windows import WindowDetails, book_window, check_window, locked_window, refuse_unless, told, written


def plan_window(details: WindowDetails, by: Caller, now: datetime) -> Window:
    """Raises LaneTaken where somebody else has booked some of that time: it says whom, and which gap is next."""
    start = max(whole(details.start), whole(now))
    check_window(details, start, now)
    with transaction():
        window = written(details, start, whole(details.end), by, now)
        journal.record("planned maintenance", f"cell:{window.cell_id}", by.name, now, **told(window))
    return window


def move_window(window_id: int, start: datetime, end: datetime, by: Caller, now: datetime) -> Window:
    """To another time, before it is begun."""
    begins = max(whole(start), whole(now))
    with transaction():
        window = locked_window(window_id)
        refuse_unless(window, "planned")
        check_window(WindowDetails(window.cell_id, start, end, window.name), begins, now)
        was = told(window)
        cells.hold_lanes([window.cell_id])
        check_free(window.cell_id, begins, whole(end), window.what)
        window.starts, window.ends = begins, whole(end)
        book_window(window, begins, window.ends)
        changed = {**told(window), "was_start": was["start"], "was_end": was["end"]}
        journal.record("moved maintenance", f"cell:{window.cell_id}", by.name, now, **changed)
    return window


def cancel_window(window_id: int, why: str, by: Caller, now: datetime) -> Window:
    """It does not take place; or it was begun by mistake, and its cell is free again. Its duty stays as it was."""
    if wrong := in_words(why, 200):
        raise Invalid(why=wrong)
    with transaction():
        window = locked_window(window_id)
        refuse_unless(window, "planned", "under way")
        if window.status == "under way":
            cells.leave(window.cell_id)
        window.cancelled_at, window.cancelled_by = whole(now), by.name
        window.cancel_why = " ".join(why.split())
        cells.unbook([window.what])
        for request in planned_for(window):
            request.open_again()
        journal.record("cancelled maintenance", f"cell:{window.cell_id}", by.name, now, **told(window))
    return window
