"""Duties, windows and requests whose numbers are known: the journal and bookings name them by number."""

from collections.abc import Collection

from sqlalchemy import select

from webapp.extensions import db
from webapp.upkeep.models import Duty, Request, Window


def duties_numbered(numbers: Collection[int]) -> list[Duty]:
    """Those that there are, retired ones included."""
    return list(db.session.scalars(select(Duty).where(Duty.id.in_(numbers))))


def windows_numbered(numbers: Collection[int]) -> list[Window]:
    return list(db.session.scalars(select(Window).where(Window.id.in_(numbers))))


def requests_numbered(numbers: Collection[int]) -> list[Request]:
    return list(db.session.scalars(select(Request).where(Request.id.in_(numbers))))
