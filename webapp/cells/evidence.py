"""The stretches behind a figure, each with its state, calendar class and holder: added up, they are the figure."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from operator import itemgetter

from sqlalchemy import select

from webapp import ledger
from webapp.cells.calendars.questions import calendar_marks
from webapp.cells.calendars.shifts import OFF, WORKING, Marks
from webapp.cells.history import Interval, by_months
from webapp.cells.models import Cell, Claim
from webapp.cells.reporting import in_service
from webapp.extensions import db
from webapp.lib.clock import epoch, moment
from webapp.lib.window import Window


@dataclass(frozen=True)
class Evidence:
    """start <= t < end in one state, calendar class and hand.

    what: who held the cell, "project:5"; None: nobody. explained: the reason given from the factory's list, if any.
    """

    cell: Cell
    state: str
    start: datetime
    end: datetime
    klass: int
    what: str | None
    reason: str
    source: str
    explained: str = ""

    @property
    def place(self) -> "Place":
        return Place(self.cell.id, self.end)

    @property
    def seconds(self) -> int:
        return epoch(self.end) - epoch(self.start)

    @property
    def scheduled(self) -> bool:
        return self.klass != OFF

    @property
    def working(self) -> bool:
        """Scheduled, and no planned stop."""
        return self.klass == WORKING


@dataclass(frozen=True)
class Hold:
    """Who held a cell, from start up to end."""

    start: datetime
    end: datetime
    what: str


@dataclass(frozen=True)
class Place:
    """The end of a stretch of a cell: where a page of them ends."""

    cell_id: int
    end: datetime


def evidence(
    window: Window, now: datetime, cell_ids: Collection[int] | None = None, after: Place | None = None
) -> Iterator[Evidence]:
    """Cell by cell in the order of their names, oldest first, without gaps, cut at now; read as it is asked for.

    after: where an earlier reading stopped.
    """
    cells = in_service(window, cell_ids)
    begun = next((n for n, cell in enumerate(cells) if after and cell.id == after.cell_id), None)
    for n, cell in enumerate(cells[begun or 0 :]):
        if left := _known(cell, window, now):
            yield from of_cell(cell, left, now, after.end if after and begun is not None and n == 0 else None)


def _known(cell: Cell, window: Window, now: datetime) -> Window | None:
    """The part of it in which its stretches are kept; of the time before, whole days are known and no stretches."""
    begun = max(cell.in_service_from, moment(ledger.kept_from(cell.book_id)))
    return window.cut(begun, min(cell.in_service_to or now, now))


def of_cell(cell: Cell, window: Window, now: datetime, after: datetime | None = None) -> Iterator[Evidence]:
    """Its timeline, cut further. after: where an earlier reading stopped."""
    for intervals in by_months(cell.id, window, now, after):
        if intervals:
            part = Window(intervals[0].start, intervals[-1].end)
            yield from divide(cell, intervals, _marks(cell.id, part), _holds(cell.id, part))


def divide(cell: Cell, intervals: Iterable[Interval], marks: Marks | None, holds: Sequence[Hold]) -> Iterator[Evidence]:
    """Cut at each change of class and of hands. Pure. marks None: no calendar, so all of it is working time."""
    at = [moment(second) for second in marks.at.tolist()] if marks else []
    klasses = marks.klass.tolist() if marks else []
    edges = sorted({*at, *(edge for hold in holds for edge in (hold.start, hold.end))})
    opened = [hold.start for hold in holds]
    for interval in intervals:
        inside = edges[bisect_right(edges, interval.start) : bisect_right(edges, interval.end)]
        cuts = pairwise(sorted({interval.start, *inside, interval.end}))
        told = [(start, end, *_class_and_hand(at, klasses, opened, holds, start)) for start, end in cuts]
        # An edge at which nothing changes is none: a claim that was given back and taken again in one second.
        for (klass, what), same in groupby(told, key=itemgetter(2, 3)):
            pieces = list(same)
            yield Evidence(cell, interval.state, pieces[0][0], pieces[-1][1], klass, what, *_said(interval))


def _class_and_hand(
    at: Sequence[datetime], klasses: Sequence[int], opened: Sequence[datetime], holds: Sequence[Hold], start: datetime
) -> tuple[int, str | None]:
    klass = klasses[max(0, bisect_right(at, start) - 1)] if klasses else WORKING
    return klass, _holder(holds, opened, start)


def _said(interval: Interval) -> tuple[str, str, str]:
    return interval.reason, interval.source, interval.note.reason.name if interval.note else ""


def _holder(holds: Sequence[Hold], opened: Sequence[datetime], at: datetime) -> str | None:
    n = bisect_right(opened, at) - 1
    return holds[n].what if n >= 0 and at < holds[n].end else None


def _marks(cell_id: int, part: Window) -> Marks | None:
    return calendar_marks([cell_id], epoch(part.start), epoch(part.end))[cell_id]


def _holds(cell_id: int, part: Window) -> list[Hold]:
    """Whole seconds, as the account counts them."""
    over = (Claim.opened < part.end, (Claim.closed.is_(None)) | (Claim.closed > part.start))
    held = select(Claim.opened, Claim.closed, Claim.what).where(Claim.cell_id == cell_id, *over)
    claims = db.session.execute(held.order_by(Claim.opened))
    return [Hold(moment(epoch(c.opened)), moment(epoch(c.closed or part.end)), c.what) for c in claims]
