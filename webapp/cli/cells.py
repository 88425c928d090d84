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
def add_cell(name: str, address: str | None, heartbeat: int | None, site: str | None, **given: Any) -> None:
    """Add a cell: give it an --address to be asked at, or a --heartbeat if it reports by itself."""
    if (address is None) == (heartbeat is None):
        raise click.UsageError("Give --address or --heartbeat.")
    feed = {"driver": "http", "address": address} if address else {"driver": "push", "heartbeat": heartbeat}
    details = cells.CellDetails(name=name, site_id=site_named(site), **given, **feed)
    added = cells.add_cell(details, SHELL, utcnow(), settings().cell_networks)
    click.echo(f"{added.name} is cell {added.id}.")


def site_named(name: str | None) -> int:
    """The number of the site of that name; of the first one where none is named."""
    found = next((site for site in cells.sites() if name in (None, site.name)), None)
    return found.id if found else cells.add_site(name or "Works", settings().site_zone, 80, SHELL, utcnow()).id
