"""Whether a plan keeps the rules by which everybody's changes are judged, and the calendars beside them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from webapp.lib.clock import moment
from webapp.lib.stretches import Stretch
from webapp.orders.planning.shop import Job, Place, Shop, Task
from webapp.orders.rules import Around, Span, Step, Taken, violations

CLOSED = "it begins when its machine does not work"


def broken(shop: Shop, places: Mapping[str, Place]) -> list[str]:
    """What is wrong with it, in words; nothing where all of it may be done."""
    lanes = _lanes(shop, places)
    return [
        f"{task.ref}: {words}"
        for job in shop.jobs
        for task in job.loose
        for words in _wrong(shop, job, task, places, lanes)
    ]


@dataclass(frozen=True)
class Faults:
    """Of an order in a plan: how many of its operations break a rule, and how many work when their machine does not."""

    rules: int = 0
    closed: int = 0


def faults(shop: Shop, places: Mapping[str, Place], now: int) -> dict[str, Faults]:
    """Of a plan that somebody made by hand, by order; what has no place yet is no fault of it."""
    asked = replace(shop, begin=min(now, shop.begin), _openings={})
    lanes = _lanes(asked, places)
    found = {}
    for job in asked.jobs:
        placed = [task for task in job.loose if task.ref in places and places[task.ref].cell_id in task.cells]
        said = [words for task in placed for words in _wrong(asked, job, task, places, lanes)[:1]]
        closed = sum(words == CLOSED for words in said)
        found[job.ref] = Faults(len(said) - closed, closed)
    return found


def _wrong(
    shop: Shop, job: Job, task: Task, places: Mapping[str, Place], lanes: Mapping[int, list[Taken]]
) -> list[str]:
    place = places.get(task.ref)
    if place is None:
        return ["it has no place"]
    if place.cell_id not in task.cells or place.end - place.start != task.seconds:
        return ["it is on a machine it may not use, or takes another time"]
    lane = tuple(taken for taken in lanes[place.cell_id] if taken.ref != task.ref)
    around = Around(moment(shop.begin), *_neighbours(job, task, places), lane)
    found = [f"{no.rule} {no.message}" for no in violations(_span((place.start, place.end)), around)]
    opened = any(first <= place.start <= last for first, last in shop.openings(place.cell_id, task.seconds))
    return found if opened or found else [CLOSED]


def _neighbours(job: Job, task: Task, places: Mapping[str, Place]) -> tuple[Step | None, Step | None]:
    """What binds it on both sides: of all before it the last to end, of all behind it the first to start."""
    at = job.tasks.index(task)
    before, after = _steps(job, range(at), places), _steps(job, range(at + 1, len(job.tasks)), places)
    return max(before, key=lambda step: step.end, default=None), min(after, key=lambda step: step.start, default=None)


def _steps(job: Job, numbers: range, places: Mapping[str, Place]) -> list[Step]:
    found = [(number, job.tasks[number].fixed or places.get(job.tasks[number].ref)) for number in numbers]
    return [
        Step(job.tasks[number].ref, number + 1, "", moment(place.start), moment(place.end))
        for number, place in found
        if place
    ]


def _lanes(shop: Shop, places: Mapping[str, Place]) -> dict[int, list[Taken]]:
    cells = {place.cell_id for place in places.values()}
    lanes = {cell: [_taken(one, "maintenance", "") for one in shop.taken.get(cell, ())] for cell in cells}
    for ref, place in places.items():
        lanes[place.cell_id].append(_taken((place.start, place.end), "operation", ref))
    return {cell: sorted(lane, key=lambda taken: taken.start) for cell, lane in lanes.items()}


def _taken(stretch: Stretch, kind: str, ref: str) -> Taken:
    span = _span(stretch)
    return Taken(span.start, span.end, kind, ref, ref or "taken", ref)


def _span(stretch: Stretch) -> Span:
    return Span(moment(stretch[0]), moment(stretch[1]))
