"""Blocks of closed time: made from rows by the slow worker, dropped when what they say was corrected.

Rows are read and packed first; the lock that keeps others from assigning is only held to see that nobody has, and to
write. Where somebody had, it is held while one hour is read.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection, delete, func, insert, select

from webapp.extensions import db, transaction
from webapp.ledger.blocks import pack_base, pack_day, pack_hour, pack_ids, unpack_hour
from webapp.ledger.books import open_hour_of, open_hours
from webapp.ledger.columns import HourColumns, seconds_until, spread
from webapp.ledger.edges import corrected_in, stamp_of
from webapp.ledger.models import corrected, day_bases, day_blocks, heads, hour_blocks, progress
from webapp.ledger.rows import base_rows, hour_from_rows
from webapp.ledger.snapshots import snapshot
from webapp.ledger.states import HOUR, KNOWN

#: Blocks made by one call, of all books; hours packed for one transaction; blocks dropped in one.
AT_ONCE, TOGETHER, DROPPED = 240, 6, 100


class Task(NamedTuple):
    """What a day of a book lacks. hours: whose blocks; closed: how many hours its planes should have, 0: they do."""

    day: int
    book: int
    hours: list[int]
    closed: int
    base: bool

    @property
    def size(self) -> int:
        return len(self.hours) + bool(self.closed) + self.base


def seal(now_s: int, most: int = AT_ONCE) -> int:
    """Make the blocks that are missing of hours that are closed and over, newest first. Returns how many.

    About `most` at a time; the rest is for the next call.
    """
    books = open_hours()
    for book in books:
        drop_corrected(book)
    owed = [task for book, hour in books.items() for task in _owed(book, min(hour, now_s // HOUR))]
    made = 0
    for task in sorted(owed, reverse=True):
        if made >= most:
            break
        _make(task)
        made += task.size
    return made


def drop_corrected(book: int) -> None:
    """What the blocks said of hours that were corrected since, a few at a time."""
    while _drop_some(book):
        pass


def _drop_some(book: int) -> bool:
    """Whether there is more."""
    if db.session.scalar(select(corrected.c.id).where(corrected.c.book_id == book).limit(1)) is None:
        return False
    with transaction():
        open_hour_of(book, closing=True)
        hour, day = hour_blocks.c.hour, day_blocks.c.day
        dropped = [
            _drop(hour_blocks, hour, corrected_in(book, hour, hour) & ~hour_blocks.c.frozen, book),
            _drop(day_blocks, day, corrected_in(book, day * 24, day * 24 + 23), book),
            _drop(day_bases, day_bases.c.day, corrected_in(book, None, day_bases.c.day * 24 - 1), book),
        ]
        if max(dropped) < DROPPED:
            db.session.execute(delete(corrected).where(corrected.c.book_id == book))
            return False
    return True


def _drop(table: Any, key: Any, stale: Any, book: int) -> int:
    query = select(key).where(table.c.book_id == book, stale).distinct().limit(DROPPED)
    found = db.session.scalars(query).all()
    if found:
        db.session.execute(delete(table).where(table.c.book_id == book, key.in_(found)))
    return len(found)


def _owed(book: int, open_hour: int) -> Iterable[Task]:
    start = db.session.scalar(select(func.min(heads.c.start)).where(heads.c.book_id == book))
    if start is None:
        return
    kept = db.session.scalar(select(progress.c.kept_from_hour).where(progress.c.book_id == book))
    begin = min(start // HOUR, open_hour)
    first = max(begin, kept or 0)
    of = select(hour_blocks.c.hour).where(hour_blocks.c.book_id == book)
    blocks = set(db.session.scalars(of.where(hour_blocks.c.hour >= first)))
    planes = select(day_blocks.c.day, func.min(day_blocks.c.hours)).where(day_blocks.c.book_id == book)
    closed = {row[0]: row[1] for row in db.session.execute(planes.group_by(day_blocks.c.day))}
    bases = set(db.session.scalars(select(day_bases.c.day).where(day_bases.c.book_id == book)))
    for day in range(begin // 24, open_hour // 24 + 1):
        over = min(24, open_hour - day * 24) if day * 24 + 24 > first else 0
        lacks = [hour for hour in range(max(day * 24, first), day * 24 + over) if hour not in blocks]
        task = Task(day, book, lacks, over if closed.get(day, 0) < over else 0, day not in bases)
        if task.size:
            yield task


def _make(task: Task) -> None:
    hours = task.hours[::-1]
    for first in range(0, len(hours), TOGETHER):
        _make_hours(task.book, hours[first : first + TOGETHER])
    with transaction():
        open_hour_of(task.book, closing=True)
        if task.closed and _uncorrected(task.book, task.day * 24, task.day * 24 + 23):
            _make_day(task.book, task.day, task.closed)
        if task.base and _uncorrected(task.book, None, task.day * 24 - 1):
            _make_base(task.book, task.day)


def _make_hours(book: int, hours: Sequence[int]) -> None:
    with snapshot() as read:
        stamp = read.scalar(stamp_of(book))
        packed = [_packed(read, book, hour) for hour in hours]
    db.session.rollback()
    if not _kept(book, packed, stamp):
        for hour in hours:  # somebody assigns all the time: one by one, and meanwhile he waits
            _make_hour(book, hour)


def _kept(book: int, packed: Sequence[dict[str, Any]], stamp: Any) -> bool:
    """False if something was assigned since the stamp was read."""
    with transaction():
        open_hour_of(book, closing=True)
        same = db.session.scalar(stamp_of(book)) == stamp
        if same:
            _keep_hours(book, packed)
    return bool(same)


def _make_hour(book: int, hour: int) -> None:
    with transaction():
        open_hour_of(book, closing=True)
        _keep_hours(book, [_packed(db.session.connection(), book, hour)])


def _packed(read: Connection, book: int, hour: int) -> dict[str, Any]:
    return {"book_id": book, "hour": hour, "frozen": False, "data": pack_hour(hour_from_rows(read, book, hour))}


def _keep_hours(book: int, packed: Sequence[dict[str, Any]]) -> None:
    """Those that nobody else has made meanwhile, and of which nothing is to be dropped first."""
    made = select(hour_blocks.c.hour).where(hour_blocks.c.book_id == book)
    made = made.where(hour_blocks.c.hour.in_([row["hour"] for row in packed]))
    there = set(db.session.scalars(made))
    new = [row for row in packed if row["hour"] not in there and _uncorrected(book, row["hour"], row["hour"])]
    if new:
        db.session.execute(insert(hour_blocks), new)


def _uncorrected(book: int, first: int | None, last: int) -> bool:
    return not db.session.scalar(select(corrected_in(book, first, last)))


def _make_day(book: int, day: int, closed: int) -> None:
    """From its hours' blocks; where one was dropped again, the next call will."""
    columns = hours_of_day(db.session.connection(), book, day, closed)
    ids = np.unique(np.concatenate([hour.ids for hour in columns]))
    each = [spread(seconds_until(hour, HOUR)[1:], hour.ids, ids) for hour in columns]
    over, planes = pack_day(np.cumsum(each, axis=0).transpose(1, 0, 2))
    db.session.execute(delete(day_blocks).where(day_blocks.c.book_id == book, day_blocks.c.day == day))
    same = {"book_id": book, "day": day, "hours": closed, "cells": len(ids), "ids": pack_ids(ids), "over": over}
    rows = [{**same, "state": state, "data": data} for state, data in zip(KNOWN, planes, strict=True)]
    db.session.execute(insert(day_blocks), rows)


def hours_of_day(read: Connection, book: int, day: int, closed: int) -> list[HourColumns]:
    """The day's first `closed` hours, from blocks that hold, or from rows."""
    hours = range(day * 24, day * 24 + closed)
    query = select(hour_blocks.c.hour, hour_blocks.c.data).where(hour_blocks.c.book_id == book)
    query = query.where(hour_blocks.c.hour.in_(hours), ~corrected_in(book, hour_blocks.c.hour, hour_blocks.c.hour))
    found = {row.hour: row.data for row in read.execute(query.execution_options(in_binary=True))}
    return [unpack_hour(found[hour]) if hour in found else hour_from_rows(read, book, hour) for hour in hours]


def _make_base(book: int, day: int) -> None:
    ids, sums = base_rows(db.session.connection(), book, day)
    there = select(day_bases.c.day).where(day_bases.c.book_id == book, day_bases.c.day == day)
    if db.session.scalar(there) is None:
        row = {"book_id": book, "day": day, "cells": len(ids), "ids": pack_ids(ids), "data": pack_base(sums)}
        db.session.execute(insert(day_bases).values(row))
