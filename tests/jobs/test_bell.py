"""A ring hurries a worker; without Redis it costs next to nothing and hurts nobody."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from flask import Flask
from rq import Queue, SimpleWorker

from tests.valkey import valkey_server
from webapp.jobs import bell
from webapp.jobs.bell import Bell

SLOT = 1_772_625_600


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with valkey_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def connection(redis_url: str) -> redis.Redis:
    connection = redis.Redis.from_url(redis_url)
    connection.flushall()
    return connection


@pytest.fixture
def ringing(app: Flask, redis_url: str, connection: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> Bell:
    """The app's bell, hung up at a Redis that lives."""
    ours = Bell(redis_url, patience=10)
    monkeypatch.setitem(app.extensions, "bell", ours)
    return ours


def test_a_ring_puts_one_job_on_the_fast_queue(ringing: Bell, connection: redis.Redis) -> None:
    ringing.ring("move_projects")

    [job] = Queue("fast", connection=connection).jobs
    assert job.args == ("move_projects",)


def test_what_a_person_watches_goes_before_what_waits(ringing: Bell, connection: redis.Redis) -> None:
    ringing.ring("seal_history", "slow")

    ringing.ring("make_plans", "slow", first=True)

    assert [job.args for job in Queue("slow", connection=connection).jobs] == [("make_plans",), ("seal_history",)]


def test_rings_nobody_answered_yet_are_one(ringing: Bell, connection: redis.Redis) -> None:
    for _ in range(5):
        ringing.ring("move_projects")

    assert len(Queue("fast", connection=connection)) == 1


def test_a_ring_after_the_answer_began_is_a_new_one(ringing: Bell, connection: redis.Redis) -> None:
    ringing.ring("move_projects")
    ringing.answered("move_projects")

    ringing.ring("move_projects")

    assert len(Queue("fast", connection=connection)) == 2


def test_the_worker_does_what_was_rung_for(app: Flask, ringing: Bell, connection: redis.Redis) -> None:
    ringing.ring("close_books")

    worker = SimpleWorker(["fast"], connection=connection)
    worker.work(burst=True, logging_level="ERROR")
    worker.refresh()

    assert worker.successful_job_count == 1


def test_without_redis_a_ring_is_quick_and_forgiven(tmp_path: Path) -> None:
    bell = Bell(f"unix://{tmp_path}/nobody.sock")

    began = time.monotonic()
    bell.ring("move_projects")

    assert time.monotonic() - began < 0.2


def test_a_redis_that_hangs_is_left_alone_for_a_while(tmp_path: Path) -> None:
    path = tmp_path / "deaf.sock"
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(path))
        deaf.listen()
        bell = Bell(f"unix://{path}")

        began = time.monotonic()
        for _ in range(20):
            bell.ring("move_projects")

    assert time.monotonic() - began < 0.5


def test_two_clocks_ring_a_slot_once(connection: redis.Redis) -> None:
    for _ in range(2):
        bell.enqueue_slot(connection, "fast", "sample_cells", SLOT, every=5)

    [job] = Queue("fast", connection=connection).jobs
    assert job.args == ("sample_cells", SLOT)
