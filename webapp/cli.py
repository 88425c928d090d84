"""The shell's door: `flask --app webapp ...`. Each group of commands attaches itself."""

import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from flask import Flask

from webapp import cells, demo, people
from webapp.extensions import db
from webapp.lib.clock import utcnow
from webapp.lib.refusal import NotFound, Refusal
from webapp.lib.settings import settings

#: How the journal names whoever sits at the server.
SHELL = "the shell"
MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def attach(app: Flask) -> None:
    """Add each command, and each group of them."""
    for command in (prepare, demo.commands, user, cell, token, setup):
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


class Spoken(click.Group):
    """Commands whose refusals are said in the shell's way: the reason, and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refusal as no:
            raise click.ClickException(_said(no)) from None


def _said(no: Refusal) -> str:
    fields = no.details.get("fields")
    if not isinstance(fields, dict):
        return no.message
    return "; ".join(f"{name} {words}" for name, says in fields.items() for words in says)


@click.group(cls=Spoken)
def user() -> None:
    """People who sign in."""


password_from_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@user.command("add")
@click.argument("username")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(list(people.ROLES)))
@click.option("--first-name", default="")
@click.option("--last-name", default="")
@password_from_stdin
def add_user(username: str, roles: Sequence[str], first_name: str, last_name: str, password_stdin: bool) -> None:
    """Add a person. The first --role decides the page they land on."""
    password = _password(password_stdin)
    added = people.add_user(username, password, roles, utcnow(), SHELL, first_name, last_name)
    click.echo(f"{added.username} can sign in now.")


@user.command("password")
@click.argument("username")
@password_from_stdin
def set_password(username: str, password_stdin: bool) -> None:
    """Set a new password; it ends every session and token of this person."""
    person = people.user_named(username)
    people.change_password(person.id, None, _password(password_stdin), SHELL, utcnow())
    click.echo("The new password is set; every session and token of this person has ended.")


@click.group(cls=Spoken)
def cell() -> None:
    """Places where work runs."""


@cell.command("add")
@click.argument("name")
@click.option("--kind", required=True, help='What projects may ask for: "5-axis mill".')
@click.option("--site", help="Its name; made, with SITE_ZONE as its zone, where there is none of that name yet.")
@click.option("--location", default="", help="The bay, as people call it.")
@click.option("--tag", "tags", multiple=True, help="May be given several times.")
@click.option("--address", help="Asked over HTTP at this address, which CELL_NETWORKS must allow.")
@click.option("--heartbeat", type=int, help="Reports by itself instead, at least every so many seconds.")
def add_cell(name: str, address: str | None, heartbeat: int | None, site: str | None, **given: Any) -> None:
    """Add a cell: give it an --address to be asked at, or a --heartbeat if it reports by itself."""
    if (address is None) == (heartbeat is None):
        raise click.UsageError("Give --address or --heartbeat.")
    feed = {"driver": "http", "address": address} if address else {"driver": "push", "heartbeat": heartbeat}
    details = cells.CellDetails(name=name, site_id=_site_id(site), **given, **feed)
    added = cells.add_cell(details, SHELL, utcnow(), settings().cell_networks)
    click.echo(f"{added.name} is cell {added.id}.")


def _site_id(name: str | None) -> int:
    """The site of that name; the first one where none is named."""
    found = next((site for site in cells.sites() if name in (None, site.name)), None)
    return found.id if found else cells.add_site(name or "Works", settings().site_zone, 80, SHELL, utcnow()).id


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


@click.group(cls=Spoken)
def setup() -> None:
    """The first administrator."""


@setup.command("code")
def make_setup_code() -> None:
    """Print a new one-time code for the page /setup, in place of any earlier one."""
    code = people.setup_code(utcnow())
    if code is None:
        raise click.ClickException("There is an administrator already.")
    click.echo(code)
