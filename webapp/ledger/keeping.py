"""How exact the past still is, and whether it may yet read differently."""

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.ledger.edges import stamp_of
from webapp.ledger.models import progress
from webapp.ledger.states import HOUR


def kept_from(book: int | None = None) -> int:
    """The second from which on windows are exact to the second; of the time before it whole UTC days are known."""
    query = _KEPT if book is None else _KEPT.where(progress.c.book_id == book)
    return int(db.session.scalar(query) or 0) * HOUR


def precision(start_s: int) -> str:
    """ "second", or "day" where a window that begins then has edges that are midnights (UTC)."""
    return "second" if start_s >= kept_from() else "day"


def sealed_mark(end_s: int, book: int | None = None) -> str | None:
    """Changes whenever anything before end_s may read differently. None: some of it lies in hours still open."""
    query = _BOOKS if book is None else _BOOKS.where(progress.c.book_id == book)
    found = db.session.execute(query).all()
    if any(end_s > row.open_hour * HOUR for row in found):
        return None
    return " ".join(f"{number}:{kept}:{stamp}" for number, _, kept, stamp in found)


# Put together once: to build a statement takes longer than to run it.
_KEPT = select(func.coalesce(func.max(progress.c.kept_from_hour), 0))
_BOOKS = select(
    progress.c.book_id,
    progress.c.open_hour,
    progress.c.kept_from_hour,
    stamp_of(progress.c.book_id).scalar_subquery(),
).order_by(progress.c.book_id)
