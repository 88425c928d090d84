"""Where each cell stands in the hall: drawn with the pointer or the keys, or typed as columns and rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import HiddenField

from webapp import cells
from webapp.cells import Cell, HallMark, HallPlan, Site, Spot
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid, NotFound, Refusal
from webapp.screens.forms import RoomForm, number_in

bp = Blueprint("admin_plan", __name__)

KINDS = {"bay": "Bay, named above its places", "across": "Aisle above a row", "along": "Aisle left of a column"}
BLANK_MARKS = 3
MOST_MARKS = 200
WORDS = ("kind", "row", "column", "label")


@dataclass(frozen=True)
class PlaceLine:
    """A cell's line of the table: texts, as they were typed."""

    cell: Cell
    column: str
    row: str


@dataclass(frozen=True)
class MarkLine:
    kind: str
    row: str
    column: str
    label: str

    @property
    def empty(self) -> bool:
        return not (self.row or self.column or self.label)


class PlanForm(RoomForm):
    """version: of the plan that was looked at. wrong: complaints by line, place-7 (a cell's) or mark-2 (the third)."""

    version = HiddenField()

    def __init__(self, site: Site, plan: HallPlan | None = None) -> None:
        super().__init__(**({"data": {"version": cells.hall_plan(site.id).version}} if plan else {}))
        self.wrong: dict[str, str] = {}
        self.changed: list[str] = []
        mine = [cell for cell in cells.all_cells() if cell.site_id == site.id]
        self.places = [_shown(cell, plan) if plan else _typed(cell) for cell in mine]
        self.marks = [*(_marks_of(plan) if plan else _typed_marks())]
        self.marks += [MarkLine("bay", "", "", "")] * BLANK_MARKS

    def refuse(self, no: Invalid) -> None:
        names = {f"place-{line.cell.id}": line.cell.name for line in self.places}
        for name, says in no.details["fields"].items():  # type: ignore[attr-defined]
            self.wrong[name] = f"{names.get(name, 'This line')} {says[0]}"

    def show_both(self, no: Refusal) -> None:
        """Somebody else drew meanwhile: what is typed stays, beside it stands what they changed."""
        self.status = no.status
        self.form_errors.append(f"{no.message}. Saving again puts your plan in place of theirs")
        self.changed = list(no.details["changed"])  # type: ignore[call-overload]
        self.version.data = no.details["version"]

    @property
    def errors(self) -> dict[str | None, Sequence[str]]:
        found: dict[str | None, Sequence[str]] = {name: [words] for name, words in self.wrong.items()}
        return found | ({None: self.form_errors} if self.form_errors else {})

    def plan(self) -> HallPlan:
        """Raises Invalid with each line that says no place."""
        wrong: dict[str, str] = {}
        places = {line.cell.id: _spot(line, wrong) for line in self.places if line.column or line.row}
        marks = [_mark(n, line, wrong) for n, line in enumerate(self.marks) if not line.empty]
        if wrong:
            raise Invalid(**wrong)
        return HallPlan(places, marks)


def _typed(cell: Cell) -> PlaceLine:
    column, row = (request.form.get(f"{word}-{cell.id}", "").strip() for word in ("column", "row"))
    return PlaceLine(cell, column, row)


def _shown(cell: Cell, plan: HallPlan | None) -> PlaceLine:
    spot = plan.places.get(cell.id) if plan else None
    return PlaceLine(cell, str(spot.column), str(spot.row)) if spot else PlaceLine(cell, "", "")


def _typed_marks() -> Iterator[MarkLine]:
    """Lines that were emptied are gone."""
    for n in range(MOST_MARKS):
        kind, row, column, label = (request.form.get(f"mark-{word}-{n}", "").strip() for word in WORDS)
        if kind and (row or column or label):
            yield MarkLine(kind, row, column, label)


def _marks_of(plan: HallPlan | None) -> Iterator[MarkLine]:
    for mark in plan.marks if plan else ():
        yield MarkLine(mark.kind, str(mark.row or ""), str(mark.column or ""), mark.label)


def _spot(line: PlaceLine, wrong: dict[str, str]) -> Spot:
    row, column = number_in(line.row), number_in(line.column)
    if row is None or column is None:
        wrong[f"place-{line.cell.id}"] = "must have a column and a row, whole numbers from 1, or neither"
    return Spot(row or 0, column or 0)


def _mark(n: int, line: MarkLine, wrong: dict[str, str]) -> HallMark:
    """A number that its kind has no use for is as if it had not been typed."""
    row = "" if line.kind == "along" else line.row
    column = "" if line.kind == "across" else line.column
    if any(text and number_in(text) is None for text in (row, column)):
        wrong[f"mark-{n}"] = "must have whole numbers from 1"
    return HallMark(line.kind, number_in(row) or 0, number_in(column) or 0, line.label)


@bp.get("/admin/plan")
@may("administer cells")
def show() -> str:
    sites = cells.sites()
    if not sites:
        return render_template("admin/plan/none.html")
    site = _site(number_in(request.args.get("site", "")) or sites[0].id)
    return _page(site, PlanForm(site, _begun(site)))


def _begun(site: Site) -> HallPlan:
    """As it stands; or, to begin with, as the cells name their bays."""
    if not _suggested():
        return cells.hall_plan(site.id)
    return cells.suggested_plan([cell for cell in cells.all_cells() if cell.site_id == site.id])


def _suggested() -> bool:
    return request.args.get("start") == "bays"


@bp.post("/admin/plan/sites/<int:id>")
@may("administer cells")
def arrange(id: int) -> Response | tuple[str, int]:
    site = _site(id)
    form = PlanForm(site)
    with form.heeding():
        plan = form.plan()
        cells.arrange_hall(id, plan.places, plan.marks, form.version.data or "", by=current_user.name, now=utcnow())
    if form.errors:
        return _page(site, form), form.status
    flash(f"Hall plan of {site.name} saved.", "ok")
    return redirect(url_for("admin_plan.show", site=id), 303)


def _page(site: Site, form: PlanForm) -> str:
    known: dict[str, Any] = {"sites": cells.sites(), "kinds": KINDS, "drawn": cells.hall_plan(site.id).places}
    return render_template("admin/plan/show.html", site=site, form=form, suggested=_suggested(), **known)


def _site(id: int) -> Site:
    site = next((site for site in cells.sites() if site.id == id), None)
    if site is None:
        raise NotFound("There is no such site")
    return site
