"""Drawing the hall plan of a site."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import takewhile

from sqlalchemy import delete, or_, select

from webapp import journal
from webapp.cells.hall.models import MARKS, CellPlace, PlanMark
from webapp.cells.hall.plans import MOST_COLUMNS, MOST_ROWS, HallMark, HallPlan, Spot, hall_plan
from webapp.cells.models import Cell, Site
from webapp.cells.places import all_cells, one_site
from webapp.extensions import db, touch, transaction
from webapp.journal import Entry
from webapp.lib.clock import iso
from webapp.lib.refusal import Invalid, Stale

VERB = "arranged hall"
LONGEST_LABEL = 40


def arrange_hall(
    site_id: int, places: Mapping[int, Spot], marks: Sequence[HallMark], seen: str, by: str, now: datetime
) -> HallPlan:
    """The whole plan at once: whoever is not named has no place. seen: the version this was drawn over; raises Stale
    with who changed what since."""
    with transaction():
        site = _locked(site_id)
        cells = {cell.id: cell for cell in all_cells() if cell.site_id == site_id}
        _check(places, marks, cells)
        before, after = hall_plan(site_id), HallPlan(dict(places), sorted(marks, key=lambda m: m[1:3] + m[:1]))
        _refuse_older(site, before, seen)
        if after.version != before.version:
            _draw(site_id, after)
            told = {"version": {"before": before.version, "after": after.version}}
            words = list(_differences(before, after, {cell.id: cell.name for cell in cells.values()}))
            journal.record(VERB, f"site:{site_id}", by, now, name=site.name, changed=words, **told)
    return after


def _locked(site_id: int) -> Site:
    """Of two who draw at once the second sees what the first drew."""
    site = one_site(site_id)
    db.session.execute(select(Site.id).where(Site.id == site_id).with_for_update(key_share=True))
    return site


def _draw(site_id: int, plan: HallPlan) -> None:
    mine = or_(CellPlace.site_id == site_id, CellPlace.cell_id.in_(plan.places))
    db.session.execute(delete(CellPlace).where(mine))
    db.session.execute(delete(PlanMark).where(PlanMark.site_id == site_id))
    db.session.add_all(CellPlace(cell_id=cell, site_id=site_id, **spot._asdict()) for cell, spot in plan.places.items())
    db.session.add_all(PlanMark(site_id=site_id, **mark._asdict()) for mark in plan.marks)
    touch("floor", "floor-list")


def _refuse_older(site: Site, standing: HallPlan, seen: str) -> None:
    if standing.version == seen:
        return
    since = list(takewhile(lambda entry: _after(entry) != seen, _drawings(site.id)))
    changed = [f"{entry.by}, {iso(entry.at)}: {words}" for entry in since for words in entry.details["changed"]]
    message = f"The plan of {site.name} was changed since you opened it"
    raise Stale(message, version=standing.version, changed=changed, changed_by=since[0].by if since else "")


def _drawings(site_id: int) -> list[Entry]:
    """Newest first."""
    return [entry for entry in journal.recent(f"site:{site_id}", limit=50) if entry.verb == VERB]


def _after(entry: Entry) -> str:
    version: str = entry.details["version"]["after"]
    return version


def _differences(before: HallPlan, after: HallPlan, names: Mapping[int, str]) -> Iterator[str]:
    """What one is told who drew over the plan before."""
    for cell in sorted({*before.places, *after.places}, key=lambda cell: names.get(cell, "")):
        old, new = before.places.get(cell), after.places.get(cell)
        if old != new:
            yield f"{names.get(cell, cell)} {_where(new)}"
    yield from (f"{_called(mark)} taken away" for mark in before.marks if mark not in after.marks)
    yield from (f"{_called(mark)} drawn" for mark in after.marks if mark not in before.marks)


def _where(spot: Spot | None) -> str:
    return f"to column {spot.column}, row {spot.row}" if spot else "taken off the plan"


def _called(mark: HallMark) -> str:
    kind = "bay" if mark.kind == "bay" else "aisle"
    return f"{kind} {mark.label}".strip()


def _check(places: Mapping[int, Spot], marks: Sequence[HallMark], cells: Mapping[int, Cell]) -> None:
    """Raise Invalid with every field that cannot be accepted: place-7 (a cell's), mark-2 (the third mark's)."""
    wrong = {f"place-{cell}": says for cell, spot in places.items() if (says := _misplaced(cell, spot, cells))}
    wrong |= _taken_twice(places, cells)
    wrong |= {f"mark-{n}": says for n, mark in enumerate(marks) if (says := _mismarked(mark))}
    wrong |= {f"mark-{n}": "stands in the list twice" for n in _repeated(marks)}
    if wrong:
        raise Invalid(**wrong)


def _misplaced(cell: int, spot: Spot, cells: Mapping[int, Cell]) -> str:
    if cell not in cells:
        return "is no cell of this site"
    fits = 1 <= spot.column <= MOST_COLUMNS and 1 <= spot.row <= MOST_ROWS
    return "" if fits else f"must lie in columns 1 to {MOST_COLUMNS} and rows 1 to {MOST_ROWS}"


def _taken_twice(places: Mapping[int, Spot], cells: Mapping[int, Cell]) -> dict[str, str]:
    first: dict[Spot, int] = {}
    return {
        f"place-{cell}": f"is where {cells[holder].name} stands"
        for cell, spot in places.items()
        if (holder := first.setdefault(spot, cell)) != cell and holder in cells
    }


def _mismarked(mark: HallMark) -> str:
    if mark.kind not in MARKS:
        return "must be one of " + ", ".join(MARKS)
    if not (mark.label.isprintable() and len(mark.label) <= LONGEST_LABEL):
        return f"must have a name of up to {LONGEST_LABEL} characters on one line"
    if mark.kind == "bay" and not mark.label:
        return "must have a name"
    row = mark.row == 0 if mark.kind == "along" else 1 <= mark.row <= MOST_ROWS
    column = mark.column == 0 if mark.kind == "across" else 1 <= mark.column <= MOST_COLUMNS
    wants = {"bay": "a row and a column", "across": "a row", "along": "a column"}[mark.kind]
    return "" if row and column else f"must have {wants}: columns 1 to {MOST_COLUMNS}, rows 1 to {MOST_ROWS}"


def _repeated(marks: Sequence[HallMark]) -> list[int]:
    places = [mark[:3] for mark in marks]
    return [n for n, place in enumerate(places) if place in places[:n]]
