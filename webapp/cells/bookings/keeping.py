"""Booking a cell's time ahead. Whoever changes a plan holds the lanes it lies on, so that of two one sees the other."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from webapp.cells.bookings.models import Booking, Lane
from webapp.extensions import db, touch


@dataclass(frozen=True)
class Slot:
    """Time wanted on a cell: start <= t < end."""

    what: str
    kind: str
    cell_id: int
    start: datetime
    end: datetime
    label: str = ""


def hold_lanes(cell_ids: Collection[int]) -> None:
    """Nobody else changes the plan of these cells until this transaction ends. Taken in the order of their numbers, so
    that two who want the same cells cannot wait for each other."""
    for cell_id in sorted(set(cell_ids)):
        if not _took_turn(cell_id):
            _begin_lane(cell_id)
            _took_turn(cell_id)


def _took_turn(cell_id: int) -> bool:
    turn = update(Lane).where(Lane.cell_id == cell_id).values(turns=Lane.turns + 1)
    done = db.session.execute(turn.execution_options(synchronize_session=False))
    return done.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def _begin_lane(cell_id: int) -> None:
    """Two may begin it at once: the second waits for the first, and finds it there."""
    insert = (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert
    db.session.execute(insert(Lane).values(cell_id=cell_id, turns=0).on_conflict_do_nothing())


def book(slots: Sequence[Slot]) -> None:
    """Write these down, each in place of what the same holder had booked."""
    unbook([slot.what for slot in slots])
    db.session.add_all(
        Booking(
            what=slot.what,
            kind=slot.kind,
            cell_id=slot.cell_id,
            starts=slot.start,
            ends=slot.end,
            label=slot.label[:160],
        )
        for slot in slots
    )


def unbook(whats: Collection[str]) -> None:
    """These holders want no time any more."""
    names = list(whats)
    for low in range(0, len(names), 500):
        gone = delete(Booking).where(Booking.what.in_(names[low : low + 500]))
        db.session.execute(gone.execution_options(synchronize_session="fetch"))
    if names:
        touch(*Booking.live_topics)


def bookings(
    start: datetime, end: datetime, cell_ids: Collection[int] | None = None, kind: str | None = None
) -> list[Booking]:
    """All that reach into start <= t < end, by cell and time; kind: only such as these."""
    query = select(Booking).where(Booking.starts < end, Booking.ends > start)
    if kind is not None:
        query = query.where(Booking.kind == kind)
    if cell_ids is not None:
        query = query.where(Booking.cell_id.in_(cell_ids))
    return list(db.session.scalars(query.order_by(Booking.cell_id, Booking.starts, Booking.id)))
