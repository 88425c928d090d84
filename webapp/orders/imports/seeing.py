"""Looking at imports: how the first rows are understood, which machines they name, what was refused."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select

from webapp.cells import Cell
from webapp.extensions import db
from webapp.lib.lines import BadFile
from webapp.lib.spool import BadRow
from webapp.orders.imports.models import ImportedOrder, OrderImport
from webapp.orders.imports.offering import folder_of, one_import, rows_of
from webapp.orders.imports.rules import NEEDED, Rules
from webapp.orders.imports.understanding import Reader, Told, actual_times, shown
from webapp.orders.models import Operation

SHOWN, LOOKED_AT, MOST_REFUSED = 12, 5000, 1000


@dataclass(frozen=True)
class Understood:
    """A row of the file: told, or why not. over: it is history."""

    line: int
    fields: Sequence[str]
    told: Told | None = None
    refused: BadRow | None = None
    over: bool = False

    @property
    def said(self) -> str:
        """When, or for how long."""
        if self.told is None or not self.told.key:
            return ""
        if self.told.start is None or self.told.end is None:
            return f"{self.told.seconds / 60:g} min, without a place"
        return f"{shown(self.told.start)} to {shown(self.told.end)}"


@dataclass(frozen=True)
class Machine:
    """A machine of the file, and the cell it is taken for. known: that cell is there already."""

    text: str
    cell: str
    kind: str
    known: bool


@dataclass
class Preview:
    """The first rows, and what the first LOOKED_AT come to. problem: why none can be read as it is."""

    header: Sequence[str] = ()
    machines: Sequence[Machine] = ()
    first: list[Understood] = field(default_factory=list)
    orders: set[str] = field(default_factory=set)
    good: int = 0
    over: int = 0
    why_refused: Counter[str] = field(default_factory=Counter)
    looked_at: int = 0
    whole: bool = True
    problem: str = ""

    @property
    def refused_in_all(self) -> int:
        return self.why_refused.total()


def recent_imports(limit: int = 50) -> list[OrderImport]:
    """Newest first."""
    return list(db.session.scalars(select(OrderImport).order_by(OrderImport.id.desc()).limit(limit)))


def imported_orders(import_id: int) -> list[int]:
    """The numbers of the orders that this import was the last to tell of."""
    query = select(ImportedOrder.order_id).where(ImportedOrder.import_id == import_id)
    return list(db.session.scalars(query.order_by(ImportedOrder.order_id)))


def import_refusals(import_id: int, folder: Path, most: int = MOST_REFUSED) -> list[list[str]]:
    """[row, what was wrong, what would be accepted] of the first of them."""
    path = refused_file(import_id, folder)
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as kept:
        return sorted(islice(csv.reader(kept), 1, most + 1), key=lambda row: int(row[0]))


def refused_file(import_id: int, folder: Path) -> Path:
    """All of them, as CSV."""
    return folder_of(import_id, folder) / "refused.csv"


def import_preview(import_id: int, now: datetime, folder: Path) -> Preview:
    """How the first rows would be understood."""
    try:
        rows = rows_of(import_id, folder)
    except BadFile as no:
        return Preview(problem=no.message)
    rules = one_import(import_id).settled
    found = Preview(rows.header, _machines(rules))
    if missing := [word for role, word in NEEDED.items() if rules.columns.get(role) not in rows.header]:
        found.problem = f"Choose which column names the {' and which the '.join(missing)}"
        return found
    reader = Reader(rules, rows.header, now)
    for number, fields in islice(rows.rows(), LOOKED_AT + 1):
        _look(found, reader, number, fields)
    return found


def _machines(rules: Rules) -> list[Machine]:
    """Those that are to be made first."""
    known = set(db.session.scalars(select(Cell.name)))
    told = [Machine(text, cell, kind, cell in known) for text, (cell, kind) in rules.machines.items()]
    return sorted(told, key=lambda machine: (machine.known, machine.text))


def _look(found: Preview, reader: Reader, number: int, fields: list[str] | str) -> None:
    if found.looked_at == LOOKED_AT:
        found.whole = False
        return
    found.looked_at += 1
    line = _understood(reader, number, fields)
    found.good += line.told is not None
    found.over += line.over
    if line.told:
        found.orders.add(line.told.order)
    if line.refused:
        found.why_refused[line.refused.what] += 1
    if len(found.first) < SHOWN:
        found.first.append(line)


def _understood(reader: Reader, number: int, fields: list[str] | str) -> Understood:
    in_file = [fields] if isinstance(fields, str) else fields
    try:
        told = reader.told(fields)
    except BadRow as no:
        return Understood(number, in_file, refused=no)
    over = actual_times(vars(told), told.status, reader.now)[1] is not None
    return Understood(number, in_file, told, over=over)


def imported_span(import_id: int) -> tuple[datetime, datetime] | None:
    """From the first to the last of what it told; None: nothing of it has a time."""
    told = select(ImportedOrder.order_id).where(ImportedOrder.import_id == import_id)
    first = func.min(func.coalesce(Operation.starts, Operation.started_at))
    last = func.max(func.coalesce(Operation.ends, Operation.ended_at))
    begun, ended = db.session.execute(select(first, last).where(Operation.order_id.in_(told))).one()
    return (begun, ended + timedelta(seconds=1)) if begun and ended else None
