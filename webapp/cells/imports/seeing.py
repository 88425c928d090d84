"""Looking at imports: how the first rows are understood, what was refused, what each cell got."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select

from webapp import ledger
from webapp.cells.imports.models import ImportResult, StateImport
from webapp.cells.imports.offering import folder_of, lines_of, one_import
from webapp.cells.imports.rules import SHAPES, Rules
from webapp.cells.imports.understanding import Known, Reader, Told
from webapp.cells.models import Cell
from webapp.extensions import db
from webapp.lib.lines import BadFile
from webapp.lib.moments import micros, shown_moment
from webapp.lib.refusal import Invalid
from webapp.lib.spool import BadRow

SHOWN, LOOKED_AT, MOST_REFUSED = 12, 5000, 1000


@dataclass(frozen=True)
class Understood:
    """A line of the file: told, or why not; neither: a row of a key that says nothing of the state."""

    line: int
    fields: Sequence[str]
    told: Told | None = None
    refused: BadRow | None = None

    @property
    def said(self) -> str:
        """From when to when."""
        if self.told is None:
            return ""
        until = f" to {shown_moment(self.told.until)}" if self.told.until else ""
        return f"from {shown_moment(self.told.at)}{until}"


@dataclass
class Preview:
    """The first lines, and what the first LOOKED_AT come to. problem: why none can be read as it is."""

    header: Sequence[str] = ()
    first: list[Understood] = field(default_factory=list)
    good: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)  # keys that say nothing of a state
    why_refused: Counter[str] = field(default_factory=Counter)
    looked_at: int = 0
    too_old: int = 0  # good ones that will soon be kept by whole days
    whole: bool = True
    problem: str = ""

    @property
    def spare(self) -> int:
        return self.passed_over.total()

    @property
    def refused_in_all(self) -> int:
        return self.why_refused.total()


def recent_imports(limit: int = 50) -> list[StateImport]:
    """Newest first."""
    return list(db.session.scalars(select(StateImport).order_by(StateImport.id.desc()).limit(limit)))


def import_results(import_id: int) -> list[tuple[ImportResult, Cell]]:
    """What each cell was told, by the cell's name."""
    query = select(ImportResult, Cell).join(Cell, Cell.id == ImportResult.cell_id)
    rows = db.session.execute(query.where(ImportResult.import_id == import_id).order_by(Cell.name))
    return [(result, cell) for result, cell in rows]


def import_refusals(import_id: int, folder: Path, most: int = MOST_REFUSED) -> list[list[str]]:
    """[line, what was wrong, what would be accepted] of the first of them."""
    path = refused_file(import_id, folder)
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as kept:
        return list(islice(csv.reader(kept), 1, most + 1))


def refused_file(import_id: int, folder: Path) -> Path:
    """All of them, as CSV."""
    return folder_of(import_id, folder) / "refused.csv"


def import_preview(
    import_id: int, now: datetime, folder: Path, rules: Rules | None = None, days_before: datetime | None = None
) -> Preview:
    """How the first rows would be understood. rules: other ones than it has; days_before: what is older will soon be
    kept by whole days."""
    try:
        lines = lines_of(import_id, folder)
    except BadFile as no:
        return Preview(problem=no.message)
    found = Preview(lines.header)
    rules = rules or one_import(import_id).settled
    try:
        reader = Reader(rules, lines.header, known_cells(rules), now, ledger.kept_from())
        for number, fields in islice(lines.rows(), LOOKED_AT + 1):
            _look(found, reader, number, fields, micros(days_before) if days_before else 0)
    except BadFile as no:
        found.problem = no.message
    except (KeyError, ValueError, AttributeError, Invalid):
        found.problem = _to_choose(rules)
    return found


def _to_choose(rules: Rules) -> str:
    """What keeps the rows from being read."""
    missing = [role for role in rules.roles if role not in rules.columns] if rules.shape in SHAPES else []
    return "Choose which cell all of it is of" if missing == ["cell"] else "Choose what the columns are"


def _look(found: Preview, reader: Reader, number: int, fields: list[str] | str, days_before: int) -> None:
    if found.looked_at == LOOKED_AT:
        found.whole = False
        return
    found.looked_at += 1
    shown = [fields] if isinstance(fields, str) else fields
    try:
        line = Understood(number, shown, told=reader.told(fields))
        found.good += line.told is not None
        found.too_old += line.told is not None and line.told.at < days_before
        if line.told is None:
            found.passed_over[reader.key_of(fields)[:40]] += 1
    except BadRow as no:
        line = Understood(number, shown, refused=no)
        found.why_refused[no.what] += 1
    if len(found.first) < SHOWN:
        found.first.append(line)


def known_cells(rules: Rules) -> dict[str, Known]:
    """Every cell by name. One that an import took out of service as its history ended, another may tell more of."""
    ended: dict[int, datetime] = {}
    if rules.new_cells == "retired":
        ends = select(ImportResult.cell_id, func.max(ImportResult.end).label("ended")).group_by(ImportResult.cell_id)
        ended = {row.cell_id: row.ended for row in db.session.execute(ends)}
    query = select(Cell.id, Cell.name, Cell.in_service_to)
    return {
        name: Known(micros(to) if to and to != ended.get(cell_id) else None)
        for cell_id, name, to in db.session.execute(query)
    }
