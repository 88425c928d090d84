"""flask history: what happened before this program, or while it was away."""

import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from webapp import cells
from webapp.cells import ImportRules, StateImport
from webapp.cli.cells import site_named
from webapp.cli.spoken import SHELL, Spoken
from webapp.extensions import db
from webapp.lib.clock import utcnow
from webapp.lib.settings import settings

#: The good rows are in, others were refused.
SOME_REFUSED = 3
SHOWN = 10


@click.group(cls=Spoken)
def history() -> None:
    """What cells did in the past."""


def _pairs(context: click.Context, option: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    """("time=Zeit",) -> {"time": "Zeit"}."""
    pairs = [text.partition("=") for text in given]
    if any(not equals for _, equals, _ in pairs):
        raise click.BadParameter(f"write it as in {option.metavar}")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _several(name: str, metavar: str, says: str) -> Any:
    return click.option(name, multiple=True, metavar=metavar, callback=_pairs, help=says)


@history.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--zone", help="Whose clock times are read by that do not say. [default: the first site's]")
@click.option("--shape", type=click.Choice(list(cells.IMPORT_SHAPES)), help="[default: as the header tells]")
@_several("--column", "ROLE=NAME", "What a column is for, where its name does not tell: time=Zeitpunkt.")
@click.option("--cell", "of_cell", metavar="NAME", help="Whose all of it is, where no column names the cell.")
@_several("--word", "WORD=STATE", "What a word of the file means: an=running. May be given several times.")
@_several("--key", "KEY=KEY", "Which item a key is: Program_Status=execution. May be given several times.")
@click.option(
    "--vocabulary", type=click.Choice(list(cells.VOCABULARIES)), help="The words of data items. [default: mtconnect]"
)
@click.option("--silence", type=int, help="Minutes for which the last word holds; 0: until the next. [default: 1440]")
@click.option("--not-before", help="Rows before this day are refused: 2016-01-01. [default: 20 years ago]")
@click.option("--correct", "why", help="These correct what machines said, and this is why.")
@click.option("--make-cells", type=click.Choice(["retired", "in service"]), help="Make cells that are not there.")
@click.option("--kind", "new_kind", help="What cells that are made are. [default: machine]")
@click.option("--site", help="Where they stand: a site's name. [default: the first]")
@click.option(
    "--all-or-nothing", "most_bad", type=click.IntRange(0, 100), help="Write nothing if more per cent are bad."
)
def bring_in(
    file: Path, zone: str | None, site: str | None, make_cells: str | None, why: str | None, **given: Any
) -> None:
    """Bring in a CSV, or .csv.gz, of what cells did. Again, or in another order, it comes to the same.

    Ends with 0 when all of it is in, with 3 when some rows were refused, with 1 when nothing was written.
    """
    folder = settings().data_dir / "imports"
    site_id = site_named(site)
    with file.open("rb") as content:
        job = cells.offer_import(content, file.name, zone or _site_zone(), SHELL, utcnow(), folder)
    rules = {**job.rules, **_told(given, job.rules), "site_id": site_id, "new_cells": make_cells or "refuse"}
    if why:
        rules |= {"source": "person", "why": why}
    cells.settle_import(job.id, ImportRules(**rules), folder)
    _warn_of_days(job.id, folder)
    cells.begin_import(job.id, SHELL, utcnow(), folder)
    _tell_end(_watched(job.id, folder), folder)


def _warn_of_days(import_id: int, folder: Path) -> None:
    now, keep = utcnow(), settings().keep_seconds_days
    before = cells.days_only_before(now, timedelta(days=keep))
    if old := cells.import_preview(import_id, now, folder, days_before=before).too_old:
        told = f"{old:,} of the first rows are older than {keep:,} days, from before {before:%Y-%m-%d}: after the next"
        click.echo(f"{told} night they will be kept by whole days (UTC). KEEP_BLOCKS_DAYS says for how long.", err=True)


def _site_zone() -> str:
    return next((site.zone for site in cells.sites()), settings().site_zone)


def _told(given: dict[str, Any], guessed: dict[str, Any]) -> dict[str, Any]:
    """The options somebody gave, by the rules' names."""
    columns, words, keys = given.pop("column"), given.pop("word"), given.pop("key")
    told = {name: value for name, value in given.items() if value is not None}
    if told.get("silence") == 0:
        told["silence"] = None
    return {**told, "columns": {**guessed["columns"], **columns}, "words": words, "keys": keys}


def _watched(import_id: int, folder: Path) -> StateImport:
    """Go on with it to its end, beside whoever else does."""
    while True:
        cells.go_on_importing(folder, utcnow, within=1.0)
        db.session.expire_all()
        job = cells.one_import(import_id)
        done = f"{job.lines:,} lines, {job.refused:,} refused, {job.cells_done} of {job.cells or '?'} cells"
        click.echo(f"\r{done}", nl=False, err=True)
        if not job.under_way:
            click.echo("", err=True)
            return job
        if job.turn_until:
            time.sleep(0.5)


def _tell_end(job: StateImport, folder: Path) -> None:
    if job.status != "done":
        raise click.ClickException(f"Nothing more was written: {job.problem or job.status}.")
    for result, cell in cells.import_results(job.id):
        hours = ", ".join(f"{state} {seconds / 3600:,.1f} h" for state, seconds in result.seconds.items())
        click.echo(f"{cell.name}: {result.rows:,} rows, {hours or 'nothing told'}")
    for line, what, accepted in cells.import_refusals(job.id, folder, SHOWN):
        click.echo(f"line {line}: {what}; accepted: {accepted}", err=True)
    if job.refused:
        click.echo(f"{job.refused:,} rows were refused: {cells.refused_file(job.id, folder)}", err=True)
        raise SystemExit(SOME_REFUSED)
