"""What runs now, what waits, and what could be started next on each machine: the floor's view of orders."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from webapp.cells import Cell
from webapp.extensions import db
from webapp.orders.models import OVER, Operation, WorkOrder
from webapp.orders.runs.actuals import drift, foreseen_end
from webapp.orders.runs.looking import look
from webapp.orders.runs.machines import Machine, Need, No, Shop, verdict
from webapp.orders.runs.reasons import Reason

#: How many of what could be started next on a machine are named.
NAMED = 3


class Job(NamedTuple):
    """An operation as the floor needs it, as values. cell: its machine's name, "" where it is planned on none."""

    id: int
    ref: str
    order_id: int
    order_ref: str
    order_status: str
    product: str
    qty: int
    priority: int
    due_at: datetime | None
    idx: int
    name: str
    status: str
    required_kind: str | None
    seconds: int
    cell_id: int | None
    cell: str | None
    starts: datetime | None
    ends: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    started_by: str
    waiting_code: str | None
    waiting_message: str | None
    version: int

    @property
    def what(self) -> str:
        """operation:7, as its claim names it."""
        return f"operation:{self.id}"

    @property
    def label(self) -> str:
        """ "WO-1006 step 3", as people call it."""
        return f"{self.order_ref} step {self.idx}"

    @property
    def waiting(self) -> Reason | None:
        return Reason(self.waiting_code, self.waiting_message or "") if self.waiting_code else None

    @property
    def planned_end(self) -> datetime | None:
        """When it was to end when it started. It does not move, so that rows keep their places."""
        return self.started_at + timedelta(seconds=self.seconds) if self.started_at else None

    def ends_at(self, now: datetime) -> datetime | None:
        return foreseen_end(self.started_at, self.seconds, now) if self.started_at else None

    def overdue(self, now: datetime) -> bool:
        """It takes longer than planned and may end at any moment."""
        return self.planned_end is not None and self.planned_end <= now

    def late_by(self, now: datetime) -> int | None:
        """Whole minutes by which it will be over later than planned; None where no time was planned."""
        return drift(self.ends, self.ends_at(now))

    @property
    def need(self) -> Need:
        return Need(self.what, self.required_kind, self.seconds, self.cell_id, self.starts)


@dataclass(frozen=True)
class NextUp:
    """What could be started on a machine, the first by plan first. machine None: planned on none. no: why the first one
    would not start now; warning: what whoever starts it ought to know; more: how many are not named."""

    machine: Machine | None
    jobs: list[Job]
    more: int
    no: str = ""
    warning: str = ""


@dataclass(frozen=True)
class WorkFloor:
    """machines: by cell id, as they stand."""

    running: list[Job]
    waiting: list[Job]
    ready: list[NextUp]
    machines: dict[int, Machine]


def running() -> list[Job]:
    """Every operation that runs now, by when it was to end."""
    found = _read(_jobs().where(Operation.status == "running"))
    return sorted(found, key=lambda job: (job.planned_end is None, job.planned_end, job.id))


def holding() -> dict[int, Job]:
    """cell id -> the operation that runs on it."""
    return {job.cell_id: job for job in running() if job.cell_id is not None}


def worked_on(cell_id: int, limit: int = 10) -> list[Job]:
    """What ran on this machine last, newest first."""
    here = _jobs().where(Operation.cell_id == cell_id, Operation.started_at.is_not(None))
    return _read(here.order_by(Operation.started_at.desc(), Operation.id.desc()).limit(limit))


def work_floor(now: datetime, period: int) -> WorkFloor:
    """A constant number of statements, however many orders there are. period: seconds between two samples."""
    waiting = _read(_jobs().where(Operation.status == "waiting").order_by(WorkOrder.due_at, Operation.id))
    first = _startable()
    seconds = max((job.seconds for job, _ in first), default=0)
    shop = look(now, period, seconds)
    return WorkFloor(running(), waiting, _ready(first, shop, now), shop.machines)


def _ready(found: list[tuple[Job, int]], shop: Shop, now: datetime) -> list[NextUp]:
    """Machines that can take theirs now first, then by name; what is planned on none comes last."""
    queues: dict[int | None, list[tuple[Job, int]]] = {}
    for job, total in found:
        queues.setdefault(job.cell_id, []).append((job, total))
    made = [_next_up([job for job, _ in queue], queue[0][1], shop, now) for queue in queues.values()]
    return sorted(made, key=lambda up: (up.machine is None, bool(up.no), up.machine.name if up.machine else ""))


def _next_up(jobs: list[Job], total: int, shop: Shop, now: datetime) -> NextUp:
    need, more = jobs[0].need, total - len(jobs)
    machine = shop.machines.get(need.planned or 0)
    if machine is None:
        return NextUp(None, jobs, more, "" if shop.fit(need) else shop.reason(need).message)
    no: No | None = verdict(need, machine, now)
    return NextUp(machine, jobs, more, no.says if no else "", machine.check(need, now).warning)


def _startable() -> list[tuple[Job, int]]:
    """(operation, how many of its machine there are): what has its turn in its order, the first few of each machine."""
    earlier = aliased(Operation)
    same_order = (earlier.order_id == Operation.order_id, earlier.idx < Operation.idx, earlier.status.not_in(OVER))
    turn = (Operation.status == "planned", WorkOrder.status.in_(("planned", "running")), ~exists().where(*same_order))
    by_plan = (Operation.starts.is_(None), Operation.starts, WorkOrder.due_at.is_(None), WorkOrder.due_at, Operation.id)
    place = func.row_number().over(partition_by=Operation.cell_id, order_by=by_plan)
    total = func.count().over(partition_by=Operation.cell_id)
    ranked = _jobs().where(*turn).add_columns(place.label("place"), total.label("total")).subquery()
    first = select(ranked).where(ranked.c.place <= NAMED).order_by(ranked.c.cell_id, ranked.c.place)
    return [(Job(*row[: len(Job._fields)]), row.total) for row in db.session.execute(first)]


def _jobs() -> Select[Any]:
    step, order = Operation, WorkOrder
    columns: tuple[Any, ...] = (
        *(step.id, step.ref, order.id.label("order_id"), order.ref.label("order_ref")),
        *(order.status.label("order_status"), order.product, order.qty, order.priority, order.due_at, step.idx),
        *(step.name, step.status, step.required_kind, step.seconds, step.cell_id, Cell.name.label("cell")),
        *(step.starts, step.ends, step.started_at, step.ended_at, step.started_by, step.waiting_code),
        *(step.waiting_message, step.version),
    )
    joined = select(*columns).join(order, order.id == step.order_id)
    return joined.outerjoin(Cell, Cell.id == step.cell_id)


def _read(query: Select[Any]) -> list[Job]:
    return [Job(*row) for row in db.session.execute(query)]
