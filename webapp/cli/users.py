"""flask user: people who sign in."""

import sys
from collections.abc import Sequence

import click

from webapp import people
from webapp.cli.spoken import SHELL, Spoken
from webapp.lib.clock import utcnow


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
