"""What a start needs to know of the database, asked without the program: that would take longer than all the rest."""

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from stack.problems import Problem

VERSIONS = Path(__file__).resolve().parents[1] / "migrations" / "versions"
REVISION = re.compile(r"""^(down_revision|revision)\b[^=]*=\s*(?:["'](\w+)["']|None)""", re.MULTILINE)
TOLD = """
    SELECT details FROM journal_entries
    WHERE subject = 'factory' AND verb = 'told the demonstration' ORDER BY id DESC LIMIT 1
"""
CONNECT_SECONDS = 5
UNDEFINED_TABLE = "42P01"


@dataclass(frozen=True)
class Found:
    """revision: the migration it stands at; None: there are no tables yet. people: whether anybody has an account."""

    revision: str | None
    people: bool
    demo_port: int | None


def look(url: str) -> Found:
    """Raises Problem where it cannot be reached."""
    with _connected(url) as connection:
        revision = _first(connection, "SELECT version_num FROM alembic_version")
        people = _first(connection, "SELECT 1 FROM users LIMIT 1")
        return Found(revision, bool(people), demo_port(connection))


def demo_port(connection: Any) -> int | None:
    """Where its pretend machines are to answer, if the database is a demonstration: its journal says so."""
    details = _first(connection, TOLD)
    told = json.loads(details) if isinstance(details, str) else details
    return int(told["port"]) if told else None


def must_be_migrated(found: Found, versions: Path = VERSIONS) -> bool:
    """Raises Problem where it was made by a newer program than this one."""
    links = dict(_links(path) for path in versions.glob("*.py"))
    if found.revision is not None and found.revision not in links:
        raise Problem(f"The database is newer than this program (it is at {found.revision}): run the newer program")
    return found.revision is None or found.revision in links.values()


def _links(path: Path) -> tuple[str, str]:
    """A migration's own name, and the one it follows."""
    said = dict(REVISION.findall(path.read_text()))
    return said["revision"], said.get("down_revision", "")


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    try:
        connection = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
        with closing(connection):
            yield connection
    except sqlite3.Error as error:
        raise _unusable(url, error) from None


def _sqlite(url: str) -> sqlite3.Connection:
    path = Path(url.removeprefix("sqlite:///"))
    if not path.parent.is_dir():
        raise Problem(f"DATABASE_URL names {path}, but there is no folder {path.parent}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise Problem(f"The database {path} cannot be written by this user")
    connection = sqlite3.connect(path, timeout=CONNECT_SECONDS)
    connection.execute("PRAGMA schema_version")  # reads the file: it may be no database
    return connection


def _postgresql(url: str) -> Any:
    import psycopg  # a quarter of a second that a start with SQLite need not spend

    try:
        return psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=CONNECT_SECONDS, autocommit=True)
    except psycopg.Error as error:
        raise _unusable(url, error) from None


def _unusable(url: str, error: Exception) -> Problem:
    why = str(error).strip().splitlines() or [type(error).__name__]
    return Problem(f"The database {_without_password(url)} cannot be used: {why[0]}")


def _first(connection: Any, query: str) -> Any:
    """The first column of the first row; None where there is no row, or no such table yet."""
    with _no_such_table_yet():
        row = connection.execute(query).fetchone()
        return row[0] if row else None
    return None


@contextmanager
def _no_such_table_yet() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if "no such table" not in str(error) and getattr(error, "sqlstate", "") != UNDEFINED_TABLE:
            raise


def _without_password(url: str) -> str:
    url, parts = url.replace("+psycopg", "", 1), urlsplit(url)
    return url.replace(f":{parts.password}@", ":…@") if parts.password else url
