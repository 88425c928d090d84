"""Seconds of one state by hour or by day of all cells of a book: what a chart paints."""

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, LargeBinary, bindparam, func, select

from webapp.ledger.blocks import hours_of_plane, unpack_ids
from webapp.ledger.columns import Ids, Whole, spread
from webapp.ledger.counting import sums_at
from webapp.ledger.edges import corrected_in
from webapp.ledger.models import day_bases, day_blocks
from webapp.ledger.snapshots import snapshot
from webapp.ledger.states import DAY, HOUR, KNOWN, State

Found = dict[int, tuple[Ids, NDArray[np.uint16]]]  # day -> what its closed hours have


def hour_planes(book: int, first_hour: int, last_hour: int, state: State) -> tuple[Ids, NDArray[np.uint16]]:
    """(ids, [hour, cell]: seconds in the state) of first_hour <= hour < last_hour, hours since 1970.

    Hours of which only the day is known still have none of any known state.
    """
    if state is State.UNKNOWN:
        parts = [hour_planes(book, first_hour, last_hour, known) for known in KNOWN]
        return parts[0][0], (HOUR - np.sum([plane for _, plane in parts], axis=0)).astype(np.uint16)
    with snapshot() as read:
        return _hours(read, book, first_hour, last_hour, state)


def _hours(read: Connection, book: int, first: int, last: int, state: State) -> tuple[Ids, NDArray[np.uint16]]:
    """A day at a time where blocks hold; the open hours, and days without blocks, by their edges."""
    ids, _, _ = sums_at(read, True, [0], book)
    found = _planes(read, book, first, last, state)
    planes = []
    for day in range(first // 24, (last - 1) // 24 + 1):
        low, high = max(first - day * 24, 0), min(last - day * 24, 24)
        its, plane = found.get(day, (ids, np.zeros((0, len(ids)), np.uint16)))
        if len(plane) < high:
            its, plane = ids, _by_edges(read, book, day, state)
        planes.append(spread(plane[low:high], its, ids))
    return ids, np.concatenate([np.zeros((0, len(ids)), np.uint16), *planes])


def _planes(read: Connection, book: int, first: int, last: int, state: State) -> Found:
    query = {"book": book, "first": first // 24, "last": (last - 1) // 24, "state": int(state)}
    return {day: _plane(hours, ids, data) for day, hours, ids, data in read.execute(_PLANES, query)}


def _plane(hours: int, packed: bytes, data: bytes) -> tuple[Ids, NDArray[np.uint16]]:
    ids = unpack_ids(packed)
    return ids, hours_of_plane(data, hours, len(ids))


def _by_edges(read: Connection, book: int, day: int, state: State) -> NDArray[np.uint16]:
    edges = range(day * DAY, day * DAY + DAY + 1, HOUR)
    _, sums, at = sums_at(read, True, edges, book)
    known = (at == np.array(edges))[:, None]  # an edge that was moved says nothing of the hours beside it
    return np.where(known[:-1] & known[1:], np.diff(sums[:, state - 1], axis=0), 0).astype(np.uint16)


def day_planes(book: int, first_day: int, last_day: int, state: State) -> tuple[Ids, Whole]:
    """(ids, [day, cell]: seconds in the state) of first_day <= day < last_day, days since 1970 (UTC)."""
    if state is State.UNKNOWN:
        parts = [day_planes(book, first_day, last_day, known) for known in KNOWN]
        return parts[0][0], DAY - np.sum([plane for _, plane in parts], axis=0)
    with snapshot() as read:
        ids, sums = _bases(read, book, first_day, last_day, state)
    return ids, np.diff(sums, axis=0)


def _bases(read: Connection, book: int, first: int, last: int, state: State) -> tuple[Ids, Whole]:
    """[midnight, cell]: the state's seconds up to each, the last included."""
    ids, newest, _ = sums_at(read, True, [last * DAY], book)
    query = {"book": book, "first": first, "last": last - 1, "skip": (state - 1) * 4}
    found = {day: (unpack_ids(packed), data) for day, packed, data in read.execute(_BASES, query)}
    rows = []
    for day in range(first, last):
        if day in found:
            its, data = found[day]
            rows.append(spread(np.frombuffer(data, "<u4").astype(np.int64), its, ids))
        else:
            rows.append(sums_at(read, True, [day * DAY], book).sums[0, state - 1])
    return ids, np.stack([*rows, newest[0, state - 1]])


_PLANES = (
    select(day_blocks.c.day, day_blocks.c.hours, day_blocks.c.ids, day_blocks.c.data)
    .where(day_blocks.c.book_id == bindparam("book"), day_blocks.c.state == bindparam("state"))
    .where(day_blocks.c.day.between(bindparam("first"), bindparam("last")))
    .where(~corrected_in(day_blocks.c.book_id, day_blocks.c.day * 24, day_blocks.c.day * 24 + 23))
    .execution_options(in_binary=True)
)
_SLICE = func.substr(
    day_bases.c.data, bindparam("skip") * day_bases.c.cells + 1, 4 * day_bases.c.cells, type_=LargeBinary
)
_BASES = (
    select(day_bases.c.day, day_bases.c.ids, _SLICE)
    .where(day_bases.c.book_id == bindparam("book"), day_bases.c.day.between(bindparam("first"), bindparam("last")))
    .where(~corrected_in(day_bases.c.book_id, None, day_bases.c.day * 24 - 1))
    .execution_options(in_binary=True)
)
