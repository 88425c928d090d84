"""One command, while the product is written to."""

import resource
import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests.backups.load import Writers
from tests.world import NOW
from webapp import backups, journal
from webapp.backups import postgresql
from webapp.config import Config
from webapp.lib.locked import locked

pytestmark = pytest.mark.usefixtures("app")
Room = namedtuple("Room", "free")


def make(config: Config, folder: Path, days: int = 0, **more: Any) -> backups.Backup:
    return backups.make(config, folder, NOW + timedelta(days=days), **more)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def test_it_says_where_and_how_big_and_is_its_owners_alone(app: Flask, folder: Path) -> None:
    said = app.test_cli_runner().invoke(args=["backup", str(folder)])

    [made] = backups.kept(folder)
    assert said.exit_code == 0, said.output
    assert str(made.path) in said.output
    assert "MB, checked, in" in said.output
    assert abs(datetime.now(UTC) - made.at) < timedelta(minutes=1)
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_nothing_acknowledged_before_it_began_is_missing(
    app: Flask, config: Config, folder: Path, stopped: Callable[..., Result]
) -> None:
    with Writers(app, 3) as writers:
        writers.wait_for(30)
        before = set(writers.acknowledged)
        made = make(config, folder)
        writers.wait_for(len(before) + 10)

    said = stopped("restore", made.path)

    kept = {entry.subject for entry in journal.recent(kind="load", limit=100_000)}
    assert said.exit_code == 0, said.output
    assert len(before) >= 30
    assert before - kept == set()


def test_older_ones_go_once_the_new_one_was_checked(config: Config, folder: Path) -> None:
    for day in range(3):
        make(config, folder, day)

    make(config, folder, 3, keep=2)

    assert [backup.at for backup in backups.kept(folder)] == [NOW + timedelta(days=3), NOW + timedelta(days=2)]


def test_a_disk_that_fills_leaves_nothing_behind_and_the_older_ones(config: Config, folder: Path) -> None:
    make(config, folder)
    make(config, folder, 1)
    before = names(folder)

    with full_disk(), pytest.raises(backups.BackupFailed) as refusal:
        make(config, folder, 2, keep=1)

    assert names(folder) == before
    assert "\n" not in refusal.value.message


@contextmanager
def full_disk() -> Iterator[None]:
    """Files end at 32 KiB: one that grows beyond fails as on a disk without room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (32_768, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_what_a_killed_backup_left_is_removed_by_the_next(config: Config, folder: Path) -> None:
    folder.mkdir()
    (folder / ".factory-20260301T010000Z.db.part").write_text("half a")
    (folder / ".factory-20260301T010000Z.db.part-journal").write_text("half a")
    (folder / "factory-of-my-own.db").touch()

    made = make(config, folder)

    assert names(folder) == sorted([made.path.name, "factory-of-my-own.db"])


def test_a_folder_that_cannot_be_written_is_one_sentence(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    said = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "file" / "backups")])

    assert said.exit_code == 1
    assert "cannot be written: Not a directory" in said.output
    assert said.output.count("\n") == 1


def test_two_at_once_do_not_meet(config: Config, folder: Path) -> None:
    folder.mkdir()

    with locked(folder / ".lock"), pytest.raises(backups.BackupFailed, match="Another backup"):
        make(config, folder)


def test_a_backup_is_never_written_over(config: Config, folder: Path) -> None:
    made = make(config, folder)
    before = made.path.read_bytes()

    with pytest.raises(backups.BackupFailed, match="is there already"):
        make(config, folder)

    assert made.path.read_bytes() == before


def test_a_disk_without_room_is_not_filled(config: Config, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert backups.has_room(config, folder)

    monkeypatch.setattr(shutil, "disk_usage", lambda path: Room(free=10_000))

    assert not backups.has_room(config, folder)


@pytest.mark.parametrize(
    ("newest", "due"),
    [(None, True), ("2026-03-04T01:05:00+00:00", False), ("2026-03-04T00:55:00+00:00", True)],
)
def test_the_nights_backup_is_owed_until_it_is_there(folder: Path, newest: str | None, due: bool) -> None:
    folder.mkdir()
    if newest:
        (folder / f"factory-{datetime.fromisoformat(newest):%Y%m%dT%H%M%S}Z.db").touch()

    assert backups.is_due(folder, NOW) is due


def test_without_the_programs_of_postgresql(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgresql, "DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", "")

    with pytest.raises(backups.BackupFailed, match=r"pg_dump of PostgreSQL 16 or newer is needed .*-client-16"):
        postgresql.tool("pg_dump", 16)


def test_a_program_older_than_the_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for version in (13, 14):
        program = tmp_path / str(version) / "bin" / "pg_dump"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.3 (Debian)'\n")
        program.chmod(0o755)
    monkeypatch.setattr(postgresql, "DEBIAN", tmp_path)
    monkeypatch.setattr(postgresql.shutil, "which", lambda name: None)

    assert "/13/" in postgresql.tool("pg_dump", 12)
    assert "/14/" in postgresql.tool("pg_dump", 14)
    with pytest.raises(backups.BackupFailed, match="there is only that of 14"):
        postgresql.tool("pg_dump", 15)


def test_no_password_is_said_or_seen(config: Config, folder: Path) -> None:
    elsewhere = replace(config, database_url="postgresql+psycopg://factory:hunter2@127.0.0.1:1/factory")

    with pytest.raises(backups.BackupFailed, match="cannot be reached") as refusal:
        make(elsewhere, folder)

    assert "hunter2" not in refusal.value.message
    assert "hunter2" not in str(postgresql.target_words(elsewhere.database_url))
    assert names(folder) == []
