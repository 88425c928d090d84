"""An import before anything is written: the file is kept, its rules are settled, it is begun, it is called off."""

import shutil
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select

from webapp import cells, journal
from webapp.cells import Cell, CellDetails
from webapp.extensions import db, transaction
from webapp.lib.lines import BadFile
from webapp.lib.moments import NO_ZONE, is_zone
from webapp.lib.refusal import Invalid, NotFound, WrongState
from webapp.orders.imports.formats.unpacking import Rows, unpack
from webapp.orders.imports.models import OrderImport
from webapp.orders.imports.naming import guess_machines
from webapp.orders.imports.rules import MOST_MACHINES, Rules, check_rules, guessed

AT_ONCE = 1024 * 1024


def one_import(import_id: int) -> OrderImport:
    found = db.session.get(OrderImport, import_id) if 0 < import_id < 2**31 else None
    if found is None:
        raise NotFound(f"There is no import {import_id}")
    return found


def folder_of(import_id: int, folder: Path) -> Path:
    """Where its rows lie, and what is made of them. folder: where all of them lie."""
    return folder / str(import_id)


def rows_of(import_id: int, folder: Path) -> Rows:
    """Raises BadFile where they are gone."""
    path = folder_of(import_id, folder) / "rows"
    if not path.exists():
        raise BadFile("the file is gone; bring it in anew")
    return Rows(path)


def offer_import(file: IO[bytes], name: str, zone: str, by: str, now: datetime, folder: Path) -> OrderImport:
    """Keep the file for a look at it; no order comes of it yet. A file that cannot be read is refused and not kept.

    zone: whose clock its times are read by where they do not say.
    """
    if not is_zone(zone):
        raise Invalid(zone=NO_ZONE)
    kept = folder / f"new-{journal.digest(f'{name} {by} {now}'.encode())[:16]}"
    kept.mkdir(parents=True)
    try:
        with (kept / "file").open("wb") as copy:
            shutil.copyfileobj(file, copy, AT_ONCE)
        size = (kept / "file").stat().st_size
        rows = unpack(kept / "file", kept / "rows")
        (kept / "file").unlink()
        offered = _offer(rows, _named(name), size, zone, by, now)
        shutil.rmtree(folder_of(offered.id, folder), ignore_errors=True)
        kept.rename(folder_of(offered.id, folder))
    finally:
        shutil.rmtree(kept, ignore_errors=True)
    return offered


def _named(name: str) -> str:
    """A file's name as text of ours."""
    plain = "".join(character if character.isprintable() else "?" for character in name)
    return plain.replace("\\", "/").rpartition("/")[2][-200:] or "file"


def _offer(rows: Rows, name: str, size: int, zone: str, by: str, now: datetime) -> OrderImport:
    columns, unit = guessed(rows.header)
    rules = _with_machines(Rules(columns=columns, unit=unit, zone=zone), rows)
    with transaction():
        offered = OrderImport(name=name, size=size, status="offered", rules=rules.plain(), by=by, created_at=now)
        db.session.add(offered)
        db.session.flush()
        journal.record("offered order import", f"order-import:{offered.id}", by, now, file=name, size=size)
    return offered


def settle_import(import_id: int, rules: Rules, folder: Path) -> OrderImport:
    """How it is to be read; again and again until it is begun. Machines that were not told are guessed."""
    rows = rows_of(import_id, folder)
    check_rules(rules, rows.header)
    told = _with_machines(rules, rows)
    _check_cells(told)
    with transaction():
        settled = one_import(import_id)
        _refuse_unless_offered(settled)
        settled.rules = told.plain()
    return settled


def begin_import(import_id: int, by: str, now: datetime, folder: Path) -> OrderImport:
    """From here on it is owed: whoever works on imports goes on with it until it is done."""
    header = rows_of(import_id, folder).header
    with transaction():
        begun = one_import(import_id)
        if begun.under_way:
            return begun
        _refuse_unless_offered(begun)
        check_rules(begun.settled, header)
        begun.status, begun.begun_at = "waiting", now
        journal.record("began order import", f"order-import:{begun.id}", by, now, file=begun.name, rules=begun.rules)
    return begun


def cancel_import(import_id: int, by: str, now: datetime) -> OrderImport:
    """No further order is written; what was written stays, each order whole."""
    with transaction():
        ended = one_import(import_id)
        if not (ended.under_way or ended.status == "offered"):
            raise WrongState(f"This import is {ended.status}: there is nothing left to call off")
        ended.status, ended.ended_at = "cancelled", now
        journal.record("cancelled order import", f"order-import:{ended.id}", by, now, orders=ended.orders_done)
    return ended


def _refuse_unless_offered(offered: OrderImport) -> None:
    if offered.status != "offered":
        raise WrongState(f"This import is {offered.status}; bring the file in anew to read it differently")


def _with_machines(rules: Rules, rows: Rows) -> Rules:
    """With a cell for each machine that its rows name, as it was told, else as it is guessed."""
    kinds = _machines(rules, rows)
    known = set(db.session.scalars(select(Cell.name)))
    usual = {name: _most_frequent(said) for name, said in kinds.items() if said}
    guesses = guess_machines(list(kinds)[: MOST_MACHINES + 1], usual, known)
    return Rules(**{**rules.plain(), "machines": {name: rules.machines.get(name, guesses[name]) for name in guesses}})


def _machines(rules: Rules, rows: Rows) -> dict[str, Counter[str]]:
    """As the file calls each -> the kinds that it says it is."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    machine, kind = (rules.columns.get(role) for role in ("machine", "kind"))
    if machine not in rows.header:
        return found
    at, of = rows.header.index(machine), rows.header.index(kind) if kind in rows.header else None
    for _, fields in rows.rows():
        if isinstance(fields, list) and len(fields) == len(rows.header) and fields[at].strip():
            said = fields[of].strip() if of is not None else ""
            found[fields[at].strip()] += Counter([said] if said else [])
    return found


def _most_frequent(said: Counter[str]) -> str:
    return min(said, key=lambda word: (-said[word], word))[:60]


def _check_cells(rules: Rules) -> None:
    """Raise Invalid where a cell could not be made as it is told, before any row is read."""
    sites = [site.id for site in cells.sites()]
    if not sites or (rules.site_id is not None and rules.site_id not in sites):
        raise Invalid(site_id="must be one of the sites")
    for name, kind in rules.machines.values():
        if name and cells.by_name(name) is None:
            try:
                cells.check_details(new_cell(name, kind, rules), ())
            except Invalid as no:
                raise Invalid(machines=f"{name[:40]} cannot be made: {_complaint(no)}") from None


def new_cell(name: str, kind: str, rules: Rules) -> CellDetails:
    """A place for operations that nobody asks how it is: it may report by itself once it has a token."""
    called = next(text for text, (cell, _) in rules.machines.items() if cell == name)
    specs = {"called": called} if called != name else {}
    return CellDetails(name, kind, rules.site_id, takes=("operation",), driver=cells.HAND, specs=specs)


def _complaint(no: Invalid) -> str:
    fields: Any = no.details["fields"]
    return "; ".join(f"its {name} {says[0]}" for name, says in fields.items())
