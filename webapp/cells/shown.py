"""The state of every cell at this moment, and nothing else of it: for lists of very many cells."""

from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import Text, bindparam, case, cast, func, select

from webapp import ledger
from webapp.cells.floor import PERIODS_KEPT
from webapp.cells.models import Cell, Sighting
from webapp.extensions import db


def states_now(now: datetime, period: int) -> dict[int, str]:
    """By cell, as a Standing has it; cells that are not here are unknown."""
    since = now - timedelta(seconds=PERIODS_KEPT * period)
    rows = db.session.execute(_HEARD, {"since": since, "second": ceil(since.timestamp())})
    return {int(cell_id): state for state, cell_ids in rows for cell_id in cell_ids.split(",")}


# Of the tables, not of their objects, and a row for each state: a thousand rows cost a millisecond more.
_cells: Any = Cell.__table__
_sampler: Any = ledger.Sampler.__table__
_sighting: Any = Sighting.__table__
_living = case((_sampler.c.expired.is_(False), _sampler.c.tail))
# As ledger.newest() has it, of every book at once.
_TAILS = (
    select(_sampler.c.book_id, func.coalesce(func.min(_living), func.max(_sampler.c.tail)).label("tail"))
    .group_by(_sampler.c.book_id)
    .subquery()
)
_FRESH = _sighting.c.silent_since.is_(None) & (_TAILS.c.tail >= bindparam("second"))
_TENDED = _cells.c.tended_since.is_not(None)
_STATE = case((_TENDED, "maintenance"), else_=_sighting.c.state)
_HEARD = (
    select(_STATE, func.aggregate_strings(cast(_sighting.c.cell_id, Text), ","))
    .select_from(_sighting.join(_cells, _cells.c.id == _sighting.c.cell_id))
    .outerjoin(_TAILS, _TAILS.c.book_id == _cells.c.book_id)
    .where(_FRESH | (_sighting.c.silent_since >= bindparam("since")) | _TENDED)
    .group_by(_STATE)
)
