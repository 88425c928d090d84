"""What is booked next on each cell, and what those that hold cells are called."""

from datetime import datetime

from sqlalchemy import func, select

from webapp.cells.bookings.models import Booking
from webapp.cells.models import Claim
from webapp.extensions import db


def next_bookings(now: datetime) -> dict[int, Booking]:
    """By cell: of what is not over the one that begins first."""
    first = func.row_number().over(partition_by=Booking.cell_id, order_by=(Booking.starts, Booking.id))
    ranked = select(Booking.id, first.label("place")).where(Booking.ends > now).subquery()
    rows = select(Booking).join(ranked, ranked.c.id == Booking.id).where(ranked.c.place == 1)
    return {booking.cell_id: booking for booking in db.session.scalars(rows)}


def holders_called() -> dict[str, str]:
    """What whoever holds a cell is called, where it left its name with a booking: {"operation:5": "WO-7 step 1"}."""
    named = select(Booking.what, Booking.label).join(Claim, Claim.what == Booking.what).where(Claim.closed.is_(None))
    return {what: label for what, label in db.session.execute(named) if label}
