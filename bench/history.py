"""A made-up history of many cells, from a seed, written straight into a ledger's tables.

Each cell has its own speed; what follows what is uneven; about 199 changes a day and cell. Every day comes as columns,
so that peers can be given the same history. Rows take their time and their room: of the time before the last
`rows_days` only blocks are written, as after years of service.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import insert

from webapp.extensions import db, transaction
from webapp.ledger.blocks import pack_base, pack_day, pack_hour, pack_ids
from webapp.ledger.columns import Held, HourColumns, Marks, held_after, seconds_until
from webapp.ledger.models import (
    books,
    changes,
    day_bases,
    day_blocks,
    days,
    heads,
    hour_blocks,
    hours,
    progress,
    samplers,
)
from webapp.ledger.states import DAY, HOUR, KNOWN, Source

START = 1_772_582_400  # a midnight, UTC
PER_DAY = 199
STEPS = np.array([0.5, 0.2, 0.15, 0.1, 0.05])  # how likely the next state is so many further


@dataclass(frozen=True)
class History:
    """cells: 1 to n, from start on (a midnight, UTC) for so many days, the last of them short by some seconds."""

    cells: int
    days: int
    seed: int = 1
    first_cell: int = 1
    start: int = START
    short: int = 1000

    @property
    def end(self) -> int:
        return self.start + self.days * DAY - self.short

    def by_day(self) -> Iterator[Marks]:
        """Each day's changes, by cell and time; cell counts from 0."""
        rnd = np.random.default_rng(self.seed)
        speed = rnd.lognormal(0, 0.5, self.cells)
        mean = DAY / PER_DAY / (speed / speed.mean())
        at, state = rnd.integers(1, 100, self.cells), rnd.integers(0, 6, self.cells)
        before = np.zeros(self.cells, np.int64)
        for day in range(1, self.days + 1):
            end = min(day * DAY, self.days * DAY - self.short)
            found = []
            while (going := np.flatnonzero(at < end)).size:
                found.append((going, at[going], state[going], before[going]))
                before[going] = state[going]
                state[going] = (state[going] + rnd.choice(5, going.size, p=STEPS) + 1) % 6
                at[going] += 1 + rnd.exponential(mean[going] - 1).astype(np.int64)
            cell, moment, to, prev = (np.concatenate(columns) for columns in zip(*found, strict=True))
            order = np.lexsort((moment, cell))
            new = to[order].astype(np.uint8)
            yield Marks(cell[order], moment[order] + self.start, new, usual(new), prev[order].astype(np.uint8))


def usual(state: Any) -> Any:
    return np.where(state == 0, np.uint8(Source.NONE), np.uint8(Source.FEED))


def write(history: History, rows_days: int, book: int = 1) -> int:
    """Returns how many changes there are. Everything closed is sealed; what has no rows is frozen."""
    ids = np.arange(history.first_cell, history.first_cell + history.cells, dtype=np.int32)
    held, total, count = Held(*(np.zeros(history.cells, np.uint8) for _ in range(2))), None, 0
    total = np.zeros((len(KNOWN), history.cells), np.int64)
    open_hour, anchor = history.end // HOUR, np.zeros(history.cells, np.int64)
    _enroll(book, open_hour, history)
    for day, marks in enumerate(history.by_day(), history.start // DAY):
        count += len(marks.at)
        anchor[marks.cell] = marks.at
        kept = day >= history.start // DAY + history.days - rows_days
        with transaction():
            held, total = _write_day(book, day, ids, marks, held, total, open_hour, kept)
    with transaction():
        held = held_after(held, marks, history.end)
        _write_heads(book, ids, held, total, anchor, history)
    return count


def _enroll(book: int, open_hour: int, history: History) -> None:
    with transaction():
        db.session.execute(insert(books).values(id=book, shelf=book, created=history.start))
        db.session.execute(insert(progress).values(book_id=book, open_hour=open_hour, kept_from_hour=0))
        lease = {"sampler_id": 1, "epoch": 1, "period": 5, "tail": history.end, "expired": False}
        db.session.execute(insert(samplers).values(book_id=book, **lease))


def _write_day(
    book: int, day: int, ids: Any, marks: Marks, held: Held, total: Any, open_hour: int, rows: bool
) -> tuple[Held, Any]:
    """What is held as the day ends (of the last: as its open hour begins), and the sums up to there."""
    _put(days, {"day": day, "book_id": book}, ["cell_id", *map(str, KNOWN)], [ids, *total])
    base = {"book_id": book, "day": day, "cells": len(ids), "ids": pack_ids(ids), "data": pack_base(total)}
    db.session.execute(insert(day_bases).values(base))
    since, ends = np.zeros_like(total), []
    hour_of = marks.at // HOUR
    for hour in range(day * 24, min(day * 24 + 24, open_hour + 1)):
        own = marks.only(hour_of == hour)
        if rows or hour == open_hour:
            _put_rows(book, hour, ids, own, held, since)
        if hour == open_hour:
            break
        counts = np.bincount(own.cell, minlength=len(ids))
        columns = HourColumns(ids, *held, counts, own.at - hour * HOUR, own.state, own.source)
        block = {"book_id": book, "hour": hour, "frozen": not rows, "data": pack_hour(columns)}
        db.session.execute(insert(hour_blocks).values(block))
        since = since + seconds_until(columns, HOUR)[1:]
        ends.append(since)
        held = held_after(held, own, (hour + 1) * HOUR)
    _put_planes(book, day, ids, np.stack(ends, axis=1))
    return held, total + since


def _put_planes(book: int, day: int, ids: Any, ends: Any) -> None:
    over, planes = pack_day(ends)
    same = {"book_id": book, "day": day, "hours": ends.shape[1], "cells": len(ids), "ids": pack_ids(ids), "over": over}
    rows = [{**same, "state": int(state), "data": data} for state, data in zip(KNOWN, planes, strict=True)]
    db.session.execute(insert(day_blocks), rows)


def _put_rows(book: int, hour: int, ids: Any, marks: Marks, held: Held, since: Any) -> None:
    key = {"hour": hour, "book_id": book}
    _put(hours, key, ["cell_id", "state", "source", *map(str, KNOWN)], [ids, *held, *since])
    table = [ids[marks.cell], marks.at - hour * HOUR, marks.state, marks.source, marks.prev]
    _put(changes, key, ["cell_id", "off", "state", "source", "prev"], table)


def _write_heads(book: int, ids: Any, held: Held, total: Any, anchor: Any, history: History) -> None:
    """total: up to the open hour; from there to the anchors it is told by the open hour's changes."""
    from webapp.ledger.rows import hour_from_rows

    tail = history.end
    open_hour = tail // HOUR
    columns = hour_from_rows(db.session.connection(), book, open_hour)
    sums = np.stack([total[:, n] for n in range(len(ids))], axis=1) + seconds_until(columns, tail % HOUR)[1:]
    every = np.arange(len(ids))
    known = held.state > 0
    sums[held.state[known] - 1, every[known]] -= (tail - anchor)[known]
    names = ["cell_id", "sampler_id", "start", "anchor", "state", "source", *map(str, KNOWN)]
    same = [np.ones_like(ids), np.full(len(ids), history.start)]
    _put(heads, {"book_id": book, "revision": 0}, names, [ids, *same, anchor, *held, *sums])


def _put(table: Any, key: dict[str, int], names: Sequence[str], columns: Sequence[Any]) -> None:
    """COPY where there is such a thing."""
    if not len(columns[0]):
        return
    connection = db.session.connection()
    rows = zip(*(np.asarray(column).tolist() for column in columns), strict=True)
    if connection.dialect.name == "sqlite":
        into = ", ".join([*key, *names])
        marks = ", ".join([*(str(value) for value in key.values()), *"?" * len(names)])
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({into}) VALUES ({marks})", list(rows))
        return
    fixed = tuple(key.values())
    cursor = connection.connection.driver_connection.cursor()
    with cursor.copy(f"COPY {table.name} ({', '.join([*key, *names])}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((*fixed, *row))
