"""A file's rows on disk while it is brought in: a scratch database beside the file, thrown away when they are told.

What it holds and how far the file is read are one commit, so that whoever goes on finds them in step.
"""

import csv
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from webapp.lib.tables import harmless

FAR = "CREATE TABLE IF NOT EXISTS far (line INTEGER, good INTEGER, spare INTEGER, refused INTEGER, written INTEGER);"
REFUSED_HEAD = ("line", "what was wrong", "what would be accepted")

#: (line, what was wrong, what would be accepted).
Refused = tuple[int, str, str]


class BadRow(Exception):
    """(what was wrong, what would be accepted)."""

    @property
    def what(self) -> str:
        return str(self.args[0])

    @property
    def accepted(self) -> str:
        return str(self.args[1])


@dataclass
class Far:
    """How far the file is read: the last line, and what its rows were. written: bytes of the list of refused ones."""

    line: int = 1
    good: int = 0
    spare: int = 0
    refused: int = 0
    written: int = 0


class Scratch:
    """schema: the tables of its rows."""

    def __init__(self, folder: Path, schema: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.refused_path = folder / "refused.csv"
        self.path = folder / "spool.db"
        self.base = sqlite3.connect(self.path, isolation_level=None)
        # Safe against a killed process, which is all it has to outlive.
        self.base.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {schema} {FAR}")
        row = self.base.execute("SELECT * FROM far").fetchone()
        self.far = Far(*row) if row else Far()

    def close(self) -> None:
        self.base.close()

    def go_to(self, far: Far, refused: Sequence[Refused], write: Callable[[], object]) -> None:
        """What is written, these refusals, and that the file is read so far."""
        far.written = self._list(refused)
        self.base.execute("BEGIN")
        write()
        self.base.execute("DELETE FROM far")
        self.base.execute("INSERT INTO far VALUES (?, ?, ?, ?, ?)", tuple(asdict(far).values()))
        self.base.execute("COMMIT")
        self.far = far

    def _list(self, refused: Sequence[Refused]) -> int:
        """What somebody wrote who was killed before the commit is written over."""
        with self.refused_path.open("a+", newline="", encoding="utf-8") as out:
            out.truncate(self.far.written)
            out.seek(0, 2)
            writer = csv.writer(out)
            if not self.far.written:
                writer.writerow(REFUSED_HEAD)
            writer.writerows([harmless(value) for value in row] for row in refused)
            out.flush()
            return out.tell()
