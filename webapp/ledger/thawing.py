"""Rows written back from frozen hours, whose blocks are the truth: only rows can be painted over."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from sqlalchemy import insert, select, update

from webapp.extensions import db, transaction
from webapp.ledger.blocks import unpack_hour
from webapp.ledger.columns import HourColumns, seconds_until, those_of
from webapp.ledger.models import changes, hour_blocks, hours
from webapp.ledger.sealing import hours_of_day
from webapp.ledger.states import DAY, HOUR, KNOWN


def thaw(book: int, start_s: int, end_s: int) -> int:
    """Before something is assigned to start_s <= t < end_s: in small steps what would else hold that up.

    Returns how many hours had been frozen.
    """
    frozen = frozen_hours(book, start_s, end_s)
    return sum(_thaw_one(book, hour) for hour in frozen)


def frozen_hours(book: int, start_s: int, end_s: int) -> list[int]:
    """Of the whole days (UTC) that are touched: a checkpoint moves with what is assigned before it."""
    last = end_s // DAY * 24 + 23
    query = select(hour_blocks.c.hour).where(hour_blocks.c.book_id == book, hour_blocks.c.frozen)
    query = query.where(hour_blocks.c.hour.between(start_s // DAY * 24, last)).order_by(hour_blocks.c.hour)
    return list(db.session.scalars(query))


def _thaw_one(book: int, hour: int) -> bool:
    with transaction():
        return write_back(book, [hour]) > 0


def write_back(book: int, frozen: Iterable[int]) -> int:
    """Within an act; what somebody else has written back meanwhile is left out."""
    return sum(_write_back(book, hour) for hour in frozen)


def _write_back(book: int, hour: int) -> bool:
    own = (hour_blocks.c.book_id == book) & (hour_blocks.c.hour == hour)
    query = select(hour_blocks.c.data).where(own, hour_blocks.c.frozen).with_for_update()
    data = db.session.scalar(query.execution_options(in_binary=True))
    if data is None:
        return False
    columns = unpack_hour(data)
    db.session.execute(insert(hours), _checkpoints(book, hour, columns))
    if len(columns.off):
        db.session.execute(insert(changes), _changes(book, hour, columns))
    db.session.execute(update(hour_blocks).where(own).values(frozen=False))
    return True


def _checkpoints(book: int, hour: int, columns: HourColumns) -> list[dict[str, Any]]:
    sums = np.zeros((len(KNOWN), len(columns.ids)), np.int64)
    for part in hours_of_day(db.session.connection(), book, hour // 24, hour % 24):
        # A cell that came after the freezing, with a past of its own, has rows for these hours already.
        sums += those_of(seconds_until(part, HOUR)[1:], part.ids, columns.ids)
    table = [columns.ids, columns.state, columns.source, *sums]
    names = ("cell_id", "state", "source", *map(str, KNOWN))
    key = {"hour": hour, "book_id": book}
    return [{**key, **dict(zip(names, row, strict=True))} for row in zip(*(c.tolist() for c in table), strict=True)]


def _changes(book: int, hour: int, columns: HourColumns) -> list[dict[str, Any]]:
    ids = columns.ids[columns.owner]
    table = (ids, columns.off, columns.to_state, columns.to_source, columns.prev)
    names, key = ("cell_id", "off", "state", "source", "prev"), {"hour": hour, "book_id": book}
    return [{**key, **dict(zip(names, row, strict=True))} for row in zip(*(c.tolist() for c in table), strict=True)]
