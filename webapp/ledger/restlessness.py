"""Cells that change their state so often that keeping changes costs more than keeping samples would."""

from collections.abc import Mapping

from sqlalchemy import BigInteger, cast, func, select

from webapp.extensions import db
from webapp.ledger.models import changes
from webapp.ledger.states import HOUR

MINUTES = 10
A_MINUTE = 30
#: Of a cell's samples; above it a row for each of them would be smaller.
SHARE = 0.77


def restless(now_s: int, period_by_book: Mapping[int, int]) -> dict[int, int]:
    """{cell_id: changes a minute} of those that changed more often than A_MINUTE, or at more than SHARE of their
    samples, over the last MINUTES. period_by_book: seconds between two samples."""
    since = now_s - MINUTES * 60
    at = cast(changes.c.hour, BigInteger) * HOUR + cast(changes.c.off, BigInteger)
    query = select(changes.c.book_id, changes.c.cell_id, func.count().label("turns"))
    query = query.where(changes.c.hour.in_(range(since // HOUR, now_s // HOUR + 1)), at >= since, at < now_s)
    query = query.where(changes.c.state != changes.c.prev, changes.c.book_id.in_(period_by_book))
    rows = db.session.execute(query.group_by(changes.c.book_id, changes.c.cell_id)).all()
    return {
        row.cell_id: max(1, round(row.turns / MINUTES))
        for row in rows
        if row.turns > _most(period_by_book[row.book_id])
    }


def _most(period: int) -> float:
    """Changes in that time which are still borne."""
    return min(A_MINUTE * MINUTES, SHARE * MINUTES * 60 / period)
