"""The plan as the arithmetic of rippling.py wants it: all that is placed and not over, and what blocks a machine."""

from datetime import datetime

from sqlalchemy import select

from webapp import cells
from webapp.cells import Booking
from webapp.extensions import db
from webapp.lib.clock import whole
from webapp.orders.models import Operation, WorkOrder
from webapp.orders.places import FOR_EVER, Place
from webapp.orders.rippling import Delay, Piece, delays
from webapp.orders.rules import Span


def ripple_of(operation: Operation, place: Place, now: datetime) -> list[Delay]:
    """What gives way to it there; empty as well where nothing can."""
    moved = _piece(operation, place.cell_id, place.span)
    return delays(moved, [piece for piece in pieces(now) if piece.what != moved.what], whole(now)) or []


def pieces(now: datetime) -> list[Piece]:
    """The steps of every order that is not over, and whatever else is booked beyond now."""
    booked = {row.what: row for row in cells.bookings(now, FOR_EVER)}
    found = []
    for operation in _steps():
        span, row = operation.reach(now), booked.pop(operation.what, None)
        if span and operation.cell_id:
            # What runs holds its machine for as long as is booked for it, and at least up to now.
            end = max(span.end, row.ends) if row and not operation.movable else span.end
            found.append(_piece(operation, operation.cell_id, Span(span.start, end)))
    return [*found, *(_blocked(row) for row in booked.values())]


def _blocked(row: Booking) -> Piece:
    return Piece(row.what, "", row.label, 0, 0, row.cell_id, Span(row.starts, row.ends), fixed=True)


def _steps() -> list[Operation]:
    going_on = WorkOrder.status.in_(("planned", "running", "held"))
    asked = select(Operation).join(Operation.order).where(going_on, Operation.status != "cancelled")
    return list(db.session.scalars(asked))


def _piece(operation: Operation, cell_id: int, span: Span) -> Piece:
    fixed = operation.pinned or not operation.movable
    names = (operation.what, operation.ref, operation.label, operation.order_id, operation.idx)
    return Piece(*names, cell_id, span, fixed)
