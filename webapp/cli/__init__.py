"""The shell's door: `flask --app webapp ...`. A file for each group of commands."""

from pathlib import Path

import click
from flask import Flask

from webapp import demo
from webapp.cli.cells import cell
from webapp.cli.preparing import prepare
from webapp.cli.setups import setup
from webapp.cli.tokens import token
from webapp.cli.users import user
from webapp.extensions import db

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
COMMANDS = [prepare, demo.commands, user, cell, token, setup]


def attach(app: Flask) -> None:
    """Add each command, and each group of them."""
    for command in COMMANDS:
        app.cli.add_command(command)
    if click.get_current_context(silent=True):
        with_migrations(app)


def with_migrations(app: Flask) -> None:
    """`flask db ...`: for the shell only, since loading what migrates costs the servers half a second at each start."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=app.extensions["factory"].on_sqlite)
