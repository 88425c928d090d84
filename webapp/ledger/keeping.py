"""How exact the past still is, and whether it may yet read differently."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import bindparam, case, func, select

from webapp.extensions import db
from webapp.ledger.edges import stamp_of
from webapp.ledger.models import progress
from webapp.ledger.states import DAY, HOUR


class Exact(NamedTuple):
    """The seconds, midnights (UTC), from which on windows are counted to the second: those of every book, of one."""

    every: int
    own: int


def kept_from(book: int | None = None) -> int:
    """The second from which on windows are exact to the second; of the time before it whole UTC days are known."""
    query = _KEPT if book is None else _KEPT.where(progress.c.book_id == book)
    return int(db.session.scalar(query) or 0) * HOUR


def precision(start_s: int) -> str:
    """ "second", or "day" where a window that begins then has edges that are midnights (UTC)."""
    return "second" if start_s >= kept_from() else "day"


def exact_from(book: int | None = None) -> Exact:
    """From when on windows over every book, and over this one, can have any edges."""
    every, own = db.session.execute(_EXACT, {"book": book}).one()
    return Exact(_day_after(every), _day_after(own))


def counted_edges(edges: Iterable[int], exact: int) -> list[int]:
    """Where windows with these edges are counted: before exact, where only whole days are known, at the midnight (UTC)
    nearest to each. Pure."""
    return [edge if edge >= exact else (edge + DAY // 2) // DAY * DAY for edge in edges]


def _day_after(hour: int) -> int:
    """The next midnight: what is kept of half a day is no day."""
    return -(-hour * HOUR // DAY) * DAY


def sealed_mark(end_s: int, book: int | None = None) -> str | None:
    """Changes whenever anything before end_s may read differently. None: some of it lies in hours still open."""
    query = _BOOKS if book is None else _BOOKS.where(progress.c.book_id == book)
    found = db.session.execute(query).all()
    if any(end_s > row.open_hour * HOUR for row in found):
        return None
    return " ".join(f"{number}:{kept}:{stamp}" for number, _, kept, stamp in found)


# Put together once: to build a statement takes longer than to run it.
_KEPT = select(func.coalesce(func.max(progress.c.kept_from_hour), 0))
_EXACT = select(
    func.coalesce(func.max(progress.c.kept_from_hour), 0),
    func.coalesce(func.max(case((progress.c.book_id == bindparam("book"), progress.c.kept_from_hour))), 0),
)
_BOOKS = select(
    progress.c.book_id,
    progress.c.open_hour,
    progress.c.kept_from_hour,
    stamp_of(progress.c.book_id).scalar_subquery(),
).order_by(progress.c.book_id)
