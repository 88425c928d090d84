"""Accounts added up over hours, and over stretches of hours that contain each other: so a year is a few dozen blocks.

Each level's blocks are made of whole blocks of the level below, so that what changes in an hour touches one block of
each level, and no sum that runs through all time. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from webapp.cells.overlay import COUNTED, Ints

HOUR = 3600
#: Hours in a block, by level: an hour, four, a day (UTC), four days, sixteen, sixty-four.
LEVELS = (1, 4, 24, 96, 384, 1536)
#: Seconds of up to so many hours fit into two bytes.
SHORT = 18

Stretch = tuple[int, int]  # from <= x < to


class Block(NamedTuple):
    """`hours` hours, from `hour` on (hours since 1970)."""

    hours: int
    hour: int

    @property
    def end(self) -> int:
        return self.hour + self.hours

    @property
    def parts(self) -> "list[Block]":
        """The blocks of the level below; of an hour, none."""
        if self.hours == 1:
            return []
        below = LEVELS[LEVELS.index(self.hours) - 1]
        return [Block(below, hour) for hour in range(self.hour, self.end, below)]


def cover(first: int, last: int) -> Iterator[Block]:
    """The fewest blocks that make up the hours from first up to last, in order."""
    while first < last:
        fitting = (hours for hours in reversed(LEVELS) if first % hours == 0 and first + hours <= last)
        block = Block(next(fitting), first)
        yield block
        first = block.end


def above(first: int, last: int) -> list[Block]:
    """Every larger block that these hours are part of, the smaller ones in front."""
    return [Block(hours, hour) for hours in LEVELS[1:] for hour in range(first - first % hours, last, hours)]


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time, ascending and without overlap."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        elif start < end:
            found.append((start, end))
    return found


def without(stretches: Iterable[Stretch], gone: Stretch) -> list[Stretch]:
    """What is left of them."""
    parts = ((s, e) for start, end in stretches for s, e in ((start, min(end, gone[0])), (max(start, gone[1]), end)))
    return [(start, end) for start, end in parts if start < end]


def within(stretches: Iterable[Stretch], low: int, high: int) -> list[Stretch]:
    """The parts of them between these two."""
    return [(max(s, low), min(e, high)) for s, e in stretches if max(s, low) < min(e, high)]


def touches(stretches: Sequence[Stretch], start: int, end: int) -> bool:
    return any(s < end and start < e for s, e in stretches)


def pack(ids: NDArray[np.int32], counted: Ints, hours: int) -> bytes:
    """counted: seconds [what is COUNTED, cell]. What no cell has any of is left out."""
    some = np.flatnonzero(counted.any(axis=1))
    told = counted[some].astype("<u2" if hours <= SHORT else "<u4")
    head = np.array([len(ids), sum(1 << int(n) for n in some)], "<u4")
    return head.tobytes() + ids.astype("<i4").tobytes() + told.tobytes()


def unpack(data: bytes, hours: int) -> tuple[NDArray[np.int32], NDArray[np.intp], NDArray[np.integer]]:
    """(ids, which of COUNTED, seconds [those, cell]): views of the bytes."""
    cells, told = np.frombuffer(data, "<u4", 2).tolist()
    ids = np.frombuffer(data, "<i4", cells, 8)
    some = np.array([n for n in range(len(COUNTED)) if told >> n & 1], np.intp)
    seconds = np.frombuffer(data, "<u2" if hours <= SHORT else "<u4", offset=8 + 4 * cells)
    return ids, some, seconds.reshape(len(some), cells)
