"""A plan at once, and always a legal one: one order after the other takes the earliest places that are left. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from webapp.lib.stretches import Stretch
from webapp.orders.planning.shop import Job, Place, Places, Shop, Task, score


class NoRoom(Exception):
    """This order has no place: by its task, between what is fixed before and after it."""

    def __init__(self, job: Job, task: Task) -> None:
        super().__init__(task.ref)
        self.job = job
        self.task = task


@dataclass(frozen=True)
class Planned:
    """left_out: orders that cannot be planned, each with the operation that has no room."""

    shop: Shop
    places: Places
    left_out: dict[str, str]


def first_plan(shop: Shop, today: Mapping[str, Place]) -> Planned:
    """The best of a few quick plans. today: the plan as it is, whose sequence is one to try."""
    left_out: dict[str, str] = {}
    while True:
        try:
            plans = [in_turn(shop, order(shop, today)) for order in (_most_urgent, _first_due, _as_today)]
            return Planned(shop, min(plans, key=lambda places: score(shop, places)), left_out)
        except NoRoom as no:
            left_out[no.job.ref] = no.task.ref
            shop = shop.without(set(left_out))


Sequencing = Callable[[Shop, Mapping[str, Place]], list[Job]]


def _most_urgent(shop: Shop, today: Mapping[str, Place]) -> list[Job]:
    """What is fixed ahead comes first; then by the weight, each step of which is worth a day."""
    return sorted(shop.jobs, key=lambda job: (*_bound(job), _due(job, shop) - job.weight * 86_400, job.ref))


def _first_due(shop: Shop, today: Mapping[str, Place]) -> list[Job]:
    return sorted(shop.jobs, key=lambda job: (*_bound(job), _due(job, shop), -job.weight, job.ref))


def _as_today(shop: Shop, today: Mapping[str, Place]) -> list[Job]:
    starts = {job.ref: [today[task.ref].start for task in job.loose if task.ref in today] for job in shop.jobs}
    return sorted(shop.jobs, key=lambda job: (*_bound(job), min(starts[job.ref], default=shop.until), job.ref))


def _bound(job: Job) -> tuple[bool, int]:
    ends = [high for _, high in job.bounds.values() if high is not None]
    return not ends, min(ends, default=0)


def _due(job: Job, shop: Shop) -> int:
    return shop.until if job.due is None else job.due


def in_turn(shop: Shop, jobs: Sequence[Job]) -> Places:
    """Each order in turn, its operations one after the other. Raises NoRoom."""
    lanes = _Lanes(shop)
    for job in jobs:
        ready = shop.begin
        for task in job.loose:
            ready = lanes.place(job, task, ready, task.cells).end
    return lanes.places


def pushed_early(shop: Shop, places: Mapping[str, Place]) -> Places:
    """The same plan with each operation as early as it can be: none is later than before, none elsewhere."""
    owners = {task.ref: (job, task) for job in shop.jobs for task in job.loose}
    lanes, ready = _Lanes(shop), {job.ref: shop.begin for job in shop.jobs}
    for ref in sorted(places, key=lambda ref: (places[ref].start, places[ref].end)):
        job, task = owners[ref]
        ready[job.ref] = lanes.place(job, task, ready[job.ref], (places[ref].cell_id,)).end
    return lanes.places


def replayed(shop: Shop, places: Mapping[str, Place]) -> Places | None:
    """A plan that was made for the shop as it was, as early as it can be in this one; None where it does not fit."""
    cells = {task.ref: task.cells for task in shop.loose}
    if cells.keys() != places.keys() or any(places[ref].cell_id not in cells[ref] for ref in cells):
        return None
    try:
        return pushed_early(shop, places)
    except NoRoom:
        return None


@dataclass
class _Lanes:
    """What is placed so far."""

    shop: Shop
    places: Places = field(default_factory=dict)
    busy: dict[int, list[Stretch]] = field(default_factory=dict)

    def place(self, job: Job, task: Task, ready: int, cells: Iterable[int]) -> Place:
        """Where it ends first; of equals on the cell named first."""
        low, high = job.bounds[task.ref]
        ready = max(ready, low or ready)
        found = [(start, cell) for cell in cells if (start := self._earliest(cell, task.seconds, ready)) is not None]
        start, cell = min(found, key=lambda one: one[0], default=(None, 0))
        if start is None or (high is not None and start + task.seconds > high):
            raise NoRoom(job, task)
        stretch = start, start + task.seconds
        lane = self.busy.setdefault(cell, [])
        lane.insert(bisect_left(lane, stretch), stretch)
        self.places[task.ref] = Place(cell, *stretch)
        return self.places[task.ref]

    def _earliest(self, cell: int, seconds: int, ready: int) -> int | None:
        opened, lane = self.shop.openings(cell, seconds), self.busy.get(cell, [])
        for first, last in opened[bisect_left(opened, ready, key=lambda one: one[1]) :]:
            start = self._past(lane, max(first, ready), seconds, last)
            if start <= last:
                return start
        return None

    @staticmethod
    def _past(lane: Sequence[Stretch], start: int, seconds: int, last: int) -> int:
        """The first start from this one on that meets nothing in the lane; beyond last it does not matter."""
        at = bisect_left(lane, start + 1, key=lambda one: one[1])
        while at < len(lane) and lane[at][0] < start + seconds and start <= last:
            start, at = lane[at][1], at + 1
        return start
