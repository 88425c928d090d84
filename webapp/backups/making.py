"""A backup made while the product runs."""

import shutil
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from webapp.backups import postgresql, sqlite
from webapp.backups.files import Backup, BackupFailed, forget_older, kept, name_of, place_for
from webapp.config import Config

#: Of the day, UTC: from then on the night's backup is owed.
NIGHT = timedelta(hours=1)


def make(config: Config, folder: Path, now: datetime, keep: int | None = None) -> Backup:
    """One that was checked, and has its name only since. keep: remove all but the newest so many, afterwards.

    Raises BackupFailed; then the older ones are all still there, and nothing of the new one is.
    """
    suffix = "db" if config.on_sqlite else "dump"
    name = name_of(now, suffix)
    with place_for(folder, name) as part:
        _copy_sqlite(config, part) if config.on_sqlite else postgresql.dump(config.database_url, part)
    if keep is not None:
        forget_older(folder, keep, suffix)
    return Backup(folder / name, now, (folder / name).stat().st_size)


def _copy_sqlite(config: Config, part: Path) -> None:
    source = sqlite.path_of(config.database_url)
    if not source.exists():
        raise BackupFailed(f"There is no database {source}")
    _refuse_to_fill(part.parent, sqlite.size(source))
    try:
        sqlite.copy(source, part)
        sqlite.check(part)
    except sqlite3.Error as error:
        raise BackupFailed(f"No backup was made of {source}: {error}") from None
    except sqlite.Damaged as damage:
        raise BackupFailed(f"No backup was made: {source} is damaged ({damage}); older backups are kept") from None


def _refuse_to_fill(folder: Path, needed: int) -> None:
    """A disk that a backup fills is often the one that the product writes to."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BackupFailed(f"No backup was made: {folder} has {free:,} bytes free, and it may need {needed:,}")


def is_due(folder: Path, now: datetime) -> bool:
    """Whether the night's backup is owed: by a machine that is off at night, when it is on again."""
    night = (now - NIGHT).replace(hour=0, minute=0, second=0, microsecond=0) + NIGHT
    return not any(backup.at >= night for backup in kept(folder))


def has_room(config: Config, folder: Path) -> bool:
    """Twice its size: what nobody watches must leave the product room to go on writing."""
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return shutil.disk_usage(there).free >= 2 * _size(config)


def _size(config: Config) -> int:
    if config.on_sqlite:
        return sqlite.size(sqlite.path_of(config.database_url))
    return postgresql.size(config.database_url)
