"""What a plan is made for, and how good one is, as plain values: seconds since 1970, start <= t < end. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from webapp.lib.stretches import Stretch, merged
from webapp.orders.planning.openings import openings


@dataclass(frozen=True)
class Place:
    """On which cell, from when to when."""

    cell_id: int
    start: int
    end: int


#: Operation -> its place.
Places = dict[str, Place]


@dataclass(frozen=True)
class Task:
    """An operation. fixed: it stays there, whatever is planned around it; None: it goes on one of the cells, the one
    preferred among equals first."""

    ref: str
    seconds: int
    cells: tuple[int, ...] = ()
    fixed: Place | None = None


@dataclass(frozen=True)
class Job:
    """An order with what is left of it, in sequence. weight: what a second of being late costs."""

    ref: str
    tasks: tuple[Task, ...]
    due: int | None = None
    weight: int = 1

    @cached_property
    def loose(self) -> list[Task]:
        """Those that are to be placed."""
        return [task for task in self.tasks if task.fixed is None]

    @cached_property
    def bounds(self) -> dict[str, tuple[int | None, int | None]]:
        """Of each loose task: not before the end of what is fixed before it, not beyond the start of what follows."""
        found: dict[str, tuple[int | None, int | None]] = {}
        for at, task in enumerate(self.tasks):
            ends = [one.fixed.end for one in self.tasks[:at] if one.fixed]
            starts = [one.fixed.start for one in self.tasks[at + 1 :] if one.fixed]
            found[task.ref] = max(ends, default=None), min(starts, default=None)
        return found

    def end(self, places: Mapping[str, Place]) -> int | None:
        """When it is done; None while one of its operations has no place."""
        found = [task.fixed or places.get(task.ref) for task in self.tasks]
        return None if None in found else max((place.end for place in found if place), default=None)


@dataclass(frozen=True)
class Shop:
    """taken: what each cell does besides the loose tasks. working: its calendar, None or missing: it always works.

    Nothing is placed before begin, nor to end after until.
    """

    jobs: Sequence[Job]
    begin: int
    until: int
    taken: Mapping[int, Sequence[Stretch]] = field(default_factory=dict)
    working: Mapping[int, Sequence[Stretch] | None] = field(default_factory=dict)
    _openings: dict[tuple[int, int], list[Stretch]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def loose(self) -> list[Task]:
        return list(chain.from_iterable(job.loose for job in self.jobs))

    def openings(self, cell_id: int, seconds: int) -> list[Stretch]:
        """(first, last) second at which so long a task may begin there."""
        if (cell_id, seconds) not in self._openings:
            found = openings(self.working.get(cell_id), self._merged[cell_id], seconds, self.begin, self.until)
            self._openings[cell_id, seconds] = found
        return self._openings[cell_id, seconds]

    def hours(self, cell_id: int, seconds: int) -> list[Stretch]:
        """The same by the cell's calendar alone, whatever it is taken for."""
        return openings(self.working.get(cell_id), (), seconds, self.begin, self.until)

    def taken_of(self, cell_id: int) -> list[Stretch]:
        """From begin up to until, in order and apart."""
        cut = ((max(start, self.begin), min(end, self.until)) for start, end in self._merged[cell_id])
        return [(start, end) for start, end in cut if start < end]

    @cached_property
    def _merged(self) -> dict[int, list[Stretch]]:
        cells = {cell for task in self.loose for cell in task.cells}
        return {cell: merged(self.taken.get(cell, ())) for cell in cells}

    def without(self, refs: set[str]) -> "Shop":
        """These jobs are not planned: their fixed tasks are in taken as it is."""
        left = [job for job in self.jobs if job.ref not in refs]
        return Shop(left, self.begin, self.until, self.taken, self.working)


@dataclass(frozen=True, order=True)
class Score:
    """Compared in this order, less is better. weighted: seconds late times the weight of each order; ends: the last
    second of all; early: the sum of all ends."""

    weighted: int
    ends: int
    early: int
    late: int = field(default=0, compare=False)
    late_seconds: int = field(default=0, compare=False)


def score(shop: Shop, places: Mapping[str, Place]) -> Score:
    """Of the orders that have all their places."""
    ends = [(job, end) for job in shop.jobs if (end := job.end(places)) is not None]
    late = [(job.weight, end - job.due) for job, end in ends if job.due is not None and end > job.due]
    return Score(
        weighted=sum(weight * seconds for weight, seconds in late),
        ends=max((end for _, end in ends), default=shop.begin),
        early=sum(place.end for place in places.values()),
        late=len(late),
        late_seconds=sum(seconds for _, seconds in late),
    )
