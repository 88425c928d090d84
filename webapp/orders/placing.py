"""Putting operations where they are to lie: in the plan, on their machines' time, and into what can be taken back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from webapp import cells, journal
from webapp.cells import Cell
from webapp.extensions import db
from webapp.lib.clock import iso, whole
from webapp.orders.adding import slots_of
from webapp.orders.models import Operation, PlanChange
from webapp.orders.places import Place, place_of

Told = dict[str, object] | None


def write(places: Sequence[tuple[Operation, Place | None]], by: str, now: datetime, why: str) -> PlanChange:
    """Each to its place, or off the plan. A move: whoever calls it holds the lanes, and has asked the rules."""
    names = names_of(place.cell_id for operation, to in places for place in (place_of(operation), to) if place)
    moves = [_moved(operation, place, names, by, now) for operation, place in places]
    cells.unbook([operation.what for operation, place in places if place is None])
    cells.book(slots_of(operation for operation, _ in places))
    change = PlanChange(at=whole(now), by=by, why=why[:300], moves=moves)
    db.session.add(change)
    return change


def told(place: Place | None) -> Told:
    """As a change of the plan keeps it: a machine may get another name meanwhile."""
    if place is None:
        return None
    return {"cell": place.cell_id, "start": iso(place.span.start), "end": iso(place.span.end)}


def names_of(cell_ids: Iterable[int | None]) -> dict[int, str]:
    """cell id -> short name."""
    ids = {cell_id for cell_id in cell_ids if cell_id}
    return dict(db.session.execute(select(Cell.id, Cell.name).where(Cell.id.in_(ids))).all()) if ids else {}


def _moved(
    operation: Operation, place: Place | None, names: Mapping[int, str], by: str, now: datetime
) -> dict[str, object]:
    was = place_of(operation)
    _put(operation, place, now)
    both = {"before": _named(was, names), "after": _named(place, names)}
    journal.record("moved operation", operation.what, by, now, operation=operation.label, **both)
    return {"ref": operation.ref, "was": told(was), "becomes": told(place)}


def _named(place: Place | None, names: Mapping[int, str]) -> Told:
    """As the journal tells it to people."""
    if place is None:
        return None
    return {"machine": names[place.cell_id], "start": iso(place.span.start), "end": iso(place.span.end)}


def _put(operation: Operation, place: Place | None, now: datetime) -> None:
    operation.cell_id = place.cell_id if place else None
    operation.starts, operation.ends = (place.span.start, place.span.end) if place else (None, None)
    if place:
        operation.seconds = int(place.span.length.total_seconds())
    operation.version += 1
    operation.order.version += 1
    operation.order.updated_at = whole(now)
