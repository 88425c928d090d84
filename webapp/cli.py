"""The shell's door: `flask --app webapp ...`. Each group of commands attaches itself."""

from pathlib import Path

import click
from flask import Flask

from webapp import demo, people
from webapp.extensions import db
from webapp.lib.clock import utcnow
from webapp.lib.settings import settings

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def attach(app: Flask) -> None:
    """Add each command, and each group of them."""
    for command in (prepare, demo.commands):
        app.cli.add_command(command)
    if click.get_current_context(silent=True):
        with_migrations(app)


def with_migrations(app: Flask) -> None:
    """`flask db ...`: for the shell only, since loading what migrates costs the servers half a second at each start."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=app.extensions["factory"].on_sqlite)


@click.command()
@click.option(
    "--demo", "port", type=int, help="Fill an empty database with the demonstration, its machines at this port."
)
def prepare(port: int | None) -> None:
    """Bring the database to where this program needs it. bin/run does this by itself."""
    from flask_migrate import upgrade

    upgrade()
    if port:
        click.echo("Making the demonstration (once) …")
        demo.tell_into(settings(), port)
    elif not people.has_admin():
        _show_setup_code()


def _show_setup_code() -> None:
    here, code = settings(), people.setup_code(utcnow())
    click.echo(
        f"Nobody can sign in yet. Make the first administrator at http://{here.host}:{here.port}/setup with {code}"
    )
