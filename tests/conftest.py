"""What every test may ask for. Commits are real: each test finds an empty database, and a forgotten commit is seen."""

import gc
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import event

from tests.databases import fresh_database, postgresql_server
from tests.page import LawfulClient
from tests.world import NOW, PASSWORD
from webapp import create_app, people
from webapp.cells import sampling
from webapp.config import Config
from webapp.extensions import Base, db
from webapp.ledger.live import forget_all

SERVER = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="the database tests run on")


def pytest_configure(config: pytest.Config) -> None:
    """One server for all workers of a run: only the process that hands out the tests starts it."""
    if config.getoption("--database") != "postgresql":
        return
    if hasattr(config, "workerinput"):
        config.stash[SERVER] = config.workerinput["server"]
        return
    kept = ExitStack()
    config.add_cleanup(kept.close)
    config.stash[SERVER] = kept.enter_context(postgresql_server())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each xdist worker where the server is."""
    if SERVER in node.config.stash:
        node.workerinput["server"] = node.config.stash[SERVER]


#: Whole starts, journeys and walks through every page.
LONG = ("tests/stack/test_whole_stack", "tests/journeys/", "tests/browser/test_every_page", "tests/test_every_route")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: at the end there are small ones for whichever worker has nothing left to do."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(scope="session")
def database_kind(pytestconfig: pytest.Config) -> str:
    return str(pytestconfig.getoption("--database"))


@pytest.fixture
def empty_database(pytestconfig: pytest.Config, database_kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it, not even tables."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    with fresh_database(pytestconfig.stash[SERVER]) as url:
        yield url


@pytest.fixture(scope="session")
def database_url(
    pytestconfig: pytest.Config, database_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database')}/test.db"
        return
    with fresh_database(pytestconfig.stash[SERVER]) as url:
        yield url


@pytest.fixture(scope="session")
def config(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config(
        database_url=database_url,
        data_dir=tmp_path_factory.mktemp("data"),
        redis_url="unix:///nonexistent/valkey.sock",
        secret_key="a secret of the tests",
        testing=True,
    )


@pytest.fixture(scope="session")
def factory(config: Config) -> Iterator[Flask]:
    """The app, built once, its tables made; tests ask for `app`."""
    people.cheapen()
    app = create_app(config)
    app.test_client_class = Client
    with app.app_context():
        event.listen(db.engine, "connect", _spare_the_disk)
        _make_tables(app)
    gc.collect()
    gc.freeze()  # all of the program, which stays: else each collection of a test's leftovers goes through it
    yield app
    with app.app_context():
        db.engine.dispose()


def _spare_the_disk(connection: Any, record: Any) -> None:
    """What a crash would cost is nothing here, as on PostgreSQL; what the product flushes, test_durability.py tells."""
    if "sqlite" in type(connection).__module__:
        connection.execute("PRAGMA synchronous = OFF")


def _make_tables(app: Flask) -> None:
    """By the migrations, as in life."""
    from webapp.cli import MIGRATIONS, with_migrations

    if any((MIGRATIONS / "versions").glob("*.py")):
        with_migrations(app)
        upgrade()
    else:
        Base.metadata.create_all(db.engine)


@pytest.fixture
def app(factory: Flask) -> Iterator[Flask]:
    """The app with its context pushed, on an empty database."""
    with factory.app_context():
        yield factory
        db.session.remove()
        _empty()


def _empty() -> None:
    sampling.leases.clear()  # a lease remembers books that are gone
    forget_all()
    with db.engine.connect().execution_options(write=True) as connection:
        for statements in _deletes(connection.dialect.name):
            connection.exec_driver_sql(statements)
        connection.commit()


@cache
def _deletes(dialect: str) -> list[str]:
    """What empties every table. PostgreSQL is asked once: seventy questions took longer than most tests."""
    each = [f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables)]
    return [";".join(each)] if dialect == "postgresql" else each


class Client(LawfulClient):
    """A browser whose pages are held to the law.

    What the test left uncommitted is gone before each request, and each has a context of its own.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.session.rollback()
        with self.application.app_context():
            answer = super().open(*args, **kwargs)
        db.session.rollback()
        return answer

    def sign_in(self, username: str, password: str = PASSWORD) -> Any:
        return self.post("/login", data={"username": username, "password": password})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def now() -> datetime:
    return NOW
