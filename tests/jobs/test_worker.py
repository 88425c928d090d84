"""The app as jobs see it can do every chore, without any door but theirs."""

from collections.abc import Iterator

import pytest
from flask import Flask

from webapp import create_worker
from webapp.config import Config
from webapp.extensions import db
from webapp.jobs import bell
from webapp.jobs.clock import timetable
from webapp.lib.clock import epoch, utcnow


@pytest.fixture
def worker(app: Flask, config: Config) -> Iterator[Flask]:
    """On the tests' own database."""
    worker = create_worker(config)
    with worker.app_context():
        yield worker
        db.session.remove()
        db.engine.dispose()


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("name", [chore.name for chore in timetable(Config())])
def test_it_does_every_chore_on_an_empty_factory(name: str) -> None:
    bell.do(name, epoch(utcnow()))


def test_it_has_no_pages(worker: Flask) -> None:
    assert not worker.blueprints
