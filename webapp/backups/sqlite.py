"""A SQLite file: copied while others write to it, and looked at for damage."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from webapp.backups.files import STAMP

MAGIC = b"SQLite format 3\0"
BESIDE = ("-wal", "-shm")
#: Tells of the moment, not of the file.
HELD = "SQLITE_BUSY"


class Damaged(Exception):
    """Its text says what is wrong with the file, in a few words."""


class Unread(Exception):
    """Something else holds the file: whether it is sound is not known."""


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///").partition("?")[0])


def copy(source: Path, target: Path) -> None:
    """As it is at one moment, into an empty file. Nobody who writes waits for it. Raises sqlite3.Error."""
    with closing(_open(source)) as connection:
        # The handler does nothing: but between its calls a signal is heard, so that Ctrl-C ends a long copy.
        connection.set_progress_handler(lambda: 0, 100_000)
        connection.execute("VACUUM INTO ?", (str(target),))


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=8)


def size(path: Path) -> int:
    return sum(part.stat().st_size for part in (path, *beside(path)))


def beside(path: Path) -> list[Path]:
    """What SQLite keeps beside a database while it is in use, and after a crash."""
    return [part for part in (Path(f"{path}{ending}") for ending in BESIDE) if part.exists()]


def check(path: Path) -> None:
    """Look at all of it. Raises Damaged, or Unread."""
    check_start(path)
    look_through(path)


def look_through(path: Path) -> None:
    """As it is at one moment, also while others write to it. Raises Damaged, or Unread."""
    with _failing_as_damage(), closing(_open(path)) as connection:
        said = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
        if said != ["ok"]:
            raise Damaged(_first_line(said[0]))
        if row := connection.execute("PRAGMA foreign_key_check").fetchone():
            raise Damaged(f"a row of {row[0]} refers to one of {row[2]} that is not there")


def _first_line(said: str) -> str:
    """Without the heading that names the database."""
    return next(line for line in said.splitlines() if not line.startswith("***"))[:200]


def check_start(path: Path) -> None:
    """The first hundred bytes against the length of the file: a glance, however large it is."""
    length, more = path.stat().st_size, waiting(path)
    if not length:
        raise Damaged("the file is empty" + (", though changes wait beside it" if more else ""))
    with open(path, "rb") as file:
        start = file.read(100)
    if not start.startswith(MAGIC) or len(start) < 100:
        raise Damaged("file is not a database")
    expected = _expected_length(start)
    if not more and length < expected:
        raise Damaged(f"it ends after {length:,} of {expected:,} bytes")


def _expected_length(start: bytes) -> int:
    """Pages of that size; 0 where the count is not kept up (an old SQLite wrote it last)."""
    page = int.from_bytes(start[16:18], "big")
    kept_up = start[24:28] == start[92:96]
    return (65_536 if page == 1 else page) * int.from_bytes(start[28:32], "big") * kept_up


def waiting(path: Path) -> bool:
    """Whether changes lie beside it that are not in it yet: then its own length says nothing."""
    with suppress(OSError):
        return Path(f"{path}-wal").stat().st_size > 0
    return False


@contextmanager
def _failing_as_damage() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise (Unread if error.sqlite_errorname == HELD else Damaged)(str(error)) from None


def is_sound(path: Path) -> bool:
    with suppress(Damaged, Unread, OSError):
        check(path)
        return True
    return False


def damaged_name(path: Path) -> Path:
    """What it is called once it is kept aside for its damage: the same as long as nobody has written to it."""
    written = max(part.stat().st_mtime for part in (path, *beside(path)) if not part.name.endswith("-shm"))
    return Path(f"{path}.damaged-{datetime.fromtimestamp(written, UTC):{STAMP}}Z")


def revision(path: Path) -> str | None:
    """The migration it stands at; None: it is no database of this product."""
    with suppress(sqlite3.Error), closing(_open(path)) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
    return None


def tables(path: Path) -> set[str]:
    """Their names. Raises Damaged, or Unread."""
    with _failing_as_damage(), closing(_open(path)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
