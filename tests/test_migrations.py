"""The migrations lead to what the models say, and back."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from webapp import create_app, ledger
from webapp.cli import with_migrations
from webapp.config import Config
from webapp.extensions import Base, db, transaction

#: Which months there are is no matter of the models.
OPTIONS = {"compare_type": True, "include_name": lambda name, kind, _: kind != "table" or not ledger.is_partition(name)}


@pytest.fixture
def untouched(config: Config, empty_database: str) -> Iterator[Flask]:
    """An app on a database without tables."""
    app = create_app(replace(config, database_url=empty_database))
    with_migrations(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def differences() -> list[object]:
    with db.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts=OPTIONS), Base.metadata))


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names())


@pytest.mark.usefixtures("untouched")
def test_the_migrated_schema_is_what_the_models_say() -> None:
    upgrade()

    assert not differences()


@pytest.mark.usefixtures("untouched")
def test_up_down_up() -> None:
    upgrade()
    assert tables() > {"users", "cells", "projects"}

    downgrade(revision="base")
    assert tables() == {"alembic_version"}

    upgrade()
    assert not differences()


@pytest.mark.usefixtures("untouched")
def test_a_migrated_database_keeps_its_promises() -> None:
    """The constraints are the guarantees: they must come from the migrations, not only from the models."""
    upgrade()

    with pytest.raises(Exception, match=r"(?i)constraint"), transaction():
        db.session.execute(text("INSERT INTO users (username) VALUES ('half a person')"))


@pytest.mark.usefixtures("untouched")
def test_references_are_kept_after_a_migration() -> None:
    """SQLite's are switched off while a table is made anew; they must be on again afterwards."""
    upgrade()

    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(text("PRAGMA foreign_keys")) == 1
