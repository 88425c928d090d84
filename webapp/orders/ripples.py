"""The plan as the arithmetic of rippling.py wants it: all that is placed and not over, and what blocks a machine."""

from datetime import datetime
from typing import Any

from webapp import cells
from webapp.cells import Booking
from webapp.extensions import db
from webapp.lib.clock import whole
from webapp.orders.models import MOVABLE, Operation, WorkOrder, reach, step_rows
from webapp.orders.places import FOR_EVER, OPERATION, Place
from webapp.orders.rippling import Delay, Piece, delays
from webapp.orders.rules import Span


def ripple_of(operation: Operation, place: Place, now: datetime) -> list[Delay]:
    """What gives way to it there; empty as well where nothing can."""
    names = (operation.what, operation.ref, operation.label, operation.order_id, operation.idx)
    others = [piece for piece in pieces(now) if piece.what != operation.what]
    return delays(Piece(*names, place.cell_id, place.span), others, whole(now)) or []


def pieces(now: datetime) -> list[Piece]:
    """The steps of every order that is not over, and whatever else is booked beyond now."""
    booked = {row.what: row for row in cells.bookings(now, FOR_EVER)}
    going_on = WorkOrder.status.in_(("planned", "running", "held"))
    found = []
    for row in db.session.execute(step_rows().where(going_on, Operation.status != "cancelled")):
        span, there = reach(row, now), booked.pop(f"{OPERATION}{row.id}", None)
        if span and row.cell_id:
            found.append(_piece(row, span, there))
    return [*found, *(_blocked(row) for row in booked.values())]


def _piece(row: Any, span: Span, there: Booking | None) -> Piece:
    """What runs holds its machine for as long as is booked for it, and at least up to now."""
    movable = row.status in MOVABLE
    lies = Span(span.start, max(span.end, there.ends)) if there and not movable else span
    label = f"{row.order_ref} step {row.idx}, {row.name}"
    fixed = row.pinned or not movable
    return Piece(f"{OPERATION}{row.id}", row.ref, label, row.order_id, row.idx, row.cell_id, lies, fixed)


def _blocked(row: Booking) -> Piece:
    return Piece(row.what, "", row.label, 0, 0, row.cell_id, Span(row.starts, row.ends), fixed=True)
