"""flask ledger: the history of states beyond one plain database."""

import click

from webapp import ledger
from webapp.cli.spoken import Spoken


@click.group(name="ledger", cls=Spoken)
def ledgers() -> None:
    """The history of states beyond one plain database."""


@ledgers.command("distribute")
@click.option("--engine", type=click.Choice(ledger.ENGINES), default="citus", show_default=True)
@click.option(
    "--apply", "applied", is_flag=True, help="Say it to the database instead of printing it. Stop bin/run first."
)
def distribute(engine: str, applied: bool) -> None:
    """Print, or apply, what hands the history to Citus (books over machines) or TimescaleDB (rows packed).

    Exit code 1, with the reason, where the database does not have the extension.
    """
    if applied:
        ledger.distribute(engine)
        click.echo(f"The history is with {engine} now.")
        return
    for statement in ledger.ddl(engine):
        click.echo(f"{statement};")
    ledger.check_engine(engine)
