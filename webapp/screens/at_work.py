"""Operations beside projects: whatever board shows what holds a cell asks both rooms, and lists them as one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp import journal, orders
from webapp.cells import Cell, Standing
from webapp.journal import Entry
from webapp.lib.clock import epoch
from webapp.orders import Job
from webapp.projects import Change, Row

#: What goes first on a board, in this order.
LOUD = ("down", "unknown")


@dataclass(frozen=True)
class JobRow:
    """An operation that runs, and how its machine stands. overdue: it takes longer than planned."""

    job: Job
    cell: Cell
    standing: Standing
    overdue: bool

    @property
    def state(self) -> str:
        return self.standing.state

    @property
    def started(self) -> datetime:
        return self.job.started_at or self.standing.since

    @property
    def planned(self) -> datetime | None:
        return self.job.planned_end

    @property
    def painted(self) -> tuple[object, ...]:
        """All of it that a board shows, but for how long it has lasted."""
        standing = (self.standing.state, self.standing.detail, self.standing.heard_last)
        return (self.job, self.cell.name, standing, self.overdue)


def job_rows(standings: Iterable[Standing], now: datetime) -> list[JobRow]:
    """What runs on these cells, asked once."""
    jobs = orders.holding()
    known = [(jobs.get(standing.cell.id), standing) for standing in standings]
    return [JobRow(job, standing.cell, standing, job.overdue(now)) for job, standing in known if job]


def together(running: Sequence[Row], jobs: Sequence[JobRow]) -> list[Row | JobRow]:
    """What is down or unknown first, then by planned end, those without one last: as a board lists projects alone."""
    return sorted([*running, *jobs], key=_place)


#: verb of the journal -> (glyph, title) of what just changed: O is the operation, C its machine.
TOLD = {
    "started operation": ("running", "{c} started {o}"),
    "completed operation": ("finished", "{o} done on {c}"),
    "failed operation": ("failure", "{o} failed on {c}"),
    "operation waits": ("created", "{o} waits"),
    "took back start": ("created", "{o} is planned again"),
}


def with_changes(known: Sequence[Change]) -> list[Change]:
    """What just changed, of projects and cells as their board has it, and of operations: the newest of all."""
    told = [Change(e.at, *_told(e)) for e in journal.recent(kind="operation", limit=len(known) + 8) if e.verb in TOLD]
    return sorted([*known, *told], key=lambda change: (change.at, change.title), reverse=True)[: max(len(known), 8)]


def _told(entry: Entry) -> tuple[str, str, str, None, int | None]:
    glyph, title = TOLD[entry.verb]
    said = entry.details
    words = title.format(c=said.get("cell", ""), o=str(said.get("operation", "")).partition(",")[0])
    note = said.get("reason") or said.get("why") or ("" if entry.by == "the factory" else entry.by)
    return glyph, words, str(note), None, said.get("cell_id")


def _place(row: Row | JobRow) -> tuple[int, bool, int, bool, int]:
    urgency = LOUD.index(row.state) if row.state in LOUD else len(LOUD)
    number = row.job.id if isinstance(row, JobRow) else row.project.id
    return urgency, row.planned is None, epoch(row.planned) if row.planned else 0, isinstance(row, JobRow), number


def held_by_jobs(rows: Iterable[JobRow]) -> dict[int, Job]:
    """cell id -> what runs there."""
    return {row.cell.id: row.job for row in rows}


def painted(jobs: Mapping[int, Job]) -> list[tuple[object, ...]]:
    """What tells two pictures apart that name these."""
    return sorted((cell_id, job.label, job.name, job.product) for cell_id, job in jobs.items())
