"""What pushing cells said, held until the next reading: as pieces of time, and into the ledger."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import and_, func, select

from webapp import ledger
from webapp.cells.drivers.push import held
from webapp.cells.models import Feed, Reading
from webapp.cells.restating import told_late
from webapp.cells.watching import Watched
from webapp.extensions import db
from webapp.lib.clock import epoch, moment

Piece = tuple[str, int, int]  # state, from, to (epoch seconds)


def pieces_in(cells: Sequence[Watched], start: int, end: int) -> dict[int, list[Piece]]:
    """What each pushing cell said of start <= t < end, as far as its readings have come by now."""
    heartbeats = {cell.cell_id: cell.heartbeat for cell in cells if cell.heartbeat}
    if not heartbeats:
        return {}
    found: dict[int, list[tuple[int, str]]] = {cell_id: [] for cell_id in heartbeats}
    for reading in _newest_and_inside(list(heartbeats), moment(start), moment(end)):
        found[reading.cell_id].append((epoch(reading.at), reading.state))
    return {cell_id: held(said, heartbeats[cell_id] or 0, start, end) for cell_id, said in found.items()}


def _newest_and_inside(cell_ids: Sequence[int], start: datetime, end: datetime) -> list[Reading]:
    """Of each cell its last reading up to start and those after it, oldest first: two seeks per cell, however long its
    history."""
    earlier = Reading.__table__.alias()
    newest = select(func.max(earlier.c.at)).where(earlier.c.cell_id == Feed.cell_id, earlier.c.at <= start)
    of_feed = and_(Reading.cell_id == Feed.cell_id, Reading.at == newest.scalar_subquery())
    pushing = select(Reading).select_from(Feed).join(Reading, of_feed)
    last = db.session.scalars(pushing.where(Feed.kind == "push", Feed.cell_id.in_(cell_ids)))
    inside = select(Reading).where(Reading.cell_id.in_(cell_ids), Reading.at > start, Reading.at < end)
    return sorted({*last, *db.session.scalars(inside)}, key=attrgetter("at"))


def settle_owed(cells: Mapping[int, Watched], until: int) -> None:
    """Assert readings that came while what they speak of had not been sampled yet, up to `until`.

    A reading and a tick may pass each other unseen; the row says what is owed, and the next tick pays it.
    """
    owed = list(db.session.scalars(select(Reading).where(Reading.owed).order_by(Reading.cell_id, Reading.at)))
    for reading in owed:
        reading.owed = False
    for cell_id, readings in groupby(owed, key=attrgetter("cell_id")):
        cell, start = cells.get(cell_id), epoch(next(readings).at)
        if cell and cell.heartbeat and start < until:
            assert_pieces(cell, pieces_in([cell], start, until)[cell_id])


def assert_pieces(cell: Watched, pieces: Sequence[Piece]) -> list[ledger.Span]:
    """Beside a pulled feed, which is asked first, a reading only fills what would be unknown.

    Answers with what was held before, of the seconds that read differently now.
    """
    stretches = [
        (low, high, state_named(state))
        for state, start, end in pieces
        for low, high in (_gaps(cell.cell_id, start, end) if cell.addresses else [(start, end)])
    ]
    if not stretches:
        return []
    was = ledger.fill(cell.book_id, cell.cell_id, stretches, ledger.Source.FEED)
    told_late(cell.book_id, cell.cell_id, stretches[0][0], stretches[-1][1])
    return was


def _gaps(cell_id: int, start: int, end: int) -> list[tuple[int, int]]:
    return [(s.start, s.end) for s in ledger.spans(cell_id, start, end) if s.state == ledger.State.UNKNOWN]


def state_named(word: str) -> ledger.State:
    return ledger.State[word.upper()]
