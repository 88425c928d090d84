"""flask setup: the first administrator."""

import click

from webapp import people
from webapp.cli.spoken import Spoken
from webapp.lib.clock import utcnow


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
