"""A hall plan to begin with: bay by bay, as the cells name theirs. Pure."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from webapp.cells.hall.plans import HallMark, HallPlan, Spot
from webapp.cells.models import Cell

#: Up to so many cells, so many columns.
WIDTHS = ((16, 4), (30, 6), (56, 8), (108, 12))
WIDEST = 15


def suggested_plan(cells: Sequence[Cell]) -> HallPlan:
    """Each bay begins a row of its own; those without a bay come last."""
    width = next((columns for count, columns in WIDTHS if len(cells) <= count), WIDEST)
    in_order = sorted(cells, key=lambda cell: (not cell.location, cell.location, cell.name))
    plan, row = HallPlan(), 1
    for bay, group in groupby(in_order, key=lambda cell: cell.location):
        if bay:
            plan.marks.append(HallMark("bay", row, 1, bay[:40]))
        spots = dict(_rows(list(group), row, width))
        plan.places.update(spots)
        row = 1 + max(spot.row for spot in spots.values())
    return plan


def _rows(cells: Sequence[Cell], row: int, width: int) -> Iterator[tuple[int, Spot]]:
    for n, cell in enumerate(cells):
        yield cell.id, Spot(row + n // width, 1 + n % width)
