"""python worker.py fast | slow | clock: one RQ worker on one queue, or the clock; nothing else."""

import logging
import os
import signal
import sys
import time
from contextlib import suppress
from functools import cache
from importlib import import_module
from threading import Event
from typing import TYPE_CHECKING, Any

import redis
from rq import SimpleWorker, Worker
from rq.job import Job
from rq.queue import Queue

from webapp import create_worker
from webapp.config import BadSetting, Config, from_environment
from webapp.jobs.clock import Clock, Ringer, SteadyTime, timetable
from webapp.lib.redis_line import connect
from webapp.logs import configure

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("worker")
#: How much the slow worker's jobs stand back where processors are short (see nice(1)).
GIVES_WAY = 5


@cache
def config() -> Config:
    return from_environment()


@cache
def app() -> "Flask":
    """Made when it is needed: the clock, which only waits, stays small, and the slow worker is there at once."""
    return create_worker(config())


class InContext:
    """Each job in an app context of its own, whose end gives the database session back."""

    def perform_job(self, job: Job, queue: Queue) -> bool:
        with app().app_context():
            return bool(super().perform_job(job, queue))  # type: ignore[misc]


class Fast(InContext, SimpleWorker):
    """In this very process: a job costs a few milliseconds, and one at a time is the guard against overlap."""


class Slow(InContext, Worker):
    """Each job in a process of its own: it may take long, gives way to pages, and gives back all the memory it took.

    The app and the rooms are loaded before the first job and shared with all of them: loading costs a second of
    processor time, and fourteen small jobs a minute each paid it.
    """

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        app()
        import_module("webapp.jobs.work")
        super().fork_work_horse(job, queue)

    def perform_job(self, job: Job, queue: Queue) -> bool:
        os.nice(GIVES_WAY)
        return super().perform_job(job, queue)


def work(name: str) -> None:
    kind: Any = Slow
    if name == "fast":
        kind = Fast
        app()
    say_ready()
    while not redis_is_there():
        time.sleep(1)
    worker = kind([name], connection=redis.Redis.from_url(config().redis_url), maintenance_interval=30)
    worker.work(logging_level="WARNING", with_scheduler=False)


def redis_is_there() -> bool:
    """Without it the clock does what is owed, and a worker has nothing to do but wait."""
    with suppress(redis.RedisError, OSError):
        return bool(connect(config().redis_url, 1.0).ping())
    log.warning("no Redis: waiting for it")
    return False


def keep_time() -> None:
    over = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    say_ready()
    Clock(timetable(config()), SteadyTime(), Ringer(config().redis_url, app)).run(over)


def say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def main(name: str) -> None:
    configure()
    try:
        config()
        keep_time() if name == "clock" else work(name)
    except BadSetting as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    if sys.argv[1:] not in (["fast"], ["slow"], ["clock"]):
        sys.exit(__doc__)
    main(sys.argv[1])
