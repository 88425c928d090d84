"""Hours that are over get their checkpoint: what held as the next one began, and the sums up to it."""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, insert, literal, select, update

from webapp.extensions import db, transaction
from webapp.ledger.books import open_hour_of, open_hours, samplers_of
from webapp.ledger.models import changes, days, hours, progress
from webapp.ledger.states import HOUR, KNOWN

#: After a long stop the rest waits for the next call: nobody else may write to a small database meanwhile.
AT_ONCE = 200


def close_hours(now_s: int) -> int:
    """Close what every living sampler has passed, or, where none lives, what is past. Returns how many hours.

    At most AT_ONCE hours of all books together; a transaction for each book.
    """
    left = AT_ONCE
    for book in open_hours():
        left -= _close(book, now_s, left)
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


def _is(column: ColumnElement[int], state: int) -> ColumnElement[int]:
    return case((column == state, 1), else_=0)


def _gained(state: int) -> ColumnElement[int]:
    return func.sum((HOUR - changes.c.off) * (_is(changes.c.state, state) - _is(changes.c.prev, state)))


_WITHIN = (
    select(
        changes.c.book_id,
        changes.c.cell_id,
        func.max(changes.c.off).label("last"),
        *(_gained(state).label(str(state)) for state in KNOWN),
    )
    .where(changes.c.hour == _HOUR, changes.c.book_id == _BOOK)
    .group_by(changes.c.book_id, changes.c.cell_id)
    .subquery("within")
)
_LAST = changes.alias("last_change")
_AFTER = {
    str(state): hours.c[str(state)]
    + case((hours.c.state == state, HOUR), else_=0)
    + func.coalesce(_WITHIN.c[str(state)], 0)
    for state in KNOWN
}


def _same_cell(one: Any, other: Any) -> Any:
    return (one.c.book_id == other.c.book_id) & (one.c.cell_id == other.c.cell_id)


def _of_the_hour(*columns: Any) -> Any:
    last = (_LAST.c.hour == _HOUR) & _same_cell(_LAST, _WITHIN) & (_LAST.c.off == _WITHIN.c.last)
    joined = hours.outerjoin(_WITHIN, _same_cell(_WITHIN, hours)).outerjoin(_LAST, last)
    return select(*columns).select_from(joined).where(hours.c.hour == _HOUR, hours.c.book_id == _BOOK)


def _next_hour(sums: Any) -> Any:
    """The next hour's rows, with these sums since midnight."""
    key = (hours.c.hour + 1, hours.c.book_id, hours.c.cell_id)
    held = (func.coalesce(_LAST.c[name], hours.c[name]) for name in ("state", "source"))
    into = ["hour", "book_id", "cell_id", "state", "source", *_NAMES]
    return insert(hours).from_select(into, _of_the_hour(*key, *held, *sums))


_WITHIN_A_DAY = _next_hour(_AFTER.values())
_AT_MIDNIGHT = _next_hour(literal(0) for _ in KNOWN)
_DAY_SUMS = (days.c[name] + _AFTER[name] for name in _NAMES)
_DAY_BEFORE = _of_the_hour(days.c.day + 1, days.c.book_id, days.c.cell_id, *_DAY_SUMS)
_DAY_BEFORE = _DAY_BEFORE.where(days.c.day == _DAY, _same_cell(days, hours))
_NEXT_DAY = insert(days).from_select(["day", "book_id", "cell_id", *_NAMES], _DAY_BEFORE)
