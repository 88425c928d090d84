"""The databases tests run on: SQLite files, and a PostgreSQL server of our own for as long as the tests run."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

# What a crash would cost is nothing here: the cluster lives as long as the tests.
UNSAFE_AND_QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=64MB",
)
PR_SET_PDEATHSIG = 1


@contextmanager
def postgresql_server(settings: Sequence[str] = UNSAFE_AND_QUICK) -> Iterator[str]:
    """The address of a server in which databases may be made: TEST_DATABASE_URL, else one started here, set so."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield as_psycopg(given)
        return
    folder = Path(tempfile.mkdtemp(prefix="factory-pg-"))
    try:
        with _started(_programs(), folder, settings) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """An empty database in that server, dropped at the end."""
    name = f"factory_{uuid4().hex[:12]}"
    _ask(server, f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _ask(server, f"DROP DATABASE {name} WITH (FORCE)")


def as_psycopg(url: str) -> str:
    return "postgresql+psycopg://" + url.partition("://")[2]


def _ask(server: str, statement: str) -> None:
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def _programs() -> Path:
    """The newest PostgreSQL of this machine: Debian keeps them off the PATH, by version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        pytest.exit(
            "PostgreSQL is missing: install it (Debian: apt-get install postgresql) or set TEST_DATABASE_URL",
            returncode=2,
        )
    return found[-1].parent if found else Path(on_path or "").resolve().parent


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: lend it another user of this machine."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


@contextmanager
def _started(programs: Path, folder: Path, settings: Sequence[str]) -> Iterator[str]:
    user = _unprivileged()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    initdb = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run(initdb, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    options = [word for setting in settings for word in ("-c", setting)]
    command = [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *options]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(
            command, user=user, cwd=folder, stdout=log, stderr=log, start_new_session=True, preexec_fn=_die_with_parent
        )
    try:
        url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        _wait_for(server, url, folder / "log")
        yield url
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait(20)


def _wait_for(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + 30
    while server.poll() is None and time.monotonic() < deadline:
        try:
            return _ask(url, "SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-2000:]}")
