"""A backup put back in the place of the database, which is kept aside. Nobody else may be using it."""

import fcntl
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from webapp.backups import postgresql, sqlite
from webapp.backups.files import STAMP, BackupFailed, kind_of, sync
from webapp.config import Config

#: Where every connection to a SQLite file holds a lock for as long as it is open: SQLite's SHARED_FIRST, SHARED_SIZE.
SHARED = (510, 0x40000002)


@dataclass(frozen=True)
class Restored:
    """aside: where what was there before is kept; None: there was nothing."""

    aside: str | None


def check(config: Config, backup: Path, known: set[str]) -> None:
    """Raises BackupFailed where it must not be restored. known: the migrations this program has."""
    kind, wanted = kind_of(backup), "SQLite" if config.on_sqlite else "PostgreSQL"
    if kind is None:
        raise BackupFailed(f"{backup} is no backup: it is neither a SQLite database nor a PostgreSQL dump")
    if kind != wanted:
        raise BackupFailed(f"{backup} is of {kind}, and the database of this product is {wanted}")
    found = _sound_sqlite(backup) if config.on_sqlite else _sound_dump(backup)
    if found is None:
        raise BackupFailed(f"{backup} is no backup of this product: it says nothing of its version")
    if found not in known:
        raise BackupFailed(f"{backup} is newer than this program (it is at {found}): restore it with the newer program")


def _sound_sqlite(backup: Path) -> str | None:
    try:
        sqlite.check(backup)
    except sqlite.Damaged as damage:
        raise BackupFailed(f"{backup} is damaged ({damage}): take an older one") from None
    except sqlite.Unread as no:
        raise BackupFailed(f"{backup} cannot be read: {no}") from None
    return sqlite.revision(backup)


def _sound_dump(backup: Path) -> str | None:
    try:
        postgresql.read_through(backup)
    except BackupFailed as failure:
        raise BackupFailed(f"{backup} cannot be read through: {failure.message}") from None
    return postgresql.revision(backup)


def restore_sqlite(config: Config, backup: Path, now: datetime, settle: Callable[[Path], None]) -> Restored:
    """settle: brings the copy to where this program needs it, before it takes its place."""
    place = sqlite.path_of(config.database_url)
    refuse_if_open(place)
    copy = place.with_name(f"{place.name}.restoring")
    try:
        for left in [copy, *sqlite.beside(copy)]:
            left.unlink(missing_ok=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(backup, copy)
        copy.chmod(0o600)
        settle(copy)
        sync(copy)
        aside = _keep_aside(place, now)
        copy.rename(place)
        sync(place.parent)
    except OSError as error:
        raise BackupFailed(
            f"Nothing was restored: {error.filename2 or error.filename} cannot be written: {error.strerror}"
        ) from None
    finally:
        for left in [copy, *sqlite.beside(copy)]:
            left.unlink(missing_ok=True)
    return Restored(aside)


def refuse_if_open(place: Path) -> None:
    """Whatever opened it: parts of the product may have been started one by one."""
    if not place.exists():
        return
    with open(place, "rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, *SHARED)
        except OSError:
            raise BackupFailed(f"{place} is in use: stop the product first, and whatever else has it open") from None


def _keep_aside(place: Path, now: datetime) -> str | None:
    """A second name for each file of it, so that at no moment there is no database; what waits beside it then goes."""
    if not place.exists():
        return None
    sound = _folded(place)
    if not sound and _is_copied(place, kept := sqlite.damaged_name(place)):
        for part in sqlite.beside(place):
            part.unlink()
        return str(kept)
    aside = _free(f"{place}.{'before-restore' if sound else 'damaged'}-{now.astimezone(UTC):{STAMP}}Z")
    for part in [place, *sqlite.beside(place)]:
        _second_name(part, Path(str(part).replace(str(place), aside, 1)))
    for part in sqlite.beside(place):
        part.unlink()
    return aside


def _is_copied(place: Path, kept: Path) -> bool:
    """Whether a start that found the damage has copied it already, with the changes that wait beside it."""
    parts = [part for part in (place, *sqlite.beside(place)) if not part.name.endswith("-shm")]
    copies = {part: Path(str(part).replace(str(place), str(kept), 1)) for part in parts}
    return all(copy.exists() and copy.stat().st_size == part.stat().st_size for part, copy in copies.items())


def _free(name: str) -> str:
    more = (f"{name}-{number}" for number in count(2))
    return next(each for each in chain([name], more) if not Path(each).exists())


def _folded(place: Path) -> bool:
    """Put into a sound database what waits beside it; a damaged one is not touched."""
    if not sqlite.is_sound(place):
        return False
    with suppress(sqlite3.Error), closing(sqlite3.connect(place)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return True


def _second_name(path: Path, name: Path) -> None:
    try:
        name.hardlink_to(path)
    except OSError:  # a file system without second names
        shutil.copy2(path, name)


def restore_postgresql(config: Config, backup: Path, now: datetime) -> Restored:
    """The tables that are there move into a schema of their own."""
    if others := postgresql.connected(config.database_url):
        raise BackupFailed(f"The product is connected to the database ({others} connections): stop it first")
    aside = f"{postgresql.ASIDE}{now.astimezone(UTC):{STAMP}}z".lower()
    postgresql.put_back(config.database_url, backup, aside)
    return Restored(f"the schema {aside}")
