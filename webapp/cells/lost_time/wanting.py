"""Stops that want a reason, of all cells at once: found among columns, and only what a person will read gets words."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from webapp import ledger
from webapp.cells.calendars.questions import calendar_marks
from webapp.cells.calendars.scheduled import scheduled_parts, working_seconds
from webapp.cells.history import Interval, worded
from webapp.cells.lost_time.explaining import notes
from webapp.cells.lost_time.losing import WORTH, Stop
from webapp.cells.lost_time.models import IntervalNote
from webapp.cells.models import Cell
from webapp.cells.reporting import in_service
from webapp.lib.clock import epoch, moment
from webapp.lib.window import Window

#: Of so many the machine's words are looked up: more than a page shows.
WORDED = 50
#: By state number: seconds from which on a stretch is worth a question; what loses no time never is.
LEAST = np.array([WORTH.get(str(state), 2**40) for state in ledger.State])

Found = tuple[Cell, str, str, int, int]  # cell, state, source, start, end


def unexplained(window: Window, now: datetime, cell_ids: Collection[int] | None = None) -> list[Stop]:
    """Longest first; the first WORDED with the machine's words."""
    cut = window.cut(None, now)
    cells = {cell.id: cell for cell in in_service(cut, cell_ids)} if cut else {}
    if cut is None or not cells:
        return []
    books = {cell.book_id for cell in cells.values()}
    found = [stop for book in books for stop in _of_book(book, cells, cut, now)]
    found.sort(key=lambda stop: (-stop.seconds, stop.interval.start, stop.cell.name))
    return [*map(_worded, found[:WORDED]), *found[WORDED:]]


def _worded(stop: Stop) -> Stop:
    return replace(stop, interval=worded(stop.cell.id, stop.interval))


def _of_book(book: int, cells: dict[int, Cell], window: Window, now: datetime) -> Iterator[Stop]:
    start, end = epoch(window.start), epoch(window.end)
    own = {id: cell for id, cell in cells.items() if cell.book_id == book}
    given, marks = defaultdict(list), calendar_marks(own, start, end)
    for note in notes(own, window):
        given[note.cell_id].append(note)
    told = ledger.newest(book)
    known = epoch(now) if told is None else min(told, epoch(now))
    for cell, state, source, low, high in _lost(book, own, start, end):
        for since, until in _without(low, high, given[cell.id], state):
            for first, last in scheduled_parts(marks[cell.id], since, until):
                if working_seconds(marks[cell.id], first, last) >= WORTH[state]:
                    interval = Interval(state, moment(first), moment(last), "", source)
                    yield Stop(cell, interval, goes_on=last >= known)


def _lost(book: int, cells: dict[int, Cell], start: int, end: int) -> Iterator[Found]:
    """What lost time long enough, before notes and calendars cut it."""
    strips = ledger.strips(book, start, end)
    goes_on = np.append(strips.cell[1:] == strips.cell[:-1], False)
    ends = np.where(goes_on, np.append(strips.start[1:], end), end)
    for at in np.flatnonzero(ends - strips.start >= LEAST[strips.state]):
        cell = cells.get(int(strips.ids[strips.cell[at]]))
        if cell:
            low, high = _serving(cell, int(strips.start[at]), int(ends[at]))
            if low < high:
                state, source = ledger.State(int(strips.state[at])), ledger.Source(int(strips.source[at]))
                yield cell, str(state), str(source), low, high


def _serving(cell: Cell, start: int, end: int) -> tuple[int, int]:
    retired = epoch(cell.in_service_to) if cell.in_service_to else end
    return max(start, epoch(cell.in_service_from)), min(end, retired)


def _without(start: int, end: int, given: Sequence[IntervalNote], state: str) -> Iterator[tuple[int, int]]:
    """What no note of theirs explains. given: oldest first, without overlap."""
    for note in given:
        low, high = epoch(note.start), epoch(note.end)
        if high <= start or low >= end or state not in note.reason.states:
            continue
        if start < low:
            yield start, low
        start = high
    if start < end:
        yield start, end
