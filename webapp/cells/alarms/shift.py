"""Which cells are on shift now: of the others nobody expects that they work."""

from collections.abc import Collection
from datetime import datetime

from webapp.cells.calendars.questions import calendar_marks
from webapp.cells.calendars.scheduled import scheduled_parts
from webapp.lib.clock import epoch, moment

LOOK_BACK = 86_400


def at_work(cell_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """cell id -> since when, a day ago at most, breaks included. A cell without a calendar always is."""
    start, end = epoch(now) - LOOK_BACK, epoch(now) + 1
    found = {}
    for cell_id, marks in calendar_marks(cell_ids, start, end).items():
        since = next((low for low, high in scheduled_parts(marks, start, end) if high == end), None)
        if since is not None:
            found[cell_id] = moment(since)
    return found
