"""Hours that are over get their checkpoint: what held as the next one began, and the sums up to it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, insert, literal, select, update

from webapp.extensions import db, transaction
from webapp.ledger.books import open_hour_of, open_hours, samplers_of
from webapp.ledger.models import changes, days, hours, progress
from webapp.ledger.packing import gained, unpacked_in_sql, weight
from webapp.ledger.states import HOUR, KNOWN

#: Hours closed by one call, after a long stop, and by one transaction: meanwhile nobody else may assign.
AT_ONCE, TOGETHER = 200, 24


def close_hours(now_s: int) -> int:
    """Close what every living sampler has passed, or, where none lives, what is past. Returns how many hours.

    At most AT_ONCE hours of all books; the rest is for the next call.
    """
    left = AT_ONCE
    for book in open_hours():
        while closed := _close(book, now_s, min(left, TOGETHER)):
            left -= closed
    return AT_ONCE - left


def _close(book: int, now_s: int, most: int) -> int:
    with transaction():
        first = open_hour_of(book, closing=True)
        last = min(_over(book, now_s), first + most)
        for hour in range(first, last):
            _carry_over({"h": hour, "d": hour // 24, "b": book}, midnight=(hour + 1) % 24 == 0)
        if last > first:
            db.session.execute(update(progress).where(progress.c.book_id == book).values(open_hour=last))
    return max(0, last - first)


def _over(book: int, now_s: int) -> int:
    """The first hour that is not over."""
    living = [row.tail for row in samplers_of(book) if not row.expired]
    return int(min(living, default=now_s) // HOUR)


def _carry_over(hour: dict[str, int], midnight: bool) -> None:
    db.session.execute(_AT_MIDNIGHT if midnight else _WITHIN_A_DAY, hour)
    if midnight:
        db.session.execute(_NEXT_DAY, hour)


_HOUR: Any = bindparam("h")
_DAY: Any = bindparam("d")
_BOOK: Any = bindparam("b")
_NAMES = [str(state) for state in KNOWN]


def _of_the_cell(column: ColumnElement[Any]) -> Any:
    """Of one cell's changes in the hour. One look-up for each cell is planned well, with statistics or without."""
    same = (changes.c.book_id == hours.c.book_id) & (changes.c.cell_id == hours.c.cell_id)
    return select(column).where(changes.c.hour == _HOUR, same)


def _last(name: str) -> ColumnElement[int]:
    """What is held as the hour ends."""
    newest = _of_the_cell(changes.c[name]).order_by(changes.c.off.desc()).limit(1)
    return func.coalesce(newest.scalar_subquery(), hours.c[name]).label(name)


_PACKED = HOUR * weight(hours.c.state) + func.coalesce(_of_the_cell(gained(changes, HOUR)).scalar_subquery(), 0)
_OVER = (
    select(
        *(hours.c[name] for name in ("hour", "book_id", "cell_id", *_NAMES)),
        *(_last(name) for name in ("state", "source")),
        _PACKED.label("packed"),
    )
    .where(hours.c.hour == _HOUR, hours.c.book_id == _BOOK)
    .subquery("ended")
)
_SUMS = [_OVER.c[name] + part for name, part in zip(_NAMES, unpacked_in_sql(_OVER.c.packed), strict=True)]


def _next_hour(sums: Iterable[ColumnElement[int]]) -> Any:
    """The next hour's rows, with these sums since midnight."""
    held = (_OVER.c.hour + 1, _OVER.c.book_id, _OVER.c.cell_id, _OVER.c.state, _OVER.c.source)
    into = ["hour", "book_id", "cell_id", "state", "source", *_NAMES]
    return insert(hours).from_select(into, select(*held, *sums))


_WITHIN_A_DAY = _next_hour(_SUMS)
_AT_MIDNIGHT = _next_hour(literal(0) for _ in KNOWN)
_TOTALS = (days.c[name] + part for name, part in zip(_NAMES, _SUMS, strict=True))
_SAME_CELL = (days.c.book_id == _OVER.c.book_id) & (days.c.cell_id == _OVER.c.cell_id) & (days.c.day == _DAY)
_NEXT_DAY = insert(days).from_select(
    ["day", "book_id", "cell_id", *_NAMES],
    select(days.c.day + 1, days.c.book_id, days.c.cell_id, *_TOTALS).join_from(_OVER, days, _SAME_CELL),
)
