"""The timetable, and the clock that rings it slot by slot, each once."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from threading import Event
from typing import TYPE_CHECKING

import redis

from webapp.config import Config
from webapp.jobs import bell
from webapp.lib.redis_line import connect

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger(__name__)
#: The wall clock may differ from ours by so much before it counts as set by somebody.
TOLERANCE = 1.0
#: A clock that was set is believed once it has stayed so for this long.
BELIEVED_AFTER = 60.0
#: Counts on while the machine sleeps, where there is such a clock: waking up is no step.
_STEADY = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@dataclass(frozen=True)
class Chore:
    """name: a function of jobs.work. every, offset: seconds. once: a slot of it must never come twice, whatever
    happens to the clock. heavy: left to workers; without them it is not done, and owed until the next slot."""

    name: str
    every: int
    offset: int = 0
    queue: str = "fast"
    once: bool = False
    heavy: bool = False

    def slot_at(self, now: float) -> int:
        """The newest slot that has begun."""
        return int((now - self.offset) // self.every) * self.every + self.offset


def timetable(config: Config) -> list[Chore]:
    """All that happens by itself."""
    return [
        Chore("sample_cells", every=config.sample_every, once=True),
        Chore("move_projects", every=5),
        Chore("close_books", every=60),
        Chore("back_up", every=3600, offset=600, queue="slow", heavy=True),
        Chore("keep_notes", every=60, offset=30, queue="slow"),
        Chore("add_up", every=60, offset=45, queue="slow", heavy=True),
        Chore("count_hours", every=60, offset=50, queue="slow"),
        Chore("tell_late", every=60, offset=40, queue="slow"),
        Chore("watch_flapping", every=60, offset=20, queue="slow"),
        Chore("forget_history", every=3600, offset=1500, queue="slow", heavy=True),
        Chore("make_months", every=3600, offset=600, queue="slow"),
        Chore("bring_in_history", every=60, offset=5, queue="slow", heavy=True),
        Chore("bring_in_orders", every=60, offset=3, queue="slow", heavy=True),
        Chore("make_plans", every=60, offset=10, queue="slow", heavy=True),
        Chore("seal_history", every=60, offset=20, queue="slow", heavy=True),
        Chore("tidy", every=86_400, offset=2 * 3600, queue="slow"),
    ]


@dataclass
class SteadyTime:
    """Seconds since 1970 that neither jump nor go back when somebody sets the clock of the machine.

    A step is kept out, and written down; one that lasts is believed in the end.
    """

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = lambda: time.clock_gettime(_STEADY)
    ahead: float = field(init=False)
    stepped_at: float | None = None

    def __post_init__(self) -> None:
        self.ahead = self.wall() - self.steady()

    def now(self) -> float:
        step = self.wall() - self.steady() - self.ahead
        if abs(step) <= TOLERANCE:
            self.ahead += step  # slow corrections are followed
            self.stepped_at = None
        elif self.stepped_at is None:
            self.stepped_at = self.steady()
            log.warning("the clock of this machine was set by %+.1f s; ours goes on", step)
        elif self.steady() - self.stepped_at > BELIEVED_AFTER:
            self.ahead += step
            self.stepped_at = None
            log.warning("the clock of this machine has stayed set by %+.1f s: followed", step)
        return self.steady() + self.ahead


class Clock:
    def __init__(self, chores: Sequence[Chore], time: SteadyTime, ring: Callable[[Chore, int], None]) -> None:
        self.chores = chores
        self.time = time
        self.ring = ring
        start = time.now()
        self.last = {chore: chore.slot_at(start) for chore in chores}

    def run(self, over: Event) -> None:
        while not over.wait(self.pause()):
            self.tick()

    def tick(self) -> None:
        """Ring each chore whose newest slot has not been rung; slots that were missed are past."""
        now = self.time.now()
        for chore in self.chores:
            slot = chore.slot_at(now)
            set_back = slot < self.last[chore] - chore.every and not chore.once
            if slot > self.last[chore] or set_back:
                self.last[chore] = slot
                self.ring(chore, slot)

    def pause(self) -> float:
        """Seconds until the next slot of any chore begins."""
        now = self.time.now()
        return max(0.0, min(chore.slot_at(now) + chore.every - now for chore in self.chores)) + 0.001


class Ringer:
    """Puts a slot on its queue; where there is no Redis, does the work itself.

    make_app: called only then. A clock that merely rings starts in a fraction of the time, and stays small.
    """

    def __init__(self, redis_url: str, make_app: Callable[[], "Flask"]) -> None:
        self.connection = connect(redis_url, seconds=1.0)
        self.make_app = cache(make_app)

    def __call__(self, chore: Chore, slot: int) -> None:
        try:
            bell.enqueue_slot(self.connection, chore.queue, chore.name, slot, chore.every)
        except (redis.RedisError, OSError) as error:
            if chore.heavy:
                log.warning("no Redis (%s): %s has to wait", type(error).__name__, chore.name)
                return
            log.warning("no Redis (%s): the clock does %s itself", type(error).__name__, chore.name)
            self._do(chore, slot)

    def _do(self, chore: Chore, slot: int) -> None:
        try:
            with self.make_app().app_context():
                bell.do(chore.name, slot)
        except Exception:  # the next slot is another chance; the clock goes on
            log.exception("%s failed in slot %s", chore.name, slot)
