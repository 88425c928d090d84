"""What changes tables: for the shell only, since loading it costs the servers half a second at each start."""

from pathlib import Path

from flask import Flask

from webapp.extensions import db

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def with_migrations(app: Flask) -> None:
    """`flask db ...`, and `flask_migrate.upgrade` in this app's context."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=app.extensions["factory"].on_sqlite)


def known_revisions() -> set[str]:
    """The migrations this program has."""
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
