"""Which rules the stored plan and its history break, and with whom: found in one sweep along each machine."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from heapq import nsmallest
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select

from webapp import cells
from webapp.extensions import db
from webapp.orders.models import Operation, reach, step_rows

#: More than a person reads; the page says that there are more.
MOST = 2000
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)


class Stretch(NamedTuple):
    """Time that something takes of a machine. ref, order, idx: an operation's; empty and 0 of a maintenance window."""

    start: datetime
    end: datetime
    cell_id: int
    label: str
    what: str = ""
    ref: str = ""
    name: str = ""
    order_id: int = 0
    idx: int = 0


class Conflict(NamedTuple):
    """`one` breaks this rule against `other`: R1 it starts before that ends, R2 shares its machine, R4 lies in it."""

    rule: str
    message: str
    one: Stretch
    other: Stretch

    @property
    def ref(self) -> str:
        return self.one.ref

    @property
    def start(self) -> datetime:
        """From where the two get in each other's way; out of sequence, all the time from the one's start to the other's
        end is wrong."""
        return self.one.start if self.rule == "R1" else max(self.one.start, self.other.start)

    @property
    def end(self) -> datetime:
        return self.other.end if self.rule == "R1" else min(self.one.end, self.other.end)


def conflicts(
    start: datetime,
    end: datetime,
    cell_ids: Collection[int] | None = None,
    order_ids: Collection[int] | None = None,
    most: int = MOST,
    now: datetime | None = None,
) -> list[Conflict]:
    """Every violation of R1, R2 and R4 among what is stored and reaches into start <= t < end, by time.

    cell_ids, order_ids: those that concern one of these; most: so many at most, the first by time. What was worked
    counts as it was worked, the rest as planned; what runs, up to `now` at least.
    """
    steps = sorted(_steps(start, end, now), key=attrgetter("start", "end"))
    windows = [
        Stretch(row.starts, row.ends, row.cell_id, row.label, row.what)
        for row in cells.bookings(start, end, cell_ids, kind="maintenance")
    ]

    def wanted(one: Conflict) -> bool:
        return _reaches(one, start, end) and _concerns(one, cell_ids, order_ids)

    # Of what lies on one machine there may be as many as there are pairs; they are found by time, so the first suffice.
    shared = islice(filter(wanted, _on_one_machine(steps)), most)
    found = chain(filter(wanted, chain(_out_of_sequence(steps), _in_maintenance(steps, windows))), shared)
    return nsmallest(most, found, key=lambda one: (one.start, one.rule, one.one.ref, one.other.ref))


def _out_of_sequence(steps: Iterable[Stretch]) -> Iterator[Conflict]:
    """R1: each step against the one before it that ends last."""
    for _, group in groupby(sorted(steps, key=attrgetter("order_id", "idx")), key=attrgetter("order_id")):
        last: Stretch | None = None
        for step in group:
            if last and step.start < last.end:
                yield Conflict("R1", f"{step.label} starts before {last.label} ends", step, last)
            last = step if last is None or step.end >= last.end else last


def _on_one_machine(steps: Iterable[Stretch]) -> Iterator[Conflict]:
    """R2: each against those that began before it and go on. steps: by start."""
    going: dict[int, list[Stretch]] = defaultdict(list)
    for step in steps:
        going[step.cell_id] = [other for other in going[step.cell_id] if other.end > step.start]
        for other in going[step.cell_id]:
            if step.start < step.end:
                yield Conflict("R2", f"{step.label} overlaps {other.label}", step, other)
        going[step.cell_id].append(step)


def _in_maintenance(steps: Iterable[Stretch], windows: Iterable[Stretch]) -> Iterator[Conflict]:
    """R4."""
    lanes: dict[int, list[Stretch]] = defaultdict(list)
    for window in windows:
        lanes[window.cell_id].append(window)
    for step in steps:
        for window in lanes.get(step.cell_id, ()):
            if step.start < window.end and window.start < step.end:
                yield Conflict("R4", f"{step.label} lies in maintenance ({window.label})", step, window)


def _reaches(one: Conflict, start: datetime, end: datetime) -> bool:
    """What is out of sequence reaches there with either of the two, the rest with the time that both want."""
    if one.rule != "R1":
        return one.start < end and one.end > start
    return any(part.start < end and part.end > start for part in (one.one, one.other))


def _concerns(one: Conflict, cell_ids: Collection[int] | None, order_ids: Collection[int] | None) -> bool:
    parts = (one.one, one.other)
    here = cell_ids is None or any(part.cell_id in cell_ids for part in parts)
    return here and (order_ids is None or any(part.order_id in order_ids for part in parts))


def _steps(start: datetime, end: datetime, now: datetime | None) -> Iterator[Stretch]:
    """The steps of every order one of which reaches into the window: the others are its neighbours."""
    begun = func.coalesce(Operation.started_at, Operation.starts)
    over = func.coalesce(Operation.ended_at, Operation.ends)
    within = and_(begun < end, or_(over > start, Operation.status == "running"), Operation.status != "cancelled")
    touched = Operation.order_id.in_(select(Operation.order_id).where(within))
    for row in db.session.execute(step_rows().where(touched, Operation.status != "cancelled")):
        if stretch := _stretch(now or BEGINNING, row):
            yield stretch


def _stretch(now: datetime, row: Any) -> Stretch | None:
    span = reach(row, now)
    if span is None or row.cell_id is None:
        return None
    label = f"{row.order_ref} step {row.idx}, {row.name}"
    what = f"operation:{row.id}"
    return Stretch(span.start, span.end, row.cell_id, label, what, row.ref, row.name, row.order_id, row.idx)
