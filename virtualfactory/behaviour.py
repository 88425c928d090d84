"""What a pretend machine does, as a pure function of its personality, its jobs and the time.

Times are seconds since 1970 (UTC) as floats. Nothing here sleeps, asks a clock or remembers: the same question has
the same answer for ever, so a machine that was switched off and on again is where it would have been anyway.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import floor

from virtualfactory.personality import Personality, Range

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
FINISHED, FAILURE = "finished", "failure"


@dataclass(frozen=True)
class Span:
    """state: running, setup, idle, maintenance, down, or unknown where the machine was silent; start <= t < end."""

    state: str
    start: float
    end: float
    detail: str = ""


@dataclass(frozen=True)
class Run:
    """One job from the moment the machine got it to the moment it is over.

    key: what its details are drawn from; share: how much of the work is done in the end, 1 unless it failed.
    """

    key: str
    start: float
    end: float
    outcome: str = FINISHED
    reason: str = ""
    share: float = 1.0


def draw(someone: Personality, *about: object) -> random.Random:
    """The dice for one matter: the same for the same machine and matter, whoever asks and when."""
    return random.Random(":".join(map(str, (someone.seed, someone.name, *about))))


def refusal(someone: Personality, key: str) -> str:
    """Why the machine will not take this job; empty where it will."""
    dice = draw(someone, "refusal", key)
    return dice.choice(someone.refusals) if dice.random() < someone.refuses else ""


def begin(someone: Personality, key: str, start: float, minutes: float | None = None) -> Run:
    """The run of a job handed over at `start`. minutes: how long it was expected to take; None: as is usual here."""
    dice = draw(someone, "run", key)
    usual = dice.uniform(*someone.setup) + dice.uniform(*someone.run)
    length = (minutes * dice.uniform(0.85, 1.2) if minutes else usual) * MINUTE
    if dice.random() < someone.fails:
        share = dice.uniform(0.2, 0.9)
        return Run(key, start, start + length * share, FAILURE, dice.choice(someone.faults), share)
    return Run(key, start, start + length)


@lru_cache(maxsize=4096)
def unfold(someone: Personality, run: Run) -> tuple[Span, ...]:
    """The run second by second: setup, then running with its short stops and breakdowns, without a gap to its end."""
    dice = draw(someone, "unfold", run.key)
    ready = run.start + min(_span(dice, someone.setup), 0.3 * (run.end - run.start))
    broken = run.end - min(4 * MINUTE, 0.2 * (run.end - ready)) if run.outcome == FAILURE else run.end
    spans = [Span("setup", run.start, ready, "Loading the fixture"), *_work(someone, dice, ready, broken)]
    if broken < run.end:
        spans.append(Span("down", broken, run.end, run.reason))
    return tuple(spans)


def _work(someone: Personality, dice: random.Random, start: float, end: float) -> Iterator[Span]:
    """Running, interrupted; the last stretch always runs, so that a job ends in work and not in a pause."""
    at = start
    while at < end:
        pause = _interruption(someone, dice, at)
        if pause is None or pause.end >= end - MINUTE:
            yield Span("running", at, end)
            return
        yield Span("running", at, pause.start)
        yield pause
        at = pause.end


def _interruption(someone: Personality, dice: random.Random, at: float) -> Span | None:
    """The next thing to get in the way of running; None: nothing ever does."""
    rates = [1 / every if every else 0.0 for every in (someone.stop_every, someone.breakdown_every)]
    if not sum(rates):
        return None
    start = at + max(MINUTE, dice.expovariate(sum(rates)) * MINUTE)
    if dice.random() * sum(rates) < rates[0]:
        return Span("idle", start, start + _span(dice, someone.stop), dice.choice(someone.stops))
    return Span("down", start, start + _span(dice, someone.breakdown), dice.choice(someone.faults))


def _span(dice: random.Random, minutes: Range) -> float:
    return dice.uniform(*minutes) * MINUTE


def at_work(someone: Personality, run: Run, now: float) -> tuple[Span, float]:
    """Where a run is now: (what the machine is doing, how much of the work is done, 0..1). Past its end: idle."""
    spans = unfold(someone, run)
    total = sum(span.end - span.start for span in spans if span.state == "running")
    done = sum(min(span.end, now) - span.start for span in spans if span.state == "running" and span.start < now)
    doing = next((span for span in spans if span.start <= now < span.end), Span("idle", run.end, now))
    return doing, run.share * min(1.0, done / total) if total else 0.0


def at_rest(someone: Personality, now: float) -> Span:
    """What a machine without a job is doing: nothing, unless its service is due."""
    service = upkeep(someone, floor(now / DAY))
    return service if service and service.start <= now < service.end else Span("idle", now, now)


@lru_cache(maxsize=4096)
def upkeep(someone: Personality, day: int) -> Span | None:
    """The service this machine gets on a day (days since 1970), if it is one of those days."""
    dice = draw(someone, "upkeep", day)
    if not someone.upkeep_every_days or dice.random() >= 1 / someone.upkeep_every_days:
        return None
    start = day * DAY + dice.uniform(6 * HOUR, 15 * HOUR)
    return Span("maintenance", start, start + _span(dice, someone.upkeep), someone.upkeep_name)


@lru_cache(maxsize=4096)
def silence(someone: Personality, hour: int) -> Span | None:
    """When in an hour (hours since 1970) the machine answers nobody, if in this one at all."""
    dice = draw(someone, "silence", hour)
    if not someone.silence_every_hours or dice.random() >= 1 / someone.silence_every_hours:
        return None
    start = hour * HOUR + dice.uniform(0, HOUR - someone.silence[1] * MINUTE)
    return Span("unknown", start, start + _span(dice, someone.silence))


def silent_until(someone: Personality, now: float) -> float | None:
    """The moment a silent machine answers again; None: it answers."""
    gone = silence(someone, floor(now / HOUR))
    return gone.end if gone and gone.start <= now < gone.end else None


def past(someone: Personality, runs: Sequence[Run], start: float, end: float) -> list[Span]:
    """The history of a machine that had these runs: gapless from start up to end, without overlap, in whole seconds.

    runs: oldest first, not overlapping; one that is still under way may end after `end`.
    """
    known = [*_told(someone, runs, start, end)]
    quiet = [gone for hour in range(floor(start / HOUR), floor(end / HOUR) + 1) if (gone := silence(someone, hour))]
    return _whole(overlay(known, quiet), start, end)


def _told(someone: Personality, runs: Sequence[Run], start: float, end: float) -> Iterator[Span]:
    at = start
    for run in runs:
        yield from _resting(someone, at, run.start)
        yield from unfold(someone, run)
        at = run.end
    yield from _resting(someone, at, end)


def _resting(someone: Personality, start: float, end: float) -> Iterator[Span]:
    """Idle, with the services that fit in whole."""
    days = range(floor(start / DAY), floor(end / DAY) + 1) if start < end else ()
    services = [due for day in days if (due := upkeep(someone, day)) and start <= due.start and due.end <= end]
    at = start
    for service in services:
        yield from (Span("idle", at, service.start), service)
        at = service.end
    if at < end:
        yield Span("idle", at, end)


def overlay(below: Sequence[Span], above: Sequence[Span]) -> list[Span]:
    """Both in one row, in order: where they overlap, `above` is seen."""
    pieces = list(below)
    for top in above:
        pieces = [part for span in pieces for part in _without(span, top)]
    return sorted([*pieces, *above], key=lambda span: span.start)


def _without(span: Span, hole: Span) -> list[Span]:
    if hole.end <= span.start or span.end <= hole.start:
        return [span]
    parts = replace(span, end=hole.start), replace(span, start=hole.end)
    return [part for part in parts if part.start < part.end]


def _whole(spans: Sequence[Span], start: float, end: float) -> list[Span]:
    """Cut to the window and rounded to seconds; neighbours share their edge, so no second is lost or counted twice."""
    cut = [replace(span, start=round(max(span.start, start)), end=round(min(span.end, end))) for span in spans]
    return [span for span in cut if span.start < span.end]
