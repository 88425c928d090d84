"""The chore that moves work on: what one kind of work meets does not keep the other waiting."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tests.world import idle_cell, make_project
from webapp import projects
from webapp.extensions import db, transaction
from webapp.jobs import work
from webapp.lib.clock import epoch, utcnow


def rename(table: str, name: str) -> None:
    with transaction():
        db.session.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))


@pytest.fixture
def without_operations(app) -> Iterator[None]:
    rename("operations", "lost")
    yield
    rename("lost", "operations")


def test_projects_are_placed_also_where_operations_cannot_be_started(without_operations):
    waiting = make_project()
    idle_cell()

    with pytest.raises(SQLAlchemyError):
        work.move_projects(epoch(utcnow()))

    assert projects.one(waiting.id).cell_id
