"""What backups are called, where they lie, and how one comes to be there: whole, or not at all."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from webapp.lib.locked import Busy, locked
from webapp.lib.refusal import Refusal

NAME = re.compile(r"factory-(\d{8}T\d{6})Z\.(db|dump)")
STAMP = "%Y%m%dT%H%M%S"
#: The first bytes of a file say what it is, whatever it is called.
KINDS = {b"SQLite format 3\0": "SQLite", b"PGDMP": "PostgreSQL"}


class BackupFailed(Refusal):
    """No backup was made, or none was restored; its text is the one sentence a person needs."""


@dataclass(frozen=True)
class Backup:
    """at: when it was begun; what was acknowledged before then is in it."""

    path: Path
    at: datetime
    bytes: int


def folder_of(data_dir: Path) -> Path:
    """Where backups go unless told otherwise."""
    return data_dir / "backups"


def name_of(at: datetime, suffix: str) -> str:
    return f"factory-{at.astimezone(UTC):{STAMP}}Z.{suffix}"


def kept(folder: Path) -> list[Backup]:
    """What is there, newest first."""
    found = [(NAME.fullmatch(path.name), path) for path in folder.glob("factory-*")]
    backups = [Backup(path, _time(name[1]), path.stat().st_size) for name, path in found if name]
    return sorted(backups, key=lambda backup: backup.path.name, reverse=True)


def _time(stamp: str) -> datetime:
    return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)


def newest_good(folder: Path, is_good: Callable[[Path], bool]) -> Backup | None:
    return next((backup for backup in kept(folder) if is_good(backup.path)), None)


def kind_of(path: Path) -> str | None:
    """SQLite, PostgreSQL, or None: no backup of ours."""
    try:
        with open(path, "rb") as file:
            start = file.read(16)
    except OSError as error:
        raise BackupFailed(f"{path} cannot be read: {error.strerror}") from None
    return next((kind for magic, kind in KINDS.items() if start.startswith(magic)), None)


@contextmanager
def place_for(folder: Path, name: str) -> Iterator[Path]:
    """An empty file to write the backup into. It gets its name when all went well, and is gone when not.

    What a killed backup left behind is removed first.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(folder / ".lock"):
            for left in folder.glob(".factory-*.part*"):
                left.unlink()
            if (folder / name).exists():
                raise BackupFailed(f"{folder / name} is there already")
            yield from _one_place(folder, name)
    except Busy:
        raise BackupFailed(f"Another backup into {folder} is being made") from None
    except OSError as error:
        raise BackupFailed(f"No backup was made: {folder} cannot be written: {error.strerror}") from None


def _one_place(folder: Path, name: str) -> Iterator[Path]:
    part = folder / f".{name}.part"
    os.close(os.open(part, os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield part
        sync(part)
        part.rename(folder / name)
    finally:
        for left in folder.glob(f"{part.name}*"):
            left.unlink()
        sync(folder)


def sync(path: Path) -> None:
    """On the disk, not only on its way there."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def forget_older(folder: Path, keep: int, suffix: str) -> list[Path]:
    """Remove all but the newest so many of that kind; what was removed."""
    old = [backup.path for backup in kept(folder) if backup.path.suffix == f".{suffix}"][keep:]
    for path in old:
        path.unlink(missing_ok=True)
    return old
