"""The state of every cell at this moment, and nothing else of it: for lists of very many cells."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from webapp import ledger
from webapp.cells.directory import directory
from webapp.cells.floor import PERIODS_KEPT
from webapp.cells.models import Sighting
from webapp.extensions import db
from webapp.lib.clock import moment


def states_now(now: datetime, period: int) -> dict[int, str]:
    """By cell, as a Standing has it; cells that are not here are unknown."""
    known, since = directory(), now - timedelta(seconds=PERIODS_KEPT * period)
    tails = {book: ledger.newest(book) for book in set(known.books.tolist())}
    fresh = {book for book, tail in tails.items() if tail is not None and moment(tail) >= since}
    book_of = dict(zip(known.ids.tolist(), known.books.tolist(), strict=True))
    answering = Sighting.silent_since.is_(None)
    heard = select(Sighting.cell_id, Sighting.state, answering.label("answering"))
    rows = db.session.execute(heard.where(or_(answering, Sighting.silent_since >= since)))
    return {row.cell_id: row.state for row in rows if not row.answering or book_of.get(row.cell_id) in fresh}
