"""The shell's door: `flask --app webapp ...`. A file for each group of commands."""

import click
from flask import Flask

from webapp import demo
from webapp.cli.backups import backup, restore
from webapp.cli.cells import cell
from webapp.cli.history import history
from webapp.cli.ledgers import ledgers
from webapp.cli.migrating import MIGRATIONS, with_migrations
from webapp.cli.preparing import prepare
from webapp.cli.setups import setup
from webapp.cli.tokens import token
from webapp.cli.users import user

__all__ = ["MIGRATIONS", "attach", "with_migrations"]
COMMANDS = [prepare, demo.commands, user, cell, history, ledgers, token, setup, backup, restore]


def attach(app: Flask) -> None:
    """Add each command, and each group of them."""
    for command in COMMANDS:
        app.cli.add_command(command)
    if click.get_current_context(silent=True):
        with_migrations(app)
