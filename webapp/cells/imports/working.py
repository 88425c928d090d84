"""Going on with an import: the file is read into the spool, then told cell by cell. Whoever is killed is taken over
from where he was.
"""

import time
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from webapp import journal, ledger
from webapp.cells.imports.models import UNDER_WAY, StateImport
from webapp.cells.imports.offering import folder_of, lines_of, one_import
from webapp.cells.imports.seeing import known_cells
from webapp.cells.imports.spool import Spool
from webapp.cells.imports.understanding import Reader, Told
from webapp.cells.imports.writing import write_cell
from webapp.extensions import db, touch, transaction
from webapp.lib.lines import BadFile, Numbered
from webapp.lib.spool import BadRow, Far, Refused
from webapp.lib.turns import GIVEN_UP, Clock, Turn, TurnIsOver, is_owed, take_turn

AT_ONCE = 10_000  # lines
MOST_LINES, MOST_REFUSED = 50_000_000, 1_000_000


def go_on_importing(folder: Path, clock: Clock, within: float = 20.0) -> bool:
    """Work on the oldest import that is owed, for some `within` seconds; True: there is more to do.

    A cell that was begun is told whole.
    """
    turn = take_turn(StateImport, UNDER_WAY, clock, lambda job, now: _close(job, "refused", now, GIVEN_UP))
    if turn is None:
        return False
    spool = Spool(folder_of(turn.id, folder))
    try:
        _work(turn, spool, folder, time.monotonic() + within)
    except BadFile as no:
        _end(turn, "refused", no.message)
    except TurnIsOver:
        pass
    finally:
        spool.close()
    _clear(turn.id, folder)
    return is_owed(StateImport, UNDER_WAY)


def _work(turn: Turn, spool: Spool, folder: Path, deadline: float) -> None:
    if one_import(turn.id).status != "writing":
        _read(turn, spool, folder, deadline)
    if one_import(turn.id).status == "writing":
        _write(turn, spool, deadline)
    _tell(turn, **turn.over)


def _read(turn: Turn, spool: Spool, folder: Path, deadline: float) -> None:
    job, lines = one_import(turn.id), lines_of(turn.id, folder)
    begun = job.begun_at or turn.clock()
    reader = Reader(job.settled, lines.header, known_cells(job.settled), begun, ledger.kept_from())
    db.session.rollback()  # nothing is held open while a file is read
    rows = lines.rows(after=spool.far.line)
    while True:
        far = _read_some(rows, reader, spool)
        if far is None:
            _judge(turn, spool)
            return
        _tell(turn, status="reading", lines=spool.far.line - 1, **_counts(far))
        if time.monotonic() > deadline:
            return


def _read_some(rows: Iterator[Numbered], reader: Reader, spool: Spool) -> Far | None:
    """None: there are no more."""
    good: list[Told] = []
    refused: list[Refused] = []
    number, spare = 0, 0
    for number, fields in islice(rows, AT_ONCE):
        try:
            if told := reader.told(fields):
                good.append(told)
            else:
                spare += 1
        except BadRow as no:
            refused.append((number, no.what, no.accepted))
    if not number:
        return None
    before = spool.far
    far = Far(number, before.good + len(good), before.spare + spare, before.refused + len(refused))
    if far.line > MOST_LINES or far.refused > MOST_REFUSED:
        raise BadFile(f"it has more than {MOST_LINES} lines or {MOST_REFUSED} bad rows; bring it in in parts")
    spool.keep(good, refused, far)
    return far


def _counts(far: Far) -> dict[str, Any]:
    return {"good": far.good, "spare": far.spare, "refused": far.refused}


def _judge(turn: Turn, spool: Spool) -> None:
    """The whole file is read: is it to be written?"""
    far, rules = spool.far, one_import(turn.id).settled
    rows = far.good + far.spare + far.refused
    if not far.good:
        raise BadFile("not one of its rows can be used" if rows else "it has no rows, only a first line")
    if rules.most_bad is not None and far.refused * 100 > rules.most_bad * rows:
        raise BadFile(f"{far.refused} of {rows} rows are bad, more than the {rules.most_bad} % that may be")
    _tell(turn, status="writing", lines=far.line - 1, cells=len(spool.cells), **_counts(far))


def _write(turn: Turn, spool: Spool, deadline: float) -> None:
    names = spool.names()
    for done, name in enumerate(names[one_import(turn.id).cells_done :], one_import(turn.id).cells_done):
        _tell(turn)
        write_cell(turn.id, name, spool, turn.clock(), lambda: _tell(turn, heed=False))
        _tell(turn, cells_done=done + 1, heed=False)
        if time.monotonic() > deadline:
            break
    if one_import(turn.id).cells_done == len(names):
        _end(turn, "done")


def _tell(turn: Turn, /, heed: bool = True, **values: object) -> None:
    """How far it is, and that somebody is at it."""
    with transaction():
        turn.go_on(heed, **values)
        touch(f"import:{turn.id}")


def _end(turn: Turn, status: str, problem: str = "") -> None:
    with transaction():
        job = one_import(turn.id)
        if job.turn == turn.number and job.under_way:
            _close(job, status, turn.clock(), problem)


def _close(job: StateImport, status: str, now: datetime, problem: str) -> None:
    job.status, job.ended_at, job.problem, job.turn_until = status, now, problem[:400], None
    told = {"rows": job.good, "refused": job.refused, "cells": job.cells_done}
    journal.record(f"{'finished' if status == 'done' else 'refused'} import", f"import:{job.id}", job.by, now, **told)


def _clear(import_id: int, folder: Path) -> None:
    """Of an import that is over, only the list of what was refused is kept."""
    if not one_import(import_id).under_way:
        for path in folder_of(import_id, folder).iterdir():
            if path.name != "refused.csv":
                path.unlink(missing_ok=True)
    db.session.rollback()
