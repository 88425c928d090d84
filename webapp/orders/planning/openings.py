"""When a machine can begin something that takes so long: its shifts, without what it is taken for. Pure.

What fits into a working stretch lies inside one. What fits into none begins in working time and runs on through the
time that is closed: a cut of thirty hours is not impossible because the shop works eight.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from webapp.lib.stretches import Stretch


def openings(
    working: Sequence[Stretch] | None, taken: Sequence[Stretch], seconds: int, begin: int, until: int
) -> list[Stretch]:
    """(first, last) second at which it may begin, in order. taken: merged; working: in order, None: always."""
    starts = _starts(working, seconds, begin, until)
    return [part for first, last in starts for part in _clear(first, min(last, until - seconds), taken, seconds)]


def _starts(working: Sequence[Stretch] | None, seconds: int, begin: int, until: int) -> list[Stretch]:
    if working is None:
        return [(begin, until - seconds)]
    cut = [(max(start, begin), min(end, until)) for start, end in working]
    roomy = [(start, end - seconds) for start, end in cut if end - start >= seconds]
    return roomy or [(start, end - 1) for start, end in cut if start < end]


def _clear(first: int, last: int, taken: Sequence[Stretch], seconds: int) -> Iterator[Stretch]:
    """The starts from first to last from which it touches nothing that is taken."""
    at = max(0, bisect_right(taken, first, key=lambda one: one[1]))
    for start, end in taken[at:]:
        if first > last or start >= last + seconds:
            break
        if first <= start - seconds:
            yield first, min(last, start - seconds)
        first = max(first, end)
    if first <= last:
        yield first, last
