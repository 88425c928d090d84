"""python worker.py fast | slow | clock: one RQ worker on one queue, or the clock; nothing else."""

import logging
import signal
import sys
import time
from contextlib import suppress
from threading import Event
from typing import Any

import redis
from flask import Flask
from rq import SimpleWorker, Worker
from rq.job import Job
from rq.queue import Queue

from webapp import create_app
from webapp.jobs.bell import connect
from webapp.jobs.clock import Clock, Ringer, SteadyTime, timetable

log = logging.getLogger("worker")


class InContext:
    """Each job in an app context of its own, whose end gives the database session back."""

    app: Flask

    def perform_job(self, job: Job, queue: Queue) -> bool:
        with self.app.app_context():
            return bool(super().perform_job(job, queue))  # type: ignore[misc]


class Fast(InContext, SimpleWorker):
    """In this very process: a job costs a few milliseconds, and one at a time is the guard against overlap."""


class Slow(InContext, Worker):
    """Each job in a process of its own: it may take long, and give back all the memory it took."""


def work(app: Flask, name: str) -> None:
    kind: Any = Fast if name == "fast" else Slow
    kind.app = app
    url = app.extensions["factory"].redis_url
    say_ready()
    while not wait_for_redis(url):
        time.sleep(1)
    worker = kind([name], connection=redis.Redis.from_url(url), maintenance_interval=30)
    worker.work(logging_level="WARNING", with_scheduler=False)


def wait_for_redis(url: str) -> bool:
    """The clock does what is owed meanwhile, so a worker without Redis has nothing to do but wait."""
    with suppress(redis.RedisError, OSError):
        return bool(connect(url, 1.0).ping())
    log.warning("no Redis: waiting for it")
    return False


def keep_time(app: Flask) -> None:
    over = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    say_ready()
    Clock(timetable(app.extensions["factory"]), SteadyTime(), Ringer(app)).run(over)


def say_ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def main(name: str) -> None:
    app = create_app()
    keep_time(app) if name == "clock" else work(app, name)


if __name__ == "__main__":
    if sys.argv[1:] not in (["fast"], ["slow"], ["clock"]):
        sys.exit(__doc__)
    main(sys.argv[1])
