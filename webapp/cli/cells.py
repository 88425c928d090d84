"""flask cell: places where work runs."""

from typing import Any

import click

from webapp import cells
from webapp.cli.spoken import SHELL, Spoken
from webapp.lib.clock import utcnow
from webapp.lib.settings import settings


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
@click.option("--by-hand", is_flag=True, help="Nothing reads it: people say when they start and complete operations.")
@click.option("--takes", multiple=True, type=click.Choice(["project", "operation"]), help="Only this work; else both.")
def add_cell(
    name: str,
    address: str | None,
    heartbeat: int | None,
    by_hand: bool,
    takes: tuple[str, ...],
    site: str | None,
    **given: Any,
) -> None:
    """Add a cell: give it an --address to be asked at, a --heartbeat if it reports by itself, or --by-hand."""
    if [address is not None, heartbeat is not None, by_hand].count(True) != 1:
        raise click.UsageError("Give one of --address, --heartbeat and --by-hand.")
    feed = {"driver": "http", "address": address} if address else {"driver": "push", "heartbeat": heartbeat}
    given |= {"driver": cells.HAND} if by_hand else feed
    given |= {"takes": takes} if takes else {}
    details = cells.CellDetails(name=name, site_id=site_named(site), **given)
    added = cells.add_cell(details, SHELL, utcnow(), settings().cell_networks)
    click.echo(f"{added.name} is cell {added.id}.")


def site_named(name: str | None) -> int:
    """The number of the site of that name; of the first one where none is named."""
    found = next((site for site in cells.sites() if name in (None, site.name)), None)
    return found.id if found else cells.add_site(name or "Works", settings().site_zone, 80, SHELL, utcnow()).id
