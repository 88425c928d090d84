"""Asking a worker to hurry: at once if Redis is there, and hardly any time lost if it is not.

The clock rings too, and is no web application: Flask is imported where there is a request or a job, not above.
"""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module

import redis
from rq import Queue
from rq.exceptions import DuplicateJobError

from webapp.lib.clock import epoch, utcnow
from webapp.lib.redis_line import connect

Chore = Callable[[int], None]
log = logging.getLogger(__name__)
#: A person waits meanwhile.
PATIENCE = 0.1
#: After it could not be rung, not tried again for so many seconds.
REST = 5.0
#: A ring nobody answered by then is worth nothing: the sweep of the next tick was sooner.
STALE = 10
#: Of one that goes before what waits: up to the sweep of its chore.
STALE_FIRST = 60
#: Seconds a job of each queue may take.
PATIENT = {"fast": 60, "slow": 900}


class Bell:
    """One per app. Rings for the same chore that nobody has answered yet are one ring."""

    def __init__(self, url: str, patience: float = PATIENCE) -> None:
        self.url = url
        self.patience = patience
        self.resting_until = 0.0
        self._connection: redis.Redis | None = None

    def ring(self, name: str, queue: str = "fast", first: bool = False) -> None:
        """name: a function of jobs.work. Never raises: a commit stands, whoever could not be told."""
        if time.monotonic() < self.resting_until:
            return
        try:
            if self.connection.set(_pending(name), 1, nx=True, ex=2):
                kept = {"ttl": STALE_FIRST if first else STALE, "result_ttl": 0, "failure_ttl": 60}
                Queue(queue, connection=self.connection).enqueue(
                    answer, name, at_front=first, job_timeout=PATIENT[queue], **kept
                )
        except (redis.RedisError, OSError) as error:
            self.resting_until = time.monotonic() + REST
            log.warning("the bell could not be rung: %s", type(error).__name__)

    def answered(self, name: str) -> None:
        """From here on a ring is a new one: what led to it may have been committed after we looked."""
        with suppress(redis.RedisError, OSError):  # it ends by itself soon
            self.connection.delete(_pending(name))

    @property
    def connection(self) -> redis.Redis:
        if self._connection is None:
            self._connection = connect(self.url, self.patience)
        return self._connection


def wake(chore: Chore, queue: str = "fast", first: bool = False) -> None:
    """Have it done now, by a worker, instead of at the next tick. To be called after the commit.

    first: before what waits already, because a person watches.
    """
    from flask import current_app

    current_app.extensions["bell"].ring(chore.__name__, queue, first)


def answer(name: str) -> None:
    """What the worker runs for a ring."""
    from flask import current_app

    current_app.extensions["bell"].answered(name)
    do(name, epoch(utcnow()))


def do(name: str, slot: int) -> None:
    """Run that function of jobs.work. Found only now: who merely rings does not load the rooms."""
    getattr(import_module("webapp.jobs.work"), name)(slot)


def enqueue_slot(connection: redis.Redis, queue: str, name: str, slot: int, every: int) -> None:
    """Put that slot's work on the queue, once, however many clocks do. Raises redis.RedisError.

    Its id outlives the slot, so that a clock that is late is refused too; unstarted work is dropped before it piles up.
    """
    try:
        Queue(queue, connection=connection).enqueue(
            do,
            name,
            slot,
            job_id=f"{name}-{slot}",
            unique=True,
            ttl=max(2, min(2 * every, 3600)),
            result_ttl=3 * every + 2,
            failure_ttl=60,
            job_timeout=PATIENT[queue],
        )
    except DuplicateJobError:
        log.info("slot %s of %s is on its way already", slot, name)


def _pending(name: str) -> str:
    return f"ring:{name}"
