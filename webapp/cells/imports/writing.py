"""One cell's rows become its history: kept, woven with those of earlier files, told to the ledger months at a time."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from webapp import journal, ledger
from webapp.cells.cell_keeping import add_cell
from webapp.cells.details import CellDetails, NameTaken
from webapp.cells.directory import directory_changed
from webapp.cells.imports.models import ImportResult, StateImport
from webapp.cells.imports.models import imported_rows as rows
from webapp.cells.imports.offering import one_import
from webapp.cells.imports.rules import Rules
from webapp.cells.imports.seeing import known_cells
from webapp.cells.imports.spool import Row as Spooled
from webapp.cells.imports.spool import Spool
from webapp.cells.imports.weaving import SECOND, Row, Stretch, woven, woven_items
from webapp.cells.models import Cell
from webapp.cells.places import by_name
from webapp.cells.restatements import record_restatement
from webapp.cells.restating import ALL_THAT_FOLLOWS, restated
from webapp.cells.vocabularies import VOCABULARIES
from webapp.extensions import db, touch, transaction
from webapp.lib.clock import epoch, moment

ROWS_AT_ONCE, STRETCHES_AT_ONCE, PAGE = 2000, 1500, 5000
#: Told in one transaction, and reached back by in one.
MONTHS, YEARS = 92 * 86_400, 2 * 366 * 86_400
INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True)
class Task:
    """One cell of one import. until: the second up to which anything may be told of it; made: by this very import."""

    import_id: int
    name: str
    by: str
    why: str
    rules: Rules
    cell_id: int
    book_id: int
    until: int
    now: datetime
    made: bool


def write_cell(import_id: int, name: str, spool: Spool, now: datetime, alive: Callable[[], None]) -> None:
    """Tell the ledger what the spool holds of this cell; again, it comes to the same. alive: called now and then."""
    first, count = spool.extent(name)
    task = _task(import_id, name, spool, now)
    for batch in spool.batches(name, ROWS_AT_ONCE):
        _keep(task, batch)
    for start in _steps_back(task, first // SECOND):
        _reach_back(task, start)
    tally = Tally()
    for chunk in _chunks(tally.counted(_cut(_woven(task), task.until))):
        if chunk[-1][1] > spool.painted(name):
            _paint(task, chunk)
            spool.paint(name, chunk[-1][1])
            alive()
    _conclude(task, tally, count)


class Tally:
    """What a cell was told in all: seconds by state, and from when to when."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.start: int | None = None
        self.end: int | None = None

    def counted(self, stretches: Iterator[Stretch]) -> Iterator[Stretch]:
        for start, end, state in stretches:
            self.seconds[str(state)] += end - start
            self.start, self.end = start if self.start is None else self.start, end
            yield start, end, state


def _task(import_id: int, name: str, spool: Spool, now: datetime) -> Task:
    job = one_import(import_id)
    known = known_cells(job.settled).get(name)
    until = epoch(now) if known is None or known.retired is None else min(epoch(now), known.retired // SECOND)
    cell = by_name(name) or _made(name, job, spool, now)
    return Task(import_id, job.name, job.by, job.why, job.settled, cell.id, cell.book_id, until, now, spool.made(name))


def _made(name: str, job: StateImport, spool: Spool, now: datetime) -> Cell:
    """Noted before it is made: whoever takes over must know, and finds out soon enough if somebody else was quicker."""
    rules, first = job.settled, spool.extent(name)[0] // SECOND
    details = CellDetails(name, rules.new_kind, rules.site_id, driver="push", in_service_from=moment(first))
    spool.say_made(name, True)
    try:
        return add_cell(details, job.by, now)
    except NameTaken:
        spool.say_made(name, False)
        raise


def _keep(task: Task, batch: Sequence[Spooled]) -> None:
    same = {"cell_id": task.cell_id, "kind": task.rules.kind, "source": task.rules.source, "import_id": task.import_id}
    values = [{**same, "at": at, "key": key, "value": value, "until": until} for at, key, value, until in batch]
    insert = INSERT[db.engine.dialect.name](rows)
    known = {"index_elements": [column.name for column in rows.primary_key]}
    statement = insert.on_conflict_do_update(**known, set_={"import_id": insert.excluded.import_id})
    with transaction():
        db.session.execute(statement, values)


def _steps_back(task: Task, first: int) -> Iterator[int]:
    """Moments to reach back to, one after the other: decades in one transaction would keep others waiting."""
    begun = _began(task)
    while begun > first:
        begun = max(first, begun - YEARS)
        yield begun


def _began(task: Task) -> int:
    with transaction():
        return ledger.reach_back(task.book_id, task.cell_id, epoch(task.now))


def _reach_back(task: Task, start: int) -> None:
    with transaction():
        ledger.reach_back(task.book_id, task.cell_id, start)


def _woven(task: Task) -> Iterator[Stretch]:
    """What this import says of the cell, in the light of all that ever said something of the same kind."""
    found = _rows(task)
    if task.rules.shape != "items":
        return woven(found)
    silence = task.rules.silence
    return woven_items(found, VOCABULARIES[task.rules.vocabulary], silence * 60 if silence else None)


def _cut(stretches: Iterator[Stretch], until: int) -> Iterator[Stretch]:
    return ((start, min(end, until), state) for start, end, state in stretches if start < until)


def _of(task: Task) -> Any:
    return and_(rows.c.cell_id == task.cell_id, rows.c.kind == task.rules.kind, rows.c.source == task.rules.source)


def _rows(task: Task) -> Iterator[Row]:
    """By time, page by page, from the first one that still holds when the import's own begin."""
    order = (rows.c.at, rows.c.key, rows.c.value, rows.c.until)
    after: tuple[object, ...] = (_first_that_holds(task), "", "", -1)
    query = select(*order, rows.c.import_id).where(_of(task)).order_by(*order).limit(PAGE)
    while page := db.session.execute(query.where(tuple_(*order) > tuple_(*after))).all():
        after = tuple(page[-1][:4])
        for at, key, value, until, import_id in page:
            yield Row(at, key, value, until, import_id == task.import_id)


def _first_that_holds(task: Task) -> int:
    own = select(func.min(rows.c.at)).where(_of(task), rows.c.import_id == task.import_id)
    first = int(db.session.execute(own).scalar_one())
    before = and_(_of(task), rows.c.at < first)
    if task.rules.shape == "items":
        # A run of WAIT counts from its beginning, which lies after the last other word.
        other = func.max(case((rows.c.value != "WAIT", rows.c.at)))
        said = select(func.coalesce(other, func.min(rows.c.at))).where(before).group_by(rows.c.key)
        return int(min([first, *db.session.scalars(said)]))
    reaching = select(func.min(rows.c.at)).where(before, rows.c.until > first)
    endless = select(func.max(rows.c.at)).where(before, rows.c.until == 0)
    holding = (db.session.scalar(reaching), db.session.scalar(endless))
    return int(min([first, *(at for at in holding if at is not None)]))


def _chunks(stretches: Iterator[Stretch]) -> Iterator[list[Stretch]]:
    """As many as go into one transaction: of some months, and not too many."""
    chunk: list[Stretch] = []
    for stretch in _short(stretches):
        if chunk and (len(chunk) == STRETCHES_AT_ONCE or stretch[1] - chunk[0][0] > MONTHS):
            yield chunk
            chunk = []
        chunk.append(stretch)
    if chunk:
        yield chunk


def _short(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    for start, end, state in stretches:
        for part in range(start, end, MONTHS):
            yield part, min(part + MONTHS, end), state


def _paint(task: Task, chunk: Sequence[Stretch]) -> None:
    source = ledger.Source[task.rules.source.upper()]
    with transaction():
        ledger.fill(task.book_id, task.cell_id, chunk, source)
        restated(task.book_id, task.cell_id, chunk[0][0], chunk[-1][1])


def _conclude(task: Task, tally: Tally, count: int) -> None:
    """What came of it; and the cell has been in service since its history begins."""
    start, end = (None if at is None else moment(at) for at in (tally.start, tally.end))
    with transaction():
        cell = db.session.get_one(Cell, task.cell_id)
        if start and end:
            _serve(task, cell, start, end)
            record_restatement("import", start, end, task.by, task.why, task.now, cell_id=cell.id)
        db.session.merge(
            ImportResult(
                import_id=task.import_id, cell_id=cell.id, rows=count, start=start, end=end, seconds=dict(tally.seconds)
            )
        )
        touch("floor", "board", f"cell:{cell.id}")
        journal.record("imported history", f"cell:{cell.id}", task.by, task.now, file=task.name, rows=count)


def _serve(task: Task, cell: Cell, start: datetime, end: datetime) -> None:
    began, ended = cell.in_service_from, cell.in_service_to
    cell.in_service_from = min(began, start)
    if task.rules.new_cells == "retired" and (ended or task.made):
        cell.in_service_to = max(ended or end, end)
    if (began, ended) != (cell.in_service_from, cell.in_service_to):
        directory_changed()
        restated(cell.book_id, cell.id, epoch(cell.in_service_from), ALL_THAT_FOLLOWS)
