"""Cells whose state goes back and forth all the time: it is their feed that wants looking at."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import or_, select

from webapp import journal, ledger
from webapp.cells.models import Sighting
from webapp.cells.places import in_service_at
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch

#: How the journal names what is noticed without anybody.
BY = "the factory"


class Flapping(NamedTuple):
    """since: when it was noticed first. a_minute: how often it changes."""

    since: datetime
    a_minute: int


def watch_flapping(now: datetime, period: int) -> int:
    """Count again; what begins and what ends is journaled. Returns how many cells flap."""
    books = {cell.book_id for cell in in_service_at(now)}
    counted = ledger.restless(epoch(now), dict.fromkeys(books, period))
    with transaction():
        concerned = or_(Sighting.flapping_since.is_not(None), Sighting.cell_id.in_(counted))
        for sighting in db.session.scalars(select(Sighting).where(concerned).order_by(Sighting.cell_id)):
            _settle(sighting, counted, now)
    return len(counted)


def _settle(sighting: Sighting, counted: Mapping[int, int], now: datetime) -> None:
    a_minute = counted.get(sighting.cell_id)
    began, ended = a_minute and not sighting.flapping_since, sighting.flapping_since and not a_minute
    if began or ended:
        verb, details = ("began to flap", {"changes_a_minute": a_minute}) if began else ("ceased to flap", {})
        journal.record(verb, f"cell:{sighting.cell_id}", BY, now, **details)
        sighting.flapping_since = now if began else None
    if sighting.flaps != a_minute:
        sighting.flaps = a_minute


def flapping() -> dict[int, Flapping]:
    """{cell_id: since when and how often} of those that do."""
    rows = db.session.scalars(select(Sighting).where(Sighting.flapping_since.is_not(None)))
    return {row.cell_id: Flapping(row.flapping_since, row.flaps or 1) for row in rows if row.flapping_since}
