"""What a start asks the database before the program is loaded."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from stack import database
from stack.database import Found
from stack.problems import Problem


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """Two migrations, the second after the first."""
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "1.py").write_text('revision = "aa1"\ndown_revision = None\n')
    (folder / "2.py").write_text('revision = "bb2"\ndown_revision = "aa1"\n')
    return folder


@pytest.mark.parametrize(("revision", "behind"), [(None, True), ("aa1", True), ("bb2", False)])
def test_only_a_database_that_is_behind_is_migrated(versions: Path, revision: str | None, behind: bool) -> None:
    assert database.must_be_migrated(Found(revision, True, None), versions) is behind


def test_a_database_newer_than_the_program_is_refused(versions: Path) -> None:
    with pytest.raises(Problem, match="newer than this program"):
        database.must_be_migrated(Found("cc3", True, None), versions)


def test_an_empty_database(empty_database: str) -> None:
    assert database.look(empty_database) == Found(None, False, None)


def test_a_database_with_people_in_it(empty_database: str) -> None:
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num varchar(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('aa1')"))
        connection.execute(text("CREATE TABLE users (id integer)"))
        connection.execute(text("INSERT INTO users VALUES (1)"))
    engine.dispose()

    assert database.look(empty_database) == Found("aa1", True, None)


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("certainly not a database, but long enough to look like one" * 100)

    with pytest.raises(Problem, match="file is not a database"):
        database.look(f"sqlite:///{tmp_path}/x.db")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="there is no folder"):
        database.look(f"sqlite:///{tmp_path}/none/x.db")


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(Problem, match="cannot be used") as refusal:
        database.look("postgresql+psycopg://factory:hunter2@127.0.0.1:1/factory")

    assert "hunter2" not in str(refusal.value)
    assert "\n" not in str(refusal.value)
