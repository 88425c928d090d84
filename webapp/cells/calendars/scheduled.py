"""Scheduled time of a cell, second by second: how much of a stretch it is, and which parts. Pure."""

from collections.abc import Iterator

import numpy as np

from webapp.cells.calendars.shifts import OFF, WORKING, Marks

Stretch = tuple[int, int]  # start <= t < end, epoch seconds


def scheduled_parts(marks: Marks | None, start: int, end: int) -> Iterator[Stretch]:
    """The parts of it inside shifts, breaks included; all of it where there is no calendar."""
    if marks is None:
        yield start, end
        return
    edges, open_since = [*_pieces(marks, start, end)], None
    for at, _, klass in edges:
        if klass != OFF and open_since is None:
            open_since = at
        elif klass == OFF and open_since is not None:
            yield open_since, at
            open_since = None
    if open_since is not None:
        yield open_since, end


def scheduled_seconds(marks: Marks | None, start: int, end: int) -> int:
    return sum(high - low for low, high in scheduled_parts(marks, start, end))


def working_seconds(marks: Marks | None, start: int, end: int) -> int:
    """Without breaks and other planned stops."""
    return sum(high - low for low, high in working_parts(marks, start, end))


def working_parts(marks: Marks | None, start: int, end: int) -> Iterator[Stretch]:
    """The same, from when to when."""
    if marks is None:
        yield start, end
        return
    yield from ((low, high) for low, high, klass in _pieces(marks, start, end) if klass == WORKING)


def _pieces(marks: Marks, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    first = max(int(np.searchsorted(marks.at, start, side="right")) - 1, 0)
    last = int(np.searchsorted(marks.at, end, side="left"))
    for at in range(first, last):
        low = max(int(marks.at[at]), start)
        high = min(int(marks.at[at + 1]), end) if at + 1 < len(marks.at) else end
        if low < high:
            yield low, high, int(marks.klass[at])
