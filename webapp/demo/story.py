"""Fourteen days at North Works as a plan: which runs each machine had, and which of them were projects. Pure.

The works let Dream Factory watch its cells first and handed out a few projects through it; since this morning
everything goes through it. So the older runs were mostly started at the machine, and the newest are all projects.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from virtualfactory.behaviour import DAY, FAILURE, Run, Span, unfold, upkeep
from virtualfactory.personality import Personality, personality
from webapp.demo.cast import ENGINEERS
from webapp.demo.crews import crew_from, manned
from webapp.demo.plant import MATERIALS, PLACES, Place
from webapp.demo.routing import HAND_SERVED, Ordered, work_orders
from webapp.lib.clock import epoch

SEED = 1
DAYS = 14
MINUTE, HOUR = 60, 3600
ENDED = 33  # projects that are over
LEARNING = 11  # of them in the days when only a few went through Dream Factory
#: Those of them that failed, counted from the newest, and what a person said; empty: the machine broke down in it.
FAILED = {2: "", 11: "Surface out of tolerance", 20: "", 27: "Drawing superseded"}

#: Cell -> (minutes until its work ends, what the machine is doing now, minutes it has had that work at least).
#: Longer than anybody waits for such a machine, or the first of the queue would have got it.
NOW_RUNNING = {
    1: (48, "running", 312),
    2: (228, "running", 97),
    3: (95, "setup", 1),
    4: (34, "running", 21),
    5: (103, "running", 186),
    6: (6, "running", 101),
    7: (338, "running", 84),
    9: (130, "down", 164),
    11: (17, "running", 231),
    12: (190, "running", 133),
}
#: Cell -> minutes since its last work ended.
NOW_FREE = {8: 95, 10: 37}
#: What waits: (cell kind, minutes it has waited, priority, expected minutes). The first goes ahead when C06 is free.
NOW_WAITING = (
    ("Laser", 72, 6, 35),
    ("5-axis mill", 48, 5, 80),
    ("Gear hob", 31, 5, 120),
    ("Weld robot", 26, 5, 60),
    ("Wire EDM", 18, 5, 90),
    ("5-axis mill", 9, 3, 45),
)
#: Cell -> its mode, why, and since how many minutes: one takes nothing new.
NOW_MODES = {7: ("draining", "Die change after this job", 20)}


#: Cell -> values its engineer changed while it ran, and how many minutes ago.
NOW_TUNED = {1: ({"x2": "0.92"}, 21)}
USUAL = 5  # priority


@dataclass(frozen=True)
class Chapter:
    """One project: what was asked, when, and the run it became (None: it still waits).

    ended_by: who marked it, once it was over; empty: its cell. failure: why it failed; empty: it finished.
    """

    name: str
    cad_model: str
    config: str
    parameters: dict[str, str]
    engineer: str
    kind: str
    tags: tuple[str, ...]
    created: int
    expected_minutes: int
    priority: int = USUAL
    cell: int | None = None
    run: Run | None = None
    ended_by: str = ""
    failure: str = ""


@dataclass(frozen=True)
class Story:
    """runs: cell number -> every run it had, the one under way included; chapters in the order they were created."""

    start: int
    now: int
    machines: dict[int, Personality]
    runs: dict[int, list[Run]]
    chapters: list[Chapter]
    orders: list[Ordered]


def story(now: datetime, zone: str) -> Story:
    """The same moment and zone, the same story."""
    end = epoch(now)
    start = end - DAYS * 24 * HOUR
    machines = {place.number: personality(SEED, place.number, place.name) for place in PLACES}
    runs = {number: _history(someone, start, end, ZoneInfo(zone)) for number, someone in machines.items()}
    over = _projects_among(runs, end)
    _let_fail(machines, runs, over)
    dice = random.Random(f"{SEED}:chapters")
    chapters = [_ran(dice, PLACES[number - 1], run, FAILED.get(at, "")) for at, (number, run) in enumerate(over)]
    handed = [number for number in NOW_RUNNING if number not in HAND_SERVED]
    chapters += [_ran(dice, PLACES[number - 1], runs[number][-1]) for number in handed]
    chapters += [_waits(dice, end, *waiting) for waiting in NOW_WAITING]
    orders = work_orders({number: runs[number] for number in HAND_SERVED}, end)
    return Story(start, end, machines, runs, sorted(chapters, key=lambda chapter: chapter.created), orders)


def _history(someone: Personality, start: int, end: int, zone: ZoneInfo) -> list[Run]:
    """A machine's runs, oldest first: close together by day, apart by night, more so at the weekend."""
    number = int(someone.name[1:])
    latest = _under_way(someone, number, end) if number in NOW_RUNNING else _just_over(number, end)
    return [*_until(someone, start, int(latest.start) - 9 * MINUTE, zone), latest]


def _until(someone: Personality, start: int, end: int, zone: ZoneInfo) -> Iterator[Run]:
    """While there is a crew."""
    crews = manned(PLACES[int(someone.name[1:]) - 1].calendar, zone, start, end)
    dice = random.Random(f"{SEED}:{someone.name}:history")
    busy = dice.uniform(0.7, 1.9)  # pauses are longer at some machines than at others
    at = start + dice.randrange(2 * HOUR)
    while (crew := crew_from(crews, at)) and crew[0] < end:
        at = crew[0]
        planned = min(at + round(dice.triangular(1.2, 11, 4) * HOUR), crew[1])
        service = _service(someone, at, planned)
        # Work stops for a service, and is fitted in before the present.
        over = min(planned, end, int(service.start) if service else end)
        if over - at > 25 * MINUTE:
            yield Run(str(at), at, over)
        at = max(over, round(service.end)) if service else over
        at += round(busy * _pause(dice, datetime.fromtimestamp(at, zone)) * MINUTE)


def _service(someone: Personality, start: float, end: float) -> Span | None:
    """The next service that is due between two moments."""
    days = range(int(start // DAY), int(end // DAY) + 1)
    due = [service for day in days if (service := upkeep(someone, day)) and start <= service.start < end]
    return due[0] if due else None


def _pause(dice: random.Random, at: datetime) -> float:
    """Minutes between two runs, by local time."""
    weekend = 2.5 if at.weekday() >= 5 else 1.0
    return weekend * (dice.uniform(30, 200) if at.hour < 6 or at.hour >= 22 else dice.uniform(5, 45))


def _just_over(number: int, now: int) -> Run:
    end = now - NOW_FREE[number] * MINUTE
    return Run(str(end - 3 * HOUR), end - 3 * HOUR, end)


def _under_way(someone: Personality, number: int, now: int) -> Run:
    """A run that is under way now and in which the machine just does what the story wants it to."""
    left, state, at_least = NOW_RUNNING[number]
    end = now + left * MINUTE
    for minutes in range(at_least, at_least + 600):
        run = Run(str(now - minutes * MINUTE), now - minutes * MINUTE, end)
        doing = next(span for span in unfold(someone, run) if span.start <= now < span.end)
        if doing.state == state and (state != "down" or now - doing.start > 4 * MINUTE < doing.end - now):
            return run
    raise ValueError(f"{someone.name} is never {state} now")


def _projects_among(runs: dict[int, list[Run]], now: int) -> list[tuple[int, Run]]:
    """Which of the runs that are over were projects: all of the newest, and some of the older ones."""
    told = ((number, had) for number, had in runs.items() if number not in HAND_SERVED)
    over = [(number, run) for number, had in told for run in had if run.end <= now]
    over.sort(key=lambda had: had[1].end, reverse=True)
    newest, older = over[: ENDED - LEARNING], over[ENDED - LEARNING :]
    return newest + random.Random(f"{SEED}:learning").sample(older, LEARNING)


def _let_fail(machines: dict[int, Personality], runs: dict[int, list[Run]], over: list[tuple[int, Run]]) -> None:
    """Some machines broke down in their project: in their history, too."""
    for place in (place for place, said in FAILED.items() if not said):
        number, run = over[place]
        failed = replace(run, outcome=FAILURE, reason=machines[number].faults[0], share=0.6)
        over[place] = number, failed
        runs[number][runs[number].index(run)] = failed


def _ran(dice: random.Random, place: Place, run: Run, said: str = "") -> Chapter:
    """said: why a person failed it, if one did."""
    expected = 5 * round((run.end - run.start) / MINUTE * dice.uniform(0.85, 1.15) / 5)
    chapter = asked(dice, place, int(run.start), max(5, expected))
    marked_by = dice.choice((chapter.engineer, "sam", "", "", "", ""))  # a cell reports most endings itself
    return replace(
        chapter,
        kind=place.kind,
        tags=place.tags,
        cell=place.number,
        run=run,
        ended_by=chapter.engineer if said else "" if run.reason else marked_by,
        failure=said or run.reason,
    )


def _waits(dice: random.Random, now: int, kind: str, waited: int, priority: int, expected: int) -> Chapter:
    place = next((place for place in PLACES if place.kind == kind), PLACES[1])
    return replace(asked(dice, place, now - waited * MINUTE, expected), kind=kind, priority=priority)


def asked(dice: random.Random, place: Place, created: int, expected: int) -> Chapter:
    """What an engineer of these works asks of such a cell."""
    part = dice.choice(place.parts)
    folder = f"s3:plant-models/{place.family.replace(' ', '-')}"
    return Chapter(
        name=part.rpartition(".")[0],
        cad_model=f"{folder}/{part}",
        config=f"{folder}/config.yml",
        parameters=_parameters(dice),
        engineer=dice.choice(ENGINEERS),
        kind=place.kind,
        tags=(),
        created=created,
        expected_minutes=expected,
    )


def _parameters(dice: random.Random) -> dict[str, str]:
    values = {
        "x1": dice.choice(MATERIALS),
        "x2": f"{dice.uniform(0.7, 1.1):.2f}",
        "x3": dice.choice(("coarse", "fine", "coarse→fine")),
        "x4": str(dice.choice((0, 20, 40, 70))),
        "x5": str(dice.choice((4, 12, 24, 60))),
        "x6": f"F-{dice.randrange(100, 180)}",
        "x7": f"G{dice.randrange(54, 58)}",
    }
    unused = dice.sample(("x4", "x6", "x7"), dice.randrange(3))
    return {name: value for name, value in values.items() if name not in unused}
