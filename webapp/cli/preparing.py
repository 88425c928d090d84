"""flask prepare: the database as this program needs it."""

import click

from webapp import demo, ledger, people
from webapp.lib.clock import epoch, utcnow
from webapp.lib.settings import settings


@click.command()
@click.option(
    "--demo", "port", type=int, help="Fill an empty database with the demonstration, its machines at this port."
)
def prepare(port: int | None) -> None:
    """Bring the database to where this program needs it. bin/run does this by itself."""
    from flask_migrate import upgrade

    upgrade()
    ledger.make_months(epoch(utcnow()))
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
