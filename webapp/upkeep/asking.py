"""What is due, what is under way, what was asked for and what was done."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from sqlalchemy import case, func, or_, select

from webapp.cells import Cell
from webapp.extensions import db
from webapp.lib.clock import epoch
from webapp.upkeep.fitting import LOOK, Gap, gap_for
from webapp.upkeep.lanes import Lane, lanes
from webapp.upkeep.models import HOUR, URGENCIES, Duty, Request, Window

SOON = timedelta(days=7)
#: Windows that were over by then are seen in the history.
MOST_HISTORY = 100


@dataclass(frozen=True)
class DutyLine:
    """A duty as it stands now. window: in which it is, or will be, done; gap: where it fits best, while it has none."""

    duty: Duty
    now: datetime
    window: Window | None = None
    gap: Gap | None = None

    @property
    def overdue(self) -> bool:
        return self.duty.is_overdue(self.now)

    @property
    def left(self) -> timedelta:
        return self.duty.left(self.now)

    @property
    def used(self) -> float:
        return self.duty.used(self.now)

    @property
    def soon(self) -> bool:
        """Within the next days, by the calendar or as foreseen; or it is being done now."""
        under_way = self.window is not None and self.window.status == "under way"
        return under_way or (self.duty.due_at is not None and self.duty.due_at < self.now + SOON)


@dataclass(frozen=True)
class Board:
    """All of it, as a page shows it at one moment."""

    now: datetime
    lines: Sequence[DutyLine]  # what is overdue first, then by what falls due first
    under_way: Sequence[Window]
    planned: Sequence[Window]
    requests: Sequence[Request]

    @property
    def as_of(self) -> datetime:
        return self.now

    @cached_property
    def overdue(self) -> list[DutyLine]:
        return [line for line in self.lines if line.overdue]

    @cached_property
    def next(self) -> list[DutyLine]:
        """What is to be looked at: overdue, being done, or due within the next days."""
        return [line for line in self.lines if line.overdue or line.soon]

    @cached_property
    def later(self) -> list[DutyLine]:
        return [line for line in self.lines if not (line.overdue or line.soon)]

    @cached_property
    def version(self) -> str:
        """Of all that is painted except as_of."""
        told = [_of_line(line) for line in self.lines]
        told += [_of_window(window) for window in (*self.under_way, *self.planned)]
        told += [(one.id, one.what, one.urgency, one.cell.name) for one in self.requests]
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _of_line(line: DutyLine) -> object:
    duty = line.duty
    said = (duty.id, duty.name, duty.cell.name, duty.every_hours, duty.every_days, duty.due_at, duty.unseen_seconds)
    window = line.window and (line.window.id, line.window.status)
    return (*said, round(line.used, 3), line.left // timedelta(minutes=1), window, line.gap)


def _of_window(window: Window) -> object:
    return window.id, window.name, window.status, window.starts, window.ends, window.cell.name, window.began_by


def board(now: datetime, cell_ids: Collection[int] | None = None) -> Board:
    """Of every cell in service, or of these; as it was when the minute began, so that its texts do not flicker."""
    minute = now.replace(second=0, microsecond=0)
    open_windows = _open_windows(cell_ids)
    duties = duties_in_force(cell_ids)
    lines = sorted(_lines(duties, open_windows, minute), key=_urgency)
    under_way = [window for window in open_windows if window.began_at]
    planned = [window for window in open_windows if not window.began_at]
    return Board(now, lines, under_way, planned, open_requests(cell_ids))


def _lines(duties: Sequence[Duty], windows: Sequence[Window], now: datetime) -> list[DutyLine]:
    first = {window.duty_id: window for window in reversed(windows) if window.duty_id}
    bare = [DutyLine(duty, now, first.get(duty.id)) for duty in duties]
    wanting = {line.duty.cell_id for line in bare if _wants_gap(line)}
    coming = _lanes_of(wanting, now)
    return [DutyLine(line.duty, now, line.window, _gap(line, coming)) for line in bare]


def _wants_gap(line: DutyLine) -> bool:
    return line.window is None and (line.overdue or line.soon)


def _gap(line: DutyLine, coming: dict[int, Lane]) -> Gap | None:
    return gap_for(line.duty, line.now, coming[line.duty.cell_id]) if _wants_gap(line) else None


def _lanes_of(cell_ids: Collection[int], now: datetime) -> dict[int, Lane]:
    """From the next quarter of an hour on: an offer that changes each second is none."""
    start = epoch(now) + -epoch(now) % 900
    return dict(lanes(cell_ids, start, start + int(LOOK.total_seconds()))) if cell_ids else {}


def _urgency(line: DutyLine) -> tuple[object, ...]:
    far = line.now + timedelta(days=36_500)
    return not line.overdue, -line.used if line.overdue else 0, line.duty.due_at or far, -line.used, line.duty.id


def duties_in_force(cell_ids: Collection[int] | None = None) -> list[Duty]:
    """Those of cells in service that were not given up, by cell and name."""
    query = select(Duty).join(Cell, Cell.id == Duty.cell_id)
    query = query.where(Duty.retired_at.is_(None), Cell.in_service_to.is_(None)).order_by(Cell.name, Duty.name, Duty.id)
    return list(db.session.scalars(query if cell_ids is None else query.where(Duty.cell_id.in_(cell_ids))))


def count_due(now: datetime) -> int:
    """How many duties are overdue, and requests open: what waits for somebody."""
    mine = (Duty.retired_at.is_(None), Cell.in_service_to.is_(None))
    over = or_(Duty.run_seconds >= Duty.every_hours * HOUR, Duty.every_days.is_not(None) & (Duty.due_at <= now))
    late = select(func.count()).select_from(Duty).join(Cell, Cell.id == Duty.cell_id).where(*mine, over)
    waiting = select(func.count()).select_from(Request).where(Request.answered_at.is_(None))
    return sum(db.session.execute(select(late.scalar_subquery(), waiting.scalar_subquery())).one())


def open_requests(cell_ids: Collection[int] | None = None) -> list[Request]:
    """Those nobody has answered: the most urgent first, then the oldest."""
    rank = case({word: place for place, word in enumerate(URGENCIES)}, value=Request.urgency)
    query = select(Request).where(Request.answered_at.is_(None)).order_by(rank, Request.at, Request.id)
    return list(db.session.scalars(query if cell_ids is None else query.where(Request.cell_id.in_(cell_ids))))


def _open_windows(cell_ids: Collection[int] | None) -> list[Window]:
    going = select(Window).where(Window.done_at.is_(None), Window.cancelled_at.is_(None))
    going = going.order_by(Window.starts, Window.id)
    return list(db.session.scalars(going if cell_ids is None else going.where(Window.cell_id.in_(cell_ids))))


def history(
    cell_ids: Collection[int] | None = None, duty_id: int | None = None, before: int | None = None, limit: int = 50
) -> list[Window]:
    """What was done, and what was called off, newest first. before: a window's number, to read on from there."""
    over = func.coalesce(Window.done_at, Window.cancelled_at)
    query = select(Window).where(over.is_not(None)).order_by(over.desc(), Window.id.desc())
    if cell_ids is not None:
        query = query.where(Window.cell_id.in_(cell_ids))
    if duty_id is not None:
        query = query.where(Window.duty_id == duty_id)
    if before is not None:
        last = select(over).where(Window.id == before).scalar_subquery()
        query = query.where(or_(over < last, (over == last) & (Window.id < before)))
    return list(db.session.scalars(query.limit(min(limit, MOST_HISTORY))))
