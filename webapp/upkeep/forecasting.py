"""When a cell will have run so many hours, by what is booked on it and how much it ran of late. Pure; epoch seconds."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from webapp.lib.stretches import Stretch

#: Nobody plans maintenance beyond this.
FURTHEST = 10 * 366 * 86_400


class Ahead(NamedTuple):
    """A stretch to come, of which the cell is expected to run this share."""

    start: int
    end: int
    share: float


def share_running(running: int, working: int, known: int) -> float:
    """Of the working time that was seen, how much the cell ran; all figures are seconds of one and the same time.

    What nobody saw is taken to have been like the rest: to take it for standing still would put off what is due.
    """
    seen = min(working, known)
    return min(1.0, running / seen) if seen > 0 else 0.0


def ahead(
    start: int, end: int, working: Sequence[Stretch], booked: Sequence[Stretch], shut: Sequence[Stretch], share: float
) -> Iterator[Ahead]:
    """From start to end: what is booked for work runs throughout, what is shut not at all, and of the other working
    time this share. Each of them ascending and without overlap among themselves."""
    edges = {start, end, *(edge for its in (working, booked, shut) for stretch in its for edge in stretch)}
    inside = sorted(edge for edge in edges if start <= edge <= end)
    for low, high in pairwise(inside):
        if _within(booked, low):
            yield Ahead(low, high, 1.0)
        elif share and _within(working, low) and not _within(shut, low):
            yield Ahead(low, high, share)


def run_out(left: int, pieces: Iterable[Ahead], start: int, end: int) -> int | None:
    """The second by which it will have run so long; beyond the end as on the average up to there; None: it never will.

    pieces: ascending, from start to end.
    """
    todo = float(left)
    for piece in pieces:
        runs = (piece.end - piece.start) * piece.share
        if runs >= todo:
            return piece.start + round(todo / piece.share)
        todo -= runs
    return _on_average(left, left - todo, start, end)


def _on_average(left: int, ran: float, start: int, end: int) -> int | None:
    if ran <= 0:
        return None
    reached = start + left * (end - start) / ran
    return round(reached) if reached - start < FURTHEST else None


def _within(stretches: Sequence[Stretch], second: int) -> bool:
    place = bisect_right(stretches, (second, FURTHEST * 10)) - 1
    return place >= 0 and stretches[place][0] <= second < stretches[place][1]
