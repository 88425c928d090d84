"""An import before anything is written: the file is kept, its rules are settled, it is begun, it is called off."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import IO

from webapp import journal
from webapp.cells.imports.models import StateImport
from webapp.cells.imports.rules import Rules, check_rules, guessed
from webapp.cells.places import by_name
from webapp.extensions import db, transaction
from webapp.lib.lines import BadFile, Lines
from webapp.lib.moments import NO_ZONE, is_zone
from webapp.lib.refusal import Invalid, NotFound, WrongState

AT_ONCE = 1024 * 1024
SUCH_AS, LEAST_COLUMNS = "cell,from,to,state", 2


def one_import(import_id: int) -> StateImport:
    found = db.session.get(StateImport, import_id) if 0 < import_id < 2**31 else None
    if found is None:
        raise NotFound(f"There is no import {import_id}")
    return found


def folder_of(import_id: int, folder: Path) -> Path:
    """Where its file lies, and what is made of it. folder: where all of them lie."""
    return folder / str(import_id)


def lines_of(import_id: int, folder: Path) -> Lines:
    """Raises Invalid where the file cannot be read, or is gone."""
    path = folder_of(import_id, folder) / "file"
    if not path.exists():
        raise BadFile("the file is gone; bring it in anew")
    return Lines(path, SUCH_AS, LEAST_COLUMNS)


def offer_import(file: IO[bytes], name: str, zone: str, by: str, now: datetime, folder: Path) -> StateImport:
    """Keep the file for a look at it; nothing of it is history yet. A file that cannot be read is refused and not kept.

    zone: whose clock its times are read by where they do not say.
    """
    if not is_zone(zone):
        raise Invalid(zone=NO_ZONE)
    kept = folder / f"new-{journal.digest(f'{name} {by} {now}'.encode())[:16]}"
    kept.mkdir(parents=True)
    try:
        with (kept / "file").open("wb") as copy:
            shutil.copyfileobj(file, copy, AT_ONCE)
        header = Lines(kept / "file", SUCH_AS, LEAST_COLUMNS).header
        offered = _offer(header, _named(name), (kept / "file").stat().st_size, zone, by, now)
        shutil.rmtree(folder_of(offered.id, folder), ignore_errors=True)
        kept.rename(folder_of(offered.id, folder))
    finally:
        shutil.rmtree(kept, ignore_errors=True)
    return offered


def _named(name: str) -> str:
    """A file's name as text of ours."""
    plain = "".join(character if character.isprintable() else "?" for character in name)
    return plain.replace("\\", "/").rpartition("/")[2][-200:] or "file"


def _offer(header: list[str], name: str, size: int, zone: str, by: str, now: datetime) -> StateImport:
    shape, columns = guessed(header)
    rules = Rules(shape=shape, columns=columns, zone=zone, not_before=f"{now.year - 20}-01-01")
    with transaction():
        offered = StateImport(name=name, size=size, status="offered", rules=rules.plain(), by=by, created_at=now)
        db.session.add(offered)
        db.session.flush()
        journal.record("offered import", f"import:{offered.id}", by, now, file=name, size=size)
    return offered


def settle_import(import_id: int, rules: Rules, folder: Path) -> StateImport:
    """How it is to be read, from now on."""
    header = lines_of(import_id, folder).header
    _check(rules, header)
    with transaction():
        offered = one_import(import_id)
        _refuse_unless_offered(offered)
        offered.rules = rules.plain()
    return offered


def _check(rules: Rules, header: list[str]) -> None:
    check_rules(rules, header)
    if rules.of_cell and rules.new_cells == "refuse" and by_name(rules.of_cell) is None:
        raise Invalid(of_cell=f"must be a cell's short name: there is no {rules.of_cell}; or let cells be made")


def begin_import(import_id: int, by: str, now: datetime, folder: Path) -> StateImport:
    """From here on it is owed: whoever works on imports goes on with it until it is done."""
    header = lines_of(import_id, folder).header
    with transaction():
        begun = one_import(import_id)
        if begun.under_way:
            return begun
        _refuse_unless_offered(begun)
        _check(begun.settled, header)
        begun.status, begun.begun_at = "waiting", now
        journal.record("began import", f"import:{begun.id}", by, now, file=begun.name, rules=begun.rules)
    return begun


def cancel_import(import_id: int, by: str, now: datetime) -> StateImport:
    """No further cell is told anything; what a cell has been told stays, whole."""
    with transaction():
        ended = one_import(import_id)
        if not (ended.under_way or ended.status == "offered"):
            raise WrongState(f"This import is {ended.status}: there is nothing left to call off")
        ended.status, ended.ended_at = "cancelled", now
        journal.record("cancelled import", f"import:{ended.id}", by, now, cells=ended.cells_done)
    return ended


def _refuse_unless_offered(offered: StateImport) -> None:
    if offered.status != "offered":
        raise WrongState(f"This import is {offered.status}; bring the file in anew to read it differently")
