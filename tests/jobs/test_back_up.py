"""The night's backup: made once, kept in number, and left out where the product needs the room."""

from collections import namedtuple
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from webapp import backups
from webapp.backups import making
from webapp.jobs import work
from webapp.jobs.clock import Chore, Ringer, timetable

Room = namedtuple("Room", "free")
SLOT = 1_772_625_600


@pytest.fixture
def by_night(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[int], list[backups.Backup]]:
    """Let an hour come, with so many to keep; what is there afterwards."""

    def come(keep: int) -> list[backups.Backup]:
        config = replace(app.extensions["factory"], keep_backups=keep, data_dir=tmp_path)
        monkeypatch.setitem(app.extensions, "factory", config)
        work.back_up(SLOT)
        return backups.kept(backups.folder_of(tmp_path))

    return come


def test_it_is_made_once_a_night(by_night: Callable[[int], list[backups.Backup]]) -> None:
    first = by_night(7)

    assert len(first) == 1
    assert by_night(7) == first


def test_it_takes_the_place_of_the_oldest(by_night: Callable[[int], list[backups.Backup]], tmp_path: Path) -> None:
    [made] = by_night(2)
    for day in (1, 2, 3):
        made.path.with_name(f"factory-2026010{day}T010500Z{made.path.suffix}").touch()
    made.path.unlink()

    assert [backup.path.name[:16] for backup in by_night(2)][1:] == ["factory-20260103"]


def test_none_is_made_where_none_are_kept(by_night: Callable[[int], list[backups.Backup]]) -> None:
    assert by_night(0) == []


def test_a_full_disk_is_left_to_the_product_with_a_warning(
    by_night: Callable[[int], list[backups.Backup]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(making.shutil, "disk_usage", lambda path: Room(free=10_000))

    assert by_night(7) == []

    assert "less than twice the room" in caplog.text


def test_the_clock_does_not_stop_for_it(caplog: pytest.LogCaptureFixture) -> None:
    [chore] = [chore for chore in timetable(making.Config()) if chore.name == "back_up"]
    asked: list[Chore] = []

    Ringer("unix:///nonexistent.sock", lambda: asked.append(chore) or Flask("never"))(chore, SLOT)

    assert not asked
    assert "back_up has to wait" in caplog.text
