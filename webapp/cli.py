"""The shell's door: `flask --app webapp ...`. Each group of commands attaches itself."""

import click
from flask import Flask
from flask_migrate import upgrade

from webapp import people
from webapp.lib.clock import utcnow
from webapp.lib.settings import settings


def attach(app: Flask) -> None:
    """Add each command, and each group of them."""
    app.cli.add_command(prepare)


@click.command()
@click.option("--demo", is_flag=True, help="Fill an empty database with the demonstration factory.")
def prepare(demo: bool) -> None:
    """Bring the database to where this program needs it. bin/run does this by itself."""
    upgrade()
    if people.has_admin():
        return
    code = people.setup_code(utcnow())
    if code:
        here = settings()
        click.echo(
            f"Nobody can sign in yet. Make the first administrator at http://{here.host}:{here.port}/setup with {code}"
        )
