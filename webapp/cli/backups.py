"""flask backup, flask restore: the whole database as one file, and back."""

import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click
from flask import Flask, current_app

from webapp import backups, cells, journal, people
from webapp.backups import BackupFailed
from webapp.cli.migrating import known_revisions, with_migrations
from webapp.cli.spoken import SHELL, SpokenCommand
from webapp.config import Config
from webapp.extensions import db, transaction
from webapp.lib.clock import utcnow
from webapp.lib.locked import Busy, locked
from webapp.lib.settings import settings

FILE = click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path)
FOLDER = click.Path(file_okay=False, resolve_path=True, path_type=Path)


@click.command(cls=SpokenCommand)
@click.argument("folder", required=False, type=FOLDER)
@click.option("--keep", type=click.IntRange(1), help="Afterwards remove all but the newest so many.")
def backup(folder: Path | None, keep: int | None) -> None:
    """Back up the database, while it is used, into FOLDER (DATA_DIR/backups)."""
    config, begun = settings(), time.monotonic()
    made = backups.make(config, folder or backups.folder_of(config.data_dir), utcnow(), keep)
    click.echo(f"{made.path}: {made.bytes / 1e6:,.1f} MB, checked, in {time.monotonic() - begun:.1f} s")


@click.command(cls=SpokenCommand)
@click.argument("file", type=FILE)
def restore(file: Path) -> None:
    """Put the backup FILE in the place of the database, which is kept aside. The product must be stopped."""
    config, now = settings(), utcnow()
    run = config.data_dir / "run"
    run.mkdir(parents=True, exist_ok=True)
    try:
        with locked(run / "lock"):
            backups.check(config, file, known_revisions())
            restored = _restore(config, file, now)
    except Busy:
        raise BackupFailed(
            f"bin/run is using DATA_DIR {config.data_dir}: stop it first, with Ctrl-C or SIGTERM"
        ) from None
    _say(file, restored.aside)


def _restore(config: Config, file: Path, now: datetime) -> backups.Restored:
    if not config.on_sqlite:
        restored = backups.restore_postgresql(config, file, now)
        _settle(current_app._get_current_object(), file, now)  # type: ignore[attr-defined]
        return restored
    return backups.restore_sqlite(config, file, now, lambda copy: _settle_file(config, copy, file, now))


def _settle_file(config: Config, copy: Path, file: Path, now: datetime) -> None:
    import webapp  # it imports this door

    app = webapp.create_app(replace(config, database_url=f"sqlite:///{copy}"))
    _settle(app, file, now)


def _settle(app: Flask, file: Path, now: datetime) -> None:
    """Bring what was put back to where this program and the world are by now."""
    from flask_migrate import upgrade

    with_migrations(app)
    with app.app_context():
        try:
            upgrade()
            people.end_every_session(SHELL, now)
            cells.outrun_fences(now)
            with transaction():
                journal.record("restored a backup", "factory", SHELL, now, file=file.name)
        finally:
            db.session.remove()
            db.engine.dispose()


def _say(file: Path, aside: str | None) -> None:
    click.echo(f"Restored {file}.")
    if aside:
        click.echo(f"What was there before is kept: {aside}")
    click.echo("Everybody has to sign in again. Accounts and tokens are as they were: end again what was ended since.")
    click.echo("Next: start the product with bin/run.")
