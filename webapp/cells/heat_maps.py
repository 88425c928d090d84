"""How long every cell was in one state, hour by hour or day by day: the picture of a whole factory."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from webapp import ledger
from webapp.cells.directory import NEVER, Directory, Entry, directory
from webapp.cells.overlay import Ints
from webapp.lib.clock import epoch
from webapp.lib.refusal import Invalid
from webapp.lib.window import Window

#: Numbers in one map; and stretches that are counted at once, for the sake of memory.
MOST, AT_ONCE = 10_000_000, 200
STEPS = {"hour": 3600, "day": 86_400}


@dataclass(frozen=True, eq=False)
class HeatMap:
    """edges: seconds since 1970; seconds: [cell, stretch between neighbouring edges].

    unknown: of so many of the first stretches, hours, only their days are known; they have no seconds.
    """

    entries: Sequence[Entry]
    edges: Sequence[int]
    seconds: NDArray[np.uint32]
    unknown: int


def heat_map(window: Window, state: str, by: str, now: datetime) -> HeatMap:
    """Every cell in service within the window, in whole hours or days (UTC) that contain it, the last one up to now."""
    known, edges = directory(), _edges(window, STEPS[by], epoch(now))
    places = known.in_service(epoch(window.start), epoch(window.end))
    if len(places) * len(edges) > MOST:
        raise Invalid(start_time=f"must leave at most {MOST:,} numbers: these are {len(places) * len(edges):,}")
    told = np.zeros((len(places), max(0, len(edges) - 1)), np.uint32)
    begin = known.begins[places].min(initial=NEVER)
    for first, some in _portions(edges):
        if some[-1] > begin:  # of decades before the first cell there is nothing to ask
            told[:, first : first + len(some) - 1] = _counted(known, places, ledger.State[state.upper()], some)
    unknown = bisect_left(edges[:-1], ledger.exact_from().every) if by == "hour" else 0
    told[:, :unknown] = 0
    return HeatMap([known.entries[place] for place in places], edges, told, unknown)


def _edges(window: Window, step: int, now: int) -> list[int]:
    first, last = epoch(window.start) // step * step, -(-epoch(window.end) // step) * step
    return [*range(first, min(last, now), step), min(last, now)] if first < now else []


def _portions(edges: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    for first in range(0, len(edges) - 1, AT_ONCE):
        yield first, edges[first : first + AT_ONCE + 1]


def _counted(known: Directory, places: NDArray[np.intp], state: ledger.State, edges: Sequence[int]) -> Ints:
    """Seconds [cell, stretch] in that state while the cell was in service."""
    table = ledger.seconds(edges)
    seconds: Ints = table.seconds[:, :, np.searchsorted(table.ids, known.ids[places])]
    if state != ledger.State.UNKNOWN:
        return np.transpose(seconds[:, state])
    served = [np.minimum(known.ends, end) - np.maximum(known.begins, start) for start, end in pairwise(edges)]
    return np.transpose(np.maximum(served, 0)[:, places] - seconds[:, 1:].sum(axis=1))
