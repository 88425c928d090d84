"""Machines on loopback that do as a test says."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.cells.machines import Hall, open_hall
from webapp.extensions import Base, db


@pytest.fixture(scope="session")
def open_doors() -> Iterator[Hall]:
    with open_hall() as hall:
        yield hall


@pytest.fixture
def hall(open_doors: Hall) -> Hall:
    """Every machine is idle and takes what it is given, until the test says otherwise."""
    for kept in (open_doors.says, open_doors.sick, open_doors.answers, open_doors.heard):
        kept.clear()
    return open_doors


@pytest.fixture
def empty_tables(app: Flask) -> Callable[[], None]:
    """For a test that needs an empty database more than once."""

    def empty() -> None:
        db.session.rollback()
        with db.engine.connect().execution_options(write=True) as connection:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
            connection.commit()

    return empty
