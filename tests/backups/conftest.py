"""Backups of the tests' own database, and a product that is stopped enough to be restored."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from webapp.extensions import db


@pytest.fixture
def stopped(app: Flask) -> Iterator[Callable[..., Result]]:
    """A command at the shell, while nobody is connected; what was kept aside goes afterwards."""

    def run(*words: object) -> Result:
        db.session.remove()
        db.engine.dispose()
        return app.test_cli_runner().invoke(args=[str(word) for word in words])

    yield run
    db.session.remove()
    if db.engine.dialect.name == "postgresql":
        for schema in asides():
            _run(f"DROP SCHEMA {schema} CASCADE")


def asides() -> list[str]:
    """The schemas that restores left."""
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore_%'"))
        return [row[0] for row in found]


def _run(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"
