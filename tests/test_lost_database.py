"""A database that cannot be reached is said at once, in both doors' own ways, with a time to come back."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import InvalidatePoolError

from webapp import create_app
from webapp.config import Config
from webapp.extensions import db, transaction
from webapp.lib.engines import refuse_the_dead

BACKEND = text("SELECT pg_backend_pid()")


@pytest.fixture
def nobody_listens() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture
def nobody_answers() -> Iterator[int]:
    """A server that takes connections and says nothing: a machine that hangs, a firewall that swallows."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(50)
        yield int(deaf.getsockname()[1])


def client_of(config: Config, port: int) -> FlaskClient:
    url = f"postgresql+psycopg://factory@127.0.0.1:{port}/factory"
    return create_app(replace(config, database_url=url)).test_client()


@pytest.mark.parametrize("path", ["/board", "/api/projects"])
@pytest.mark.parametrize("how", ["nobody_listens", "nobody_answers"])
def test_a_lost_database_is_said_within_five_seconds(
    config: Config, request: pytest.FixtureRequest, how: str, path: str
) -> None:
    client = client_of(config, request.getfixturevalue(how))

    began = time.monotonic()
    answer = client.get(path)

    assert time.monotonic() - began < 5
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_the_process_is_alive_without_its_database_but_not_ready(config: Config, nobody_listens: int) -> None:
    client = client_of(config, nobody_listens)

    assert client.get("/api/health").status_code == 200
    assert client.get("/api/health/ready").status_code == 503


def test_a_server_that_started_again_costs_no_request(app: Flask) -> None:
    """What lies in the pool is dead then. Of SQLite there is no server, and nothing that could die."""
    with db.engine.connect() as one, db.engine.connect() as other:
        pids = [line.scalar(BACKEND) for line in (one, other) if db.engine.dialect.name == "postgresql"]
    outside = create_engine(db.engine.url)
    with outside.begin() as line:
        ended = [line.scalar(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid}) for pid in pids]
    outside.dispose()

    with transaction():
        assert db.session.scalar(select(1)) == 1
    assert all(ended)


def test_only_a_line_with_its_end_to_read_is_dead() -> None:
    near, far = socket.socketpair()
    pooled = SimpleNamespace(pgconn=SimpleNamespace(socket=near.fileno()))
    with near:
        refuse_the_dead(pooled, None, None)
        refuse_the_dead(object(), None, None)  # of another database

        far.close()

        with pytest.raises(InvalidatePoolError):
            refuse_the_dead(pooled, None, None)
