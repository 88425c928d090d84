"""How a floor is laid out: by the plan of its site where there is one, else bay by bay. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol, TypeVar

from webapp.cells import Cell, HallMark, HallPlan


class OnFloor(Protocol):
    @property
    def cell(self) -> Cell: ...


NUMBER = re.compile(r"(\d+)")
#: Columns and rows up to which a plan is drawn as closely as a floor of so many things.
GRIDS = ((4, 4, 16), (6, 5, 30), (8, 7, 56), (12, 9, 108), (18, 12, 180))
CROWDED = 1000
Tile = TypeVar("Tile", bound=OnFloor)


@dataclass(frozen=True)
class Bay:
    """A bay's name over the columns from `column` on, as many as `width`."""

    label: str
    column: int
    width: int


@dataclass(frozen=True)
class Line:
    """kind: aisle (a dashed line with a label, if any), bays (their names), or tiles: (column, tile)."""

    kind: str
    label: str = ""
    bays: Sequence[Bay] = ()
    tiles: Sequence[tuple[int, OnFloor]] = ()


@dataclass(frozen=True)
class Hall:
    """A site's part of the floor. lines: of its plan; aisles: the columns left of which one lies.

    bays: (name, tiles) of those that are on no plan.
    """

    name: str
    columns: int = 0
    lines: Sequence[Line] = ()
    aisles: Sequence[int] = ()
    bays: Sequence[tuple[str, Sequence[OnFloor]]] = field(default_factory=list)

    @property
    def room(self) -> int:
        """How many things it has room for, by which its tiles are drawn: a plan that is wide wants small ones."""
        loose = sum(len(tiles) + 1 for _, tiles in self.bays)
        rows = sum(line.kind == "tiles" for line in self.lines)
        fits = (count for columns, most, count in GRIDS if self.columns <= columns and rows <= most)
        return loose + (next(fits, CROWDED) if self.lines else 0)


def halls(tiles: Sequence[Tile], plans: Mapping[int, HallPlan]) -> list[Hall]:
    """By site, in the order in which sites were added. tiles: whatever has a cell."""
    by_site: dict[int, list[Tile]] = defaultdict(list)
    for tile in tiles:
        by_site[tile.cell.site_id].append(tile)
    return [_hall(by_site[site], plans.get(site)) for site in sorted(by_site)]


def _hall(tiles: Sequence[Tile], plan: HallPlan | None) -> Hall:
    name = tiles[0].cell.site.name
    if plan is None:
        return Hall(name, bays=_bays(tiles))
    placed = [tile for tile in tiles if tile.cell.id in plan.places]
    rest = [tile for tile in tiles if tile.cell.id not in plan.places]
    aisles = [mark.column for mark in plan.marks if mark.kind == "along"]
    return Hall(name, plan.columns, list(_lines(placed, plan)), aisles, _bays(rest))


def _bays(tiles: Sequence[Tile]) -> list[tuple[str, Sequence[OnFloor]]]:
    in_order = sorted(tiles, key=lambda tile: (counted(tile.cell.location), counted(tile.cell.name)))
    return [(bay, list(group)) for bay, group in groupby(in_order, key=lambda tile: tile.cell.location)]


def counted(name: str) -> list[tuple[int, str]]:
    """To sort by as people do: Bay 2 before Bay 10."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in NUMBER.split(name)]


def _lines(tiles: Sequence[Tile], plan: HallPlan) -> Iterator[Line]:
    """Row by row; an aisle and the names of bays lie above theirs."""
    rows: dict[int, list[tuple[int, OnFloor]]] = defaultdict(list)
    for tile in tiles:
        rows[plan.places[tile.cell.id].row].append((plan.places[tile.cell.id].column, tile))
    for row in range(1, plan.rows + 1):
        marks = [mark for mark in plan.marks if mark.row == row]
        yield from (Line("aisle", mark.label) for mark in marks if mark.kind == "across")
        if bays := list(_names(marks, plan.columns)):
            yield Line("bays", bays=bays)
        yield Line("tiles", tiles=sorted(rows[row], key=lambda placed: placed[0]))


def _names(marks: Sequence[HallMark], columns: int) -> Iterator[Bay]:
    """Each reaches to the next one of its row, or to the end of it."""
    bays = sorted((mark for mark in marks if mark.kind == "bay"), key=lambda mark: mark.column)
    ends = [*(mark.column for mark in bays), columns + 1][1:]
    for mark, following in zip(bays, ends, strict=True):
        yield Bay(mark.label, mark.column, max(1, following - mark.column))
