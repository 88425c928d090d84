"""Whoever changes the past says so here: what was added up of that time is not believed any more."""

from sqlalchemy import insert

from webapp import ledger
from webapp.cells.account_models import stale
from webapp.cells.lost_time.counting import forget_counts
from webapp.extensions import db

HOUR = 3600
#: Where a change holds from a moment on, and nobody knows how long.
ALL_THAT_FOLLOWS = 2**40


def restated(book_id: int, cell_id: int | None, start_s: int, end_s: int) -> None:
    """start_s <= t < end_s of this book reads differently from now on; cell_id: of this cell only, None: of any.

    In the same transaction as the change itself. One small row is written whatever the length of time: to add up anew
    is the slow worker's, and until it has, whoever asks gets the time counted from its intervals.
    """
    if start_s < end_s:
        forget_counts(book_id, cell_id, start_s, end_s)
        db.session.execute(insert(stale), [{"book_id": book_id, "start": start_s, "end": end_s}])


def told_late(book_id: int, cell_id: int | None, start_s: int, end_s: int) -> None:
    """As restated(), but nothing where all of it lies in hours that are still open: nobody has added these up.

    After the ledger was written: from then on no hour of the book is closed before the transaction ends.
    """
    closed = ledger.open_hours().get(book_id, 0) * HOUR
    restated(book_id, cell_id, start_s, min(end_s, closed))
