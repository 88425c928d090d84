"""How blocks are packed: little-endian columns. Pure.

An hour is two bytes a change and two a cell. A day's seconds are sums since midnight of 16 bits: an edge reads the one
hour it needs, and neighbours differ by an hour's seconds however often they overflowed.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from webapp.ledger.columns import HourColumns, Ids, Small, Whole
from webapp.ledger.states import KNOWN, Source

OFF_BITS, STATE_BITS = 12, 3
UNUSUAL = 1 << OFF_BITS + STATE_BITS
MANY = 255  # a count that does not fit a byte stands behind the counts, in four
SPAN = 1 << 16


def pack_ids(ids: Ids) -> bytes:
    """As runs: the first of each and how many follow one another."""
    if not len(ids):
        return b""
    begins = np.flatnonzero(np.diff(ids, prepend=ids[0] - 2) != 1)
    lengths = np.diff(begins, append=len(ids))
    return np.stack([ids[begins], lengths]).astype("<u4").tobytes()


@lru_cache(maxsize=256)
def unpack_ids(data: bytes) -> Ids:
    """The same bytes give the same array, which must not be changed."""
    begins, lengths = np.frombuffer(data, "<u4").astype(np.int64).reshape(2, -1) if data else np.zeros((2, 0), np.int64)
    steps = np.ones(int(lengths.sum()), np.int64)
    steps[:1] = begins[:1]
    steps[np.cumsum(lengths)[:-1]] = begins[1:] - (begins + lengths - 1)[:-1]
    ids = np.cumsum(steps).astype(np.int32)
    ids.setflags(write=False)
    return ids


def pack_hour(hour: HourColumns) -> bytes:
    ids = pack_ids(hour.ids)
    held = hour.state | hour.source << STATE_BITS
    unusual = hour.to_source != _usual(hour.to_state)
    changes = hour.off | hour.to_state.astype(np.int64) << OFF_BITS | unusual * UNUSUAL
    counts, many = np.minimum(hour.counts, MANY), hour.counts[hour.counts >= MANY]
    head = np.array([len(ids), len(hour.ids), len(many), len(hour.off)], "<u4")
    columns = (head, held.astype("u1"), counts.astype("u1"), many.astype("<u4"), changes.astype("<u2"))
    return b"".join([*(column.tobytes() for column in columns), hour.to_source[unusual].tobytes(), ids])


def unpack_hour(data: bytes) -> HourColumns:
    size, cells, many, changes = map(int, np.frombuffer(data, "<u4", 4))
    read = _Reader(data, 16)
    held, counts = read("u1", cells), read("u1", cells).astype(np.int64)
    counts[counts == MANY] = read("<u4", many)
    packed = read("<u2", changes)
    to_state = (packed >> OFF_BITS & (1 << STATE_BITS) - 1).astype(np.uint8)
    to_source = _usual(to_state)
    unusual = packed >= UNUSUAL
    to_source[unusual] = read("u1", int(np.count_nonzero(unusual)))
    off = (packed & (1 << OFF_BITS) - 1).astype(np.int64)
    state, source = (held & (1 << STATE_BITS) - 1).astype(np.uint8), (held >> STATE_BITS).astype(np.uint8)
    return HourColumns(unpack_ids(data[len(data) - size :]), state, source, counts, off, to_state, to_source)


def _usual(state: Small) -> Small:
    """Who says most of what is said: the feed, and of what is unknown nobody."""
    return np.where(state == 0, np.uint8(Source.NONE), np.uint8(Source.FEED))


class _Reader:
    """Columns out of bytes, one after the other."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def __call__(self, kind: str, count: int) -> NDArray[Any]:
        column: NDArray[Any] = np.frombuffer(self.data, kind, count, self.at)
        self.at += column.nbytes
        return column


def pack_day(since_midnight: Whole) -> tuple[bytes, list[bytes]]:
    """[known state, hour that ends, cell] -> (who went over 16 bits, a plane for each state).

    Of one cell only one state can go over in a day: its number, and the first hour whose end it did so by.
    """
    over = np.zeros(since_midnight.shape[2], np.uint8)
    for state, plane in zip(KNOWN, since_midnight, strict=True):
        late = plane >= SPAN
        first = np.argmax(late, axis=0) + 1
        over[late.any(axis=0)] = (state << 5 | first)[late.any(axis=0)]
    planes = [plane.astype("<u2").tobytes() for plane in since_midnight % SPAN]
    return over.tobytes() if over.any() else b"", planes


def since_midnight(slices: list[bytes], over: bytes, hour: int) -> Whole:
    """[known state, cell] from the planes' slices of the hour that ends at `hour`."""
    found = np.stack([np.frombuffer(data, "<u2") for data in slices]).astype(np.int64)
    if over:
        packed = np.frombuffer(over, "u1")
        gone = np.flatnonzero((packed > 0) & (packed & 31 <= hour))
        found[(packed[gone] >> 5) - 1, gone] += SPAN
    return found


def hours_of_plane(data: bytes, hours: int, cells: int) -> NDArray[np.uint16]:
    """[hour, cell]: seconds of the plane's state within each hour."""
    ended = np.frombuffer(data, "<u2").reshape(hours, cells)
    within = ended.copy()
    within[1:] -= ended[:-1]
    return within


def pack_base(sums: Whole) -> bytes:
    """[known state, cell], seconds since the beginning."""
    return sums.astype("<u4").tobytes()


def unpack_base(data: bytes, cells: int) -> Whole:
    return np.frombuffer(data, "<u4").astype(np.int64).reshape(-1, cells)
