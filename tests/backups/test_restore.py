"""One command, while the product is stopped: whole or not at all, and what was there is kept."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask_migrate import upgrade
from sqlalchemy import text

from tests.backups.conftest import asides
from tests.world import NOW, make_cell, make_person
from webapp import backups, cells, create_app, people
from webapp.backups import postgresql, sqlite
from webapp.cli import with_migrations
from webapp.config import Config
from webapp.extensions import db, transaction
from webapp.lib.locked import locked

pytestmark = pytest.mark.usefixtures("app")
Shell = Callable[..., Result]


@pytest.fixture
def backup(config: Config, folder: Path) -> Path:
    """Of a factory where ada works, signed in, and C01 has been claimed once."""
    make_person("ada")
    people.sign_in("ada", "correct horse battery", "", "", NOW)
    cell = make_cell("C01")
    with transaction():
        claim = cells.claim(cell, "project:1", NOW)
        assert claim
        cells.release(claim, NOW, "finished", stop_owed=False)
    return backups.make(config, folder, NOW).path


def usernames() -> list[str]:
    return sorted(user.username for user in people.users())


def test_what_was_there_comes_back_and_what_came_since_is_kept_aside(
    backup: Path, stopped: Shell, config: Config
) -> None:
    make_person("sam")

    said = stopped("restore", backup)

    assert said.exit_code == 0, said.output
    assert usernames() == ["ada"]
    assert people_in(aside_of(said, config)) == ["ada", "sam"]
    assert "bin/run" in said.output


def aside_of(said: Result, config: Config) -> str:
    [line] = [line for line in said.output.splitlines() if line.startswith("What was there before is kept: ")]
    return line.rpartition(" ")[2]


def people_in(aside: str) -> list[str]:
    if aside.startswith(postgresql.ASIDE):
        with db.engine.connect() as connection:
            return sorted(row[0] for row in connection.execute(text(f"SELECT username FROM {aside}.users")))
    with closing(sqlite3.connect(aside)) as connection:
        return sorted(row[0] for row in connection.execute("SELECT username FROM users"))


def test_sessions_end_and_the_next_fence_is_one_no_cell_has_seen(backup: Path, stopped: Shell) -> None:
    stopped("restore", backup)

    cell = cells.by_name("C01")
    with transaction():
        claim = cells.claim(cell, "project:2", NOW)
    assert people.sessions_of(people.user_named("ada").id, NOW) == []
    assert claim
    assert claim.fence > 1000


def test_a_second_restore_is_as_good_as_the_first(backup: Path, stopped: Shell, config: Config) -> None:
    stopped("restore", backup)
    again = backups.make(config, backup.parent, NOW.replace(hour=12))
    make_person("sam")
    time.sleep(1)  # what is kept aside is named by the second

    said = stopped("restore", again.path)

    assert said.exit_code == 0, said.output
    assert usernames() == ["ada"]


def test_a_running_product_is_not_pulled_from_under_itself(backup: Path, stopped: Shell, config: Config) -> None:
    (config.data_dir / "run").mkdir(exist_ok=True)

    with locked(config.data_dir / "run" / "lock"):
        said = stopped("restore", backup)

    assert said.exit_code == 1
    assert "stop it first, with Ctrl-C or SIGTERM" in said.output


def test_a_part_of_it_that_runs_by_itself_is_noticed(
    backup: Path, stopped: Shell, config: Config, tmp_path: Path
) -> None:
    with somebody_connected(config, tmp_path):
        said = stopped("restore", backup)

    assert said.exit_code == 1
    assert "stop the product first" in said.output or "stop it first" in said.output
    assert usernames() == ["ada"]


ELSEWHERE = """
import sys
from sqlalchemy import create_engine, text
from webapp.lib.engines import engine_options
import webapp.extensions
with create_engine(sys.argv[1], **engine_options(sys.argv[1])).connect() as connection:
    connection.execute(text("SELECT count(*) FROM users"))
    connection.rollback()
    print("ready", flush=True)
    sys.stdin.read()
"""


@contextmanager
def somebody_connected(config: Config, folder: Path) -> Iterator[None]:
    command = [sys.executable, "-c", ELSEWHERE, config.database_url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline() == "ready\n"
        yield
        other.communicate()


def test_a_backup_that_is_cut_short_changes_nothing(backup: Path, stopped: Shell, tmp_path: Path) -> None:
    make_person("sam")
    cut = tmp_path / backup.name
    cut.write_bytes(backup.read_bytes()[: backup.stat().st_size * 2 // 3])

    said = stopped("restore", cut)

    assert said.exit_code == 1
    assert "damaged" in said.output or "cannot be read through" in said.output
    assert usernames() == ["ada", "sam"]


def test_a_file_that_is_no_backup(stopped: Shell, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear factory")

    said = stopped("restore", tmp_path / "letter.txt")

    assert said.exit_code == 1
    assert "is no backup" in said.output


def test_a_backup_of_the_other_database(stopped: Shell, tmp_path: Path, config: Config) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"PGDMP and more" if config.on_sqlite else b"SQLite format 3\0 and more")

    said = stopped("restore", other)

    assert said.exit_code == 1
    assert "is of " in said.output


def test_a_backup_of_a_newer_program(backup: Path, config: Config) -> None:
    with pytest.raises(backups.BackupFailed, match="newer than this program"):
        backups.check(config, backup, known={"an older one"})


def test_a_restore_that_fails_half_way_has_not_happened(
    backup: Path, config: Config, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_person("sam")
    db.session.remove()
    db.engine.dispose()

    if config.on_sqlite:
        with pytest.raises(RuntimeError):
            backups.restore_sqlite(config, backup, NOW, settle=failing)
        assert [path.name for path in sqlite.path_of(config.database_url).parent.glob("*.restoring*")] == []
    else:
        cut = tmp_path / "cut.dump"
        cut.write_bytes(backup.read_bytes()[: backup.stat().st_size * 2 // 3])
        with pytest.raises(backups.BackupFailed, match="Nothing was restored"):
            backups.restore_postgresql(config, cut, NOW)
        assert asides() == []

    assert usernames() == ["ada", "sam"]


def failing(copy: Path) -> None:
    raise RuntimeError("the migration failed")


def test_an_older_backup_on_another_machine_is_brought_up_to_this_program(
    config: Config, folder: Path, tmp_path: Path, empty_database: str
) -> None:
    with older_program(config, empty_database):
        old = backups.make(replace(config, database_url=empty_database), folder, NOW).path
    elsewhere = {"DATA_DIR": str(tmp_path / "there"), "DATABASE_URL": "" if config.on_sqlite else empty_database}
    command = [sys.executable, "-m", "flask", "--app", "webapp"]

    said = subprocess.run(
        [*command, "restore", str(old)], env={**os.environ, **elsewhere}, capture_output=True, text=True
    )
    at = subprocess.run([*command, "db", "current"], env={**os.environ, **elsewhere}, capture_output=True, text=True)

    assert said.returncode == 0, said.stderr
    assert "(head)" in at.stdout


@contextmanager
def older_program(config: Config, url: str) -> Iterator[None]:
    """A database as the first release left it."""
    app = create_app(replace(config, database_url=url))
    with_migrations(app)
    with app.app_context():
        upgrade(revision="b19d517f61a1")
        db.engine.dispose()
        yield
