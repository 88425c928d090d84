"""Going on with an import: the rows are read into the spool, machines are made, orders are written some at a time.
Whoever is killed is taken over from where he was.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from webapp import cells, journal
from webapp.cells import CellDetails
from webapp.extensions import db, transaction
from webapp.lib.lines import BadFile, Numbered
from webapp.lib.refusal import Invalid
from webapp.lib.spool import BadRow, Far, Refused
from webapp.lib.turns import GIVEN_UP, Clock, Turn, TurnIsOver, is_owed, take_turn
from webapp.orders.imports.merging import Numbered as Understood
from webapp.orders.imports.merging import Wanted, disagreements, merged
from webapp.orders.imports.models import UNDER_WAY, OrderImport
from webapp.orders.imports.offering import folder_of, new_cell, one_import, rows_of
from webapp.orders.imports.spool import Spool
from webapp.orders.imports.understanding import Reader
from webapp.orders.imports.writing import write_orders

T = TypeVar("T")
AT_ONCE = 5000  # rows
STEPS_AT_ONCE = 250
TRIES = 5


def go_on_importing(folder: Path, clock: Clock, within: float = 20.0) -> bool:
    """Work on the oldest import that is owed, for some `within` seconds; True: there is more to do."""
    turn = take_turn(OrderImport, UNDER_WAY, clock, lambda job, now: _close(job, "refused", now, GIVEN_UP))
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
    return is_owed(OrderImport, UNDER_WAY)


def _work(turn: Turn, spool: Spool, folder: Path, deadline: float) -> None:
    if one_import(turn.id).status != "writing":
        _read(turn, spool, folder, deadline)
    if one_import(turn.id).status == "writing":
        _write(turn, spool, deadline)
    turn.tell(**turn.over)


def _read(turn: Turn, spool: Spool, folder: Path, deadline: float) -> None:
    job, lines = one_import(turn.id), rows_of(turn.id, folder)
    reader = Reader(job.settled, lines.header, job.begun_at or turn.clock())
    db.session.rollback()  # nothing is held open while a file is read
    rows = lines.rows(after=spool.far.line)
    while _read_some(rows, reader, spool):
        _tell_how_far(turn, spool, "reading")
        if time.monotonic() > deadline:
            return
    _judge(turn, spool)


def _read_some(rows: Iterator[Numbered], reader: Reader, spool: Spool) -> bool:
    """False: there are no more."""
    good: list[Understood] = []
    refused: list[Refused] = []
    number = 0
    for number, fields in islice(rows, AT_ONCE):
        try:
            good.append((number, reader.told(fields)))
        except BadRow as no:
            refused.append((number, no.what, no.accepted))
    if number:
        before = spool.far
        spool.keep(good, refused, Far(number, before.good, before.spare, before.refused + len(refused)))
    return bool(number)


def _judge(turn: Turn, spool: Spool) -> None:
    """All is read: what contradicts itself is refused as well; is the rest to be written?"""
    _drop(turn, spool, spool.strays())
    _drop(turn, spool, _disagreements(turn, spool))
    far, most_bad = spool.far, one_import(turn.id).settled.most_bad
    rows = far.good + far.spare + far.refused
    if not far.good:
        _tell_how_far(turn, spool, "reading")
        raise BadFile("not one of its rows can be used" if rows else "it has no rows, only the names of its columns")
    if most_bad is not None and far.refused * 100 > most_bad * rows:
        _tell_how_far(turn, spool, "reading")
        raise BadFile(f"{far.refused} of {rows} rows are bad, more than the {most_bad} % that may be")
    _tell_how_far(turn, spool, "writing", orders=spool.count())


def _disagreements(turn: Turn, spool: Spool) -> list[list[Refused]]:
    """By order."""
    found, looked_at = [], 0
    for _, rows in spool.orders():
        if no := disagreements(rows):
            found.append(no)
        looked_at += len(rows)
        if looked_at >= AT_ONCE:
            turn.tell()
            looked_at = 0
    return found


def _drop(turn: Turn, spool: Spool, refused: Iterable[list[Refused]]) -> None:
    """Some at a time, so that nobody takes the turn meanwhile; and rows that contradict each other together: whoever
    had to go on with one of them alone would find nothing wrong with it."""
    for batch in _batches(refused, len, AT_ONCE):
        spool.drop(list(chain.from_iterable(batch)))
        _tell_how_far(turn, spool, "reading")


def _tell_how_far(turn: Turn, spool: Spool, status: str, **values: object) -> None:
    far = spool.far
    counts = {"good": far.good, "spare": far.spare, "refused": far.refused}
    turn.tell(status=status, lines=far.good + far.spare + far.refused, **counts, **values)


def _write(turn: Turn, spool: Spool, deadline: float) -> None:
    for name in spool.machines():
        _make_cell(turn, name)
    done = one_import(turn.id).orders_done
    orders = (merged([row for _, row in rows]) for _, rows in spool.orders())
    for batch in _batches(islice(orders, done, None), lambda order: len(order.steps) + 1, STEPS_AT_ONCE):
        done += len(batch)
        _write_some(turn, batch, done)
        if time.monotonic() > deadline:
            break
    if done == one_import(turn.id).orders:
        _end(turn, "done")


def _make_cell(turn: Turn, machine: str) -> None:
    job = one_import(turn.id)
    name, kind = job.settled.machines[machine]
    if cells.by_name(name) is not None:
        return
    details = new_cell(name, kind, job.settled)
    _add_cell(details, job, turn)


def _add_cell(details: CellDetails, job: OrderImport, turn: Turn) -> None:
    made = {**job.counts, "machines": job.counts.get("machines", 0) + 1}
    try:
        cells.add_cell(details, job.by, turn.clock())
    except Invalid as no:
        raise BadFile(f"{details.name} cannot be made a cell: {no.message}") from no
    turn.tell(counts=made)


def _batches(items: Iterable[T], weight: Callable[[T], int], most: int) -> Iterator[list[T]]:
    """Some at a time: as many as come to this weight."""
    batch: list[T] = []
    weighs = 0
    for item in items:
        batch.append(item)
        weighs += weight(item)
        if weighs >= most:
            yield batch
            batch, weighs = [], 0
    if batch:
        yield batch


def _write_some(turn: Turn, batch: list[Wanted], done: int) -> None:
    """Again, where somebody took one of its names in between: the next look finds whose it is."""
    for left in reversed(range(TRIES)):
        try:
            write_orders(turn, batch, done)
            return
        except IntegrityError:
            if not left:
                raise


def _end(turn: Turn, status: str, problem: str = "") -> None:
    with transaction():
        job = one_import(turn.id)
        if job.turn == turn.number and job.under_way:
            _close(job, status, turn.clock(), problem)


def _close(job: OrderImport, status: str, now: datetime, problem: str) -> None:
    job.status, job.ended_at, job.problem, job.turn_until = status, now, problem[:400], None
    told = {"rows": job.good, "refused": job.refused, "orders": job.orders_done}
    verb = f"{'finished' if status == 'done' else 'refused'} order import"
    journal.record(verb, f"order-import:{job.id}", job.by, now, **told)


def _clear(import_id: int, folder: Path) -> None:
    """Of an import that is over, only the list of what was refused is kept."""
    if not one_import(import_id).under_way:
        for path in folder_of(import_id, folder).iterdir():
            if path.name != "refused.csv":
                path.unlink(missing_ok=True)
    db.session.rollback()
