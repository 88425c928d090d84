"""A damaged database stops the start, or the run, is kept aside, told with the way back, and left as it is."""

import hashlib
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from stack import damage, preflight
from stack.problems import Problem
from tests.stack.conftest import ROOT
from tests.world import NOW
from webapp import backups
from webapp.backups import sqlite
from webapp.config import Config

Wreck = Callable[[Path], None]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A stopped product with a database of some size."""
    path = tmp_path / "factory.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE alembic_version (version_num varchar(32))")
        connection.execute("INSERT INTO alembic_version VALUES ('aa1')")
        connection.execute("CREATE TABLE things (id integer PRIMARY KEY, name text)")
        connection.executemany("INSERT INTO things (name) VALUES (?)", ((f"thing {n}",) for n in range(50_000)))
        connection.execute("CREATE INDEX by_name ON things (name)")
        connection.commit()
    return Config(data_dir=tmp_path, database_url=f"sqlite:///{path}")


def database(config: Config) -> Path:
    return sqlite.path_of(config.database_url)


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_within_a_page(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 100)


def full_of_noise(path: Path) -> None:
    path.write_bytes(random.Random(7).randbytes(300_000))


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def emptied_with_changes_beside_it(path: Path) -> None:
    os.truncate(path, 0)
    Path(f"{path}-wal").write_bytes(b"changes" * 1000)


def a_page_lost(path: Path) -> None:
    with open(path, "rb+") as file:
        file.seek(4096 * 30)
        file.write(random.Random(7).randbytes(4096))


def twenty_bytes_changed(path: Path) -> None:
    dice = random.Random(3)
    with open(path, "rb+") as file:
        for _ in range(20):
            file.seek(dice.randrange(path.stat().st_size))
            file.write(dice.randbytes(1))


def gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("stopped_in_order", [True, False])
@pytest.mark.parametrize(
    ("wreck", "says"),
    [
        (cut_short, "it ends after"),
        (cut_within_a_page, "it ends after"),
        (full_of_noise, "file is not a database"),
        (emptied, "the file is empty"),
        (emptied_with_changes_beside_it, "though changes wait beside it"),
        (a_page_lost, "damaged"),
        (twenty_bytes_changed, "damaged"),
        (gone, "it is not there, though its backups are"),
    ],
)
def test_what_is_damaged_is_said_with_the_way_back(
    config: Config, wreck: Wreck, says: str, stopped_in_order: bool
) -> None:
    backup = backups.make(config, backups.folder_of(config.data_dir), NOW)
    wreck(database(config))
    before = fingerprint(config)

    with pytest.raises(Problem) as refusal:
        damage.look_for_damage(config, stopped_in_order)

    told = str(refusal.value)
    assert says in told
    assert f"DATA_DIR={config.data_dir} .venv/bin/flask --app webapp restore {backup.path}" in told
    assert "\n" not in told
    assert fingerprint(config) == before


def fingerprint(config: Config) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in config.data_dir.glob("factory.db*")
        if not path.name.endswith("-shm") and ".damaged-" not in path.name
    }


def test_a_sound_one_is_let_through(config: Config) -> None:
    damage.look_for_damage(config, stopped_in_order=False)


def test_one_that_was_killed_in_the_middle_of_its_work_is_sound(config: Config) -> None:
    with closing(sqlite3.connect(database(config))) as connection:
        connection.execute("INSERT INTO things (name) VALUES ('the last')")
        connection.commit()
        killed = {path: path.read_bytes() for path in [database(config), *sqlite.beside(database(config))]}
    for path, content in killed.items():
        path.write_bytes(content)

    damage.look_for_damage(config, stopped_in_order=False)

    assert Path(f"{database(config)}-wal").stat().st_size > 0


def test_the_newest_backup_that_is_good_is_named(config: Config) -> None:
    folder = backups.folder_of(config.data_dir)
    good = backups.make(config, folder, NOW)
    bad = backups.make(config, folder, NOW.replace(hour=12))
    cut_short(bad.path)
    cut_short(database(config))

    with pytest.raises(Problem, match=good.path.name):
        damage.look_for_damage(config, stopped_in_order=True)


def test_without_a_backup_it_says_where_to_read_on(config: Config) -> None:
    cut_short(database(config))

    with pytest.raises(Problem, match=r"There is no good backup in .*docs/operations.md"):
        damage.look_for_damage(config, stopped_in_order=True)


def test_a_first_start_has_nothing_to_look_at(tmp_path: Path) -> None:
    damage.look_for_damage(Config(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/factory.db"), False)


def test_the_database_of_another_program_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "factory.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (id integer)")

    with pytest.raises(Problem, match="of another program"):
        damage.look_for_damage(Config(data_dir=tmp_path, database_url=f"sqlite:///{path}"), False)


def test_after_a_stop_in_order_the_look_goes_on_beside_the_run(config: Config) -> None:
    look = damage.Look(config)
    look.begin(0, say=pytest.fail)
    assert not look.found()

    a_page_lost(database(config))
    late = damage.Look(config)
    with suppress(Problem):
        late.begin(0, say=pytest.fail)

    with pytest.raises(Problem, match="is damaged"):
        late.to_its_end()
    assert late.found()


def test_a_copy_is_kept_once_and_is_what_a_restore_leaves(config: Config) -> None:
    backup = backups.make(config, backups.folder_of(config.data_dir), NOW)
    a_page_lost(database(config))
    damaged = database(config).read_bytes()

    for _ in range(2):
        with pytest.raises(Problem, match=r"a copy is kept as \S+factory\.db\.damaged-"):
            damage.look_for_damage(config, stopped_in_order=True)
    [aside] = config.data_dir.glob("factory.db.damaged-*Z")
    restored = backups.restore_sqlite(config, backup.path, NOW, settle=lambda _: None)

    assert aside.read_bytes() == damaged
    assert restored.aside == str(aside)
    assert [*config.data_dir.glob("factory.db.damaged-*Z")] == [aside]


def test_a_run_says_once_that_it_was_stopped_in_order(tmp_path: Path) -> None:
    with preflight.alone(tmp_path) as run:
        assert not damage.was_stopped_in_order(run)
        damage.note_a_stop(run)

        assert damage.was_stopped_in_order(run)
        assert not damage.was_stopped_in_order(run)


def test_bin_run_ends_with_status_2_and_one_line(config: Config) -> None:
    backups.make(config, backups.folder_of(config.data_dir), NOW)
    cut_short(database(config))
    environment = {
        **os.environ,
        "DATA_DIR": str(config.data_dir),
        "DATABASE_URL": "",
        "PORT": str(preflight.free_port(0)),
    }

    ended = subprocess.run(
        [sys.executable, "-m", "stack"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )

    assert ended.returncode == 2
    assert "is damaged: it ends after" in ended.stderr
    assert ended.stderr.count("\n") == 1
