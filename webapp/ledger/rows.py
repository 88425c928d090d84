"""Columns from rows: for what is not sealed, and for sealing it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, select

from webapp.ledger.columns import Held, HourColumns, Ids, Marks, Whole, spread
from webapp.ledger.models import changes, days, hours
from webapp.ledger.states import DAY, HOUR, KNOWN

SUMS = len(KNOWN)


def table(rows: Sequence[Any], width: int) -> Whole:
    """A row of numbers for each column of the answer."""
    return np.array([tuple(row) for row in rows], np.int64).reshape(-1, width).T


def base_rows(read: Connection, book: int, day: int) -> tuple[Ids, Whole]:
    """(ids, [known state, cell]: seconds from the beginning up to the day's)"""
    found = table(read.execute(_DAY_ROWS, {"book": book, "day": day}).all(), 1 + SUMS)
    return found[0].astype(np.int32), found[1:]


def hour_rows(read: Connection, book: int, hour: int) -> tuple[Ids, Held, Whole]:
    """(ids, what is held as the hour begins, [known state, cell]: seconds since midnight)"""
    found = table(read.execute(_HOUR_ROWS, {"book": book, "hour": hour}).all(), 3 + SUMS)
    return found[0].astype(np.int32), Held(found[1].astype(np.uint8), found[2].astype(np.uint8)), found[3:]


def hour_from_rows(read: Connection, book: int, hour: int) -> HourColumns:
    ids, held, _ = hour_rows(read, book, hour)
    cell, off, state, source, _ = _of_hours(read, book, [hour])
    owner = np.searchsorted(ids, cell)
    order = np.lexsort((off, owner))
    counts = np.bincount(owner, minlength=len(ids))
    state, source = state[order].astype(np.uint8), source[order].astype(np.uint8)
    return HourColumns(ids, *held, counts, off[order] - hour * HOUR, state, source)


def sums_from_rows(read: Connection, book: int, hour: int) -> tuple[Ids, Whole]:
    """(ids, [known state, cell]: seconds from the beginning up to the hour's)"""
    ids, _, sums = hour_rows(read, book, hour)
    since, base = base_rows(read, book, hour // 24)
    return ids, sums + spread(base, since, ids)


def marks_from_rows(read: Connection, book: int, of: Sequence[int], ids: Ids) -> Marks:
    """All changes of these hours, which ascend; ascending for each cell."""
    cell, at, *said = _of_hours(read, book, of)
    state, source, prev = (column.astype(np.uint8) for column in said)
    return Marks(np.searchsorted(ids, cell), at, state, source, prev)


def _of_hours(read: Connection, book: int, of: Sequence[int]) -> Whole:
    """Rows of cell, moment, state, source, prev; by moment."""
    whole = len(of) > 1 and of[-1] - of[0] + 1 == len(of)
    values: dict[str, Any] = {"first": of[0], "last": of[-1]} if whole else {"hours": list(of)}
    found = read.execute(_CHANGES_BETWEEN if whole else _CHANGES_IN, {"book": book, **values}).all() if of else ()
    cell, hour, off, *said = table(found, 6)
    return np.stack([cell, hour * HOUR + off, *said])


def day_from_rows(read: Connection, book: int, day: int, closed: int) -> tuple[Ids, Whole]:
    """(ids, [known state, hour that ends, cell]: seconds since midnight) of the day's first `closed` hours."""
    last = min(closed, 23)
    query = {"book": book, "first": day * 24 + 1, "last": day * 24 + last}
    found = table(read.execute(_HOURS_BETWEEN, query).all(), 2 + SUMS)
    late, total = _of_the_day(read, book, day) if closed == 24 else (found[1], found[2:])
    ids = np.union1d(found[1], late).astype(np.int32)
    since = np.zeros((SUMS, closed, len(ids)), np.int64)
    since[:, found[0] - day * 24 - 1, np.searchsorted(ids, found[1])] = found[2:]
    if closed == 24:
        since[:, 23, np.searchsorted(ids, late)] = total
    return ids, since


def _of_the_day(read: Connection, book: int, day: int) -> tuple[Ids, Whole]:
    early, before = base_rows(read, book, day)
    late, after = base_rows(read, book, day + 1)
    return late, after - spread(before, early, late)


def hours_at(moment: int) -> tuple[int, int, int]:
    """(day, hour of the day, seconds into the hour)"""
    return moment // DAY, moment % DAY // HOUR, moment % HOUR


# Put together once: to build a statement takes longer than to run it.
_BOOK: Any = bindparam("book")
_COUNTED_DAY = [days.c[str(state)] for state in KNOWN]
_COUNTED_HOUR = [hours.c[str(state)] for state in KNOWN]
_DAY_ROWS = select(days.c.cell_id, *_COUNTED_DAY).where(days.c.day == bindparam("day"), days.c.book_id == _BOOK)
_DAY_ROWS = _DAY_ROWS.order_by(days.c.cell_id)
_HOUR_ROWS = select(hours.c.cell_id, hours.c.state, hours.c.source, *_COUNTED_HOUR).order_by(hours.c.cell_id)
_HOUR_ROWS = _HOUR_ROWS.where(hours.c.hour == bindparam("hour"), hours.c.book_id == _BOOK)
_HOURS_BETWEEN = select(hours.c.hour, hours.c.cell_id, *_COUNTED_HOUR).where(
    hours.c.hour.between(bindparam("first"), bindparam("last")), hours.c.book_id == _BOOK
)
_CHANGES = select(
    changes.c.cell_id, changes.c.hour, changes.c.off, changes.c.state, changes.c.source, changes.c.prev
).order_by(changes.c.hour, changes.c.off)
_CHANGES_BETWEEN = _CHANGES.where(
    changes.c.hour.between(bindparam("first"), bindparam("last")), changes.c.book_id == _BOOK
)
_CHANGES_IN = _CHANGES.where(changes.c.hour.in_(bindparam("hours", expanding=True)), changes.c.book_id == _BOOK)
