"""flask token: bearer tokens for programs and cells."""

from datetime import timedelta

import click

from webapp import cells, people
from webapp.cli.spoken import SHELL, Spoken
from webapp.lib.clock import utcnow
from webapp.lib.refusal import NotFound


@click.group(cls=Spoken)
def token() -> None:
    """Bearer tokens for programs and cells."""


@token.command("add")
@click.argument("username", required=False)
@click.option("--cell", "cell_name", help="Make a cell's token instead: it may report for that cell and nothing else.")
@click.option("--name", default="from the shell", show_default=True, help="What it is for.")
@click.option("--scope", default="all", show_default=True, type=click.Choice(list(people.SCOPES)))
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3650), help="How long it works.")
def add_token(username: str | None, cell_name: str | None, name: str, scope: str, days: int) -> None:
    """Make a token for a person, or with --cell for a cell, and print it: it is shown this once."""
    if bool(username) == bool(cell_name):
        raise click.UsageError("Name a person, or a cell with --cell.")
    now = utcnow()
    if cell_name:
        _, secret = people.issue_cell_token(_cell_id(cell_name), name, SHELL, now)
    else:
        person = people.user_named(username or "")
        _, secret = people.issue_token(person.id, name, scope, now + timedelta(days=days), SHELL, now)
    click.echo(secret)


def _cell_id(name: str) -> int:
    cell = cells.by_name(name)
    if cell is None:
        raise NotFound(f"There is no cell called {name}")
    return cell.id
