"""What boards show of each cell after a round: rows are written only where something changed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select

from webapp.cells.drivers import Seen, Silent
from webapp.cells.holding import Piece
from webapp.cells.models import Remark, Sighting
from webapp.cells.watching import Watched
from webapp.extensions import db
from webapp.lib.clock import moment


def note(
    cells: Sequence[Watched],
    answers: Mapping[int, Seen | Silent],
    pieces: Mapping[int, Sequence[Piece]],
    slot: int,
    period: int,
) -> None:
    known = _sightings([cell.cell_id for cell in cells])
    for cell in cells:
        sighting, answer = known[cell.cell_id], answers.get(cell.cell_id)
        if isinstance(answer, Seen):
            _heard(sighting, answer, slot, timedelta(seconds=3 * period))
        elif cell.heartbeat:
            _held(sighting, pieces[cell.cell_id], slot, slot + period)
        else:
            sighting.miss(answer.fault if answer else "it has no feed", moment(slot))


def _sightings(cell_ids: Sequence[int]) -> dict[int, Sighting]:
    rows = db.session.scalars(select(Sighting).where(Sighting.cell_id.in_(cell_ids)))
    return {row.cell_id: row for row in rows}


def _heard(sighting: Sighting, seen: Seen, slot: int, gone: timedelta) -> None:
    if _is_news(sighting, seen):
        db.session.add(Remark(cell_id=sighting.cell_id, at=moment(slot), state=seen.state, detail=seen.detail))
    sighting.hear(seen.state, seen.detail, seen.job, moment(slot), gone)


def _is_news(sighting: Sighting, seen: Seen) -> bool:
    """The first words of a state are its reason, and so is having none after one that had; later words are not: a
    text that counts seconds would fill the table."""
    if seen.state == sighting.state:
        return bool(seen.detail) and not sighting.detail
    return bool(seen.detail or sighting.detail)


def _held(sighting: Sighting, pieces: Sequence[Piece], start: int, end: int) -> None:
    """A pushing cell is silent from the moment its last reading ceases to hold."""
    state, begun, ended = pieces[-1] if pieces else ("unknown", start, start)
    if ended < end:
        return sighting.miss("no reading came in time", moment(ended))
    detail = sighting.detail if state == sighting.state else ""
    return sighting.hear(state, detail, sighting.job, moment(begun), timedelta(0))
