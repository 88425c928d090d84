"""What is booked of the time of cells ahead, and what is left of their shifts: "can we take this order?"."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from webapp.cells.bookings.keeping import bookings
from webapp.cells.calendars.questions import calendar_marks
from webapp.cells.calendars.scheduled import scheduled_parts
from webapp.lib.clock import epoch, moment
from webapp.lib.stretches import Stretch, merged, seconds_within, without
from webapp.lib.window import Window

#: What a cell does that is no booking: the moment up to which it is expected to.
Busy = Mapping[int, datetime]


@dataclass(frozen=True)
class Ahead:
    """Seconds of a stretch of time; no second is counted twice. projects: what runs now is expected to take.

    free: inside shifts, and nobody has it; where there is no calendar all of a day is.
    """

    maintenance: int = 0
    operations: int = 0
    projects: int = 0
    free: int = 0

    @property
    def booked(self) -> int:
        return self.maintenance + self.operations + self.projects

    def __add__(self, other: "Ahead") -> "Ahead":
        return Ahead(
            self.maintenance + other.maintenance,
            self.operations + other.operations,
            self.projects + other.projects,
            self.free + other.free,
        )


@dataclass(frozen=True)
class LaneAhead:
    """One cell's time from now on, in stretches that lie apart."""

    maintenance: list[Stretch]
    operations: list[Stretch]
    projects: list[Stretch]
    free: list[Stretch]

    def within(self, start: int, end: int) -> Ahead:
        kinds = (self.maintenance, self.operations, self.projects, self.free)
        return Ahead(*(seconds_within(kind, start, end) for kind in kinds))

    def first_free(self, seconds: int, until: int) -> Stretch | None:
        """The first stretch in which so much can be done in one piece, over by then."""
        fits = ((start, start + seconds) for start, end in self.free if end - start >= seconds)
        return next((one for one in fits if one[1] <= until), None)


def lane_ahead(
    maintenance: Sequence[Stretch], operations: Sequence[Stretch], busy: Stretch | None, shifts: Sequence[Stretch]
) -> LaneAhead:
    """Where several lie over each other the first named stands. Pure."""
    tended = merged(maintenance)
    worked = without(merged(operations), tended)
    running = without([busy] if busy else [], merged([*tended, *worked]))
    return LaneAhead(tended, worked, running, without(merged(shifts), merged([*tended, *worked, *running])))


def lanes_ahead(cell_ids: Collection[int], window: Window, busy: Busy) -> dict[int, LaneAhead]:
    """Of the time from its start on. busy: until when those that have a project are expected to."""
    start, end = epoch(window.start), epoch(window.end)
    booked: dict[tuple[int, str], list[Stretch]] = defaultdict(list)
    for one in bookings(window.start, window.end, cell_ids):
        booked[one.cell_id, one.kind].append((max(start, epoch(one.starts)), min(end, epoch(one.ends))))
    marks = calendar_marks(cell_ids, start, end)
    return {
        cell: lane_ahead(
            booked[cell, "maintenance"],
            booked[cell, "operation"],
            _busy(busy.get(cell), start, end),
            list(scheduled_parts(marks[cell], start, end)),
        )
        for cell in cell_ids
    }


def _busy(until: datetime | None, start: int, end: int) -> Stretch | None:
    return (start, min(end, epoch(until))) if until and epoch(until) > start else None


def hours_ahead(lanes: Mapping[int, LaneAhead], edges: Sequence[datetime]) -> list[Ahead]:
    """Of all these cells together, from each edge to the next."""
    spans = list(pairwise(epoch(edge) for edge in edges))
    return [sum((lane.within(*span) for lane in lanes.values()), Ahead()) for span in spans]


@dataclass(frozen=True)
class Room:
    """Whether so much work can be taken. free: seconds nobody has until then; cell_id, window: where it could be done
    first in one piece; None: nowhere."""

    free: int
    cell_id: int | None = None
    window: Window | None = None


def room_for(lanes: Mapping[int, LaneAhead], seconds: int, until: datetime) -> Room:
    """For work of so many seconds that has to be done by then."""
    end = epoch(until)
    free = sum(seconds_within(lane.free, 0, end) for lane in lanes.values())
    found = [(stretch, cell) for cell, lane in lanes.items() if (stretch := lane.first_free(seconds, end))]
    if not found:
        return Room(free)
    stretch, cell = min(found)
    return Room(free, cell, Window(moment(stretch[0]), moment(stretch[1])))
