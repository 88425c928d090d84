"""Hall plans as they stand."""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import select

from webapp.cells.hall.models import CellPlace, PlanMark
from webapp.cells.models import Cell
from webapp.extensions import db

MOST_COLUMNS, MOST_ROWS = 30, 40


class Spot(NamedTuple):
    """Counted from 1 at the upper left corner."""

    row: int
    column: int


class HallMark(NamedTuple):
    """kind: bay, across or along; row, column: 0 where the kind has none."""

    kind: str
    row: int
    column: int
    label: str


@dataclass(frozen=True)
class HallPlan:
    """places: of cells in service, by id. version: another one after each change."""

    places: dict[int, Spot] = field(default_factory=dict)
    marks: list[HallMark] = field(default_factory=list)

    @property
    def columns(self) -> int:
        return max([*(spot.column for spot in self.places.values()), *(mark.column for mark in self.marks)], default=0)

    @property
    def rows(self) -> int:
        return max([*(spot.row for spot in self.places.values()), *(mark.row for mark in self.marks)], default=0)

    @property
    def version(self) -> str:
        drawn = (sorted(self.places.items()), self.marks)
        return hashlib.sha256(repr(drawn).encode()).hexdigest()[:16]


def hall_plans() -> dict[int, HallPlan]:
    """By site, of those on which a cell has a place."""
    found: dict[int, HallPlan] = {}
    for place in db.session.scalars(_PLACES):
        found.setdefault(place.site_id, HallPlan()).places[place.cell_id] = Spot(place.row, place.column)
    for mark in db.session.scalars(_MARKS):
        if mark.site_id in found:
            found[mark.site_id].marks.append(HallMark(mark.kind, mark.row, mark.column, mark.label))
    return found


def hall_plan(site_id: int) -> HallPlan:
    """Empty where nobody drew one."""
    places = db.session.scalars(_PLACES.where(CellPlace.site_id == site_id))
    marks = db.session.scalars(_MARKS.where(PlanMark.site_id == site_id))
    return HallPlan(
        {place.cell_id: Spot(place.row, place.column) for place in places},
        [HallMark(mark.kind, mark.row, mark.column, mark.label) for mark in marks],
    )


# Whoever is out of service stands nowhere, and one that moved to another site has yet to be placed there.
_PLACES = (
    select(CellPlace)
    .join(Cell, (Cell.id == CellPlace.cell_id) & (Cell.site_id == CellPlace.site_id))
    .where(Cell.in_service_to.is_(None))
    .order_by(CellPlace.site_id, CellPlace.row, CellPlace.column)
)
_MARKS = select(PlanMark).order_by(PlanMark.site_id, PlanMark.row, PlanMark.column, PlanMark.kind)
