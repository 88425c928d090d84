"""A file's rows on disk, by cell and time: a scratch database beside the file, thrown away when they are told.

What it holds and how far the file is read are one commit, so that whoever goes on finds them in step.
"""

import csv
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from webapp.cells.imports.understanding import Told

SCHEMA = """
CREATE TABLE IF NOT EXISTS cell (
    n INTEGER PRIMARY KEY, name TEXT UNIQUE, painted INTEGER NOT NULL DEFAULT -1, made INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS row (
    cell INTEGER, at INTEGER, key TEXT, value TEXT, until INTEGER, PRIMARY KEY (cell, at, key, value, until)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS far (line INTEGER, good INTEGER, spare INTEGER, refused INTEGER, written INTEGER);
"""
REFUSED_HEAD = ("line", "what was wrong", "what would be accepted")
Row = tuple[int, str, str, int]


@dataclass
class Far:
    """How far the file is read: the last line, and what its rows were. written: bytes of the list of refused ones."""

    line: int = 1
    good: int = 0
    spare: int = 0
    refused: int = 0
    written: int = 0


class Spool:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.refused_path = folder / "refused.csv"
        self.path = folder / "spool.db"
        self.base = sqlite3.connect(self.path, isolation_level=None)
        # Safe against a killed process, which is all it has to outlive.
        self.base.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {SCHEMA}")
        self.cells: dict[str, int] = dict(self.base.execute("SELECT name, n FROM cell").fetchall())
        row = self.base.execute("SELECT * FROM far").fetchone()
        self.far = Far(*row) if row else Far()

    def close(self) -> None:
        self.base.close()

    def keep(self, rows: Sequence[Told], refused: Sequence[tuple[int, str, str]], far: Far) -> None:
        """These rows, these refusals, and that the file is read so far."""
        far.written = self._list(refused)
        self.base.execute("BEGIN")
        placed = [(self._number(row.cell), *row[1:]) for row in rows]
        self.base.executemany("INSERT OR IGNORE INTO row VALUES (?, ?, ?, ?, ?)", placed)
        self.base.execute("DELETE FROM far")
        self.base.execute("INSERT INTO far VALUES (?, ?, ?, ?, ?)", tuple(asdict(far).values()))
        self.base.execute("COMMIT")
        self.far = far

    def _number(self, name: str) -> int:
        if name not in self.cells:
            self.cells[name] = len(self.cells) + 1
            self.base.execute("INSERT INTO cell (n, name) VALUES (?, ?)", (self.cells[name], name))
        return self.cells[name]

    def _list(self, refused: Sequence[tuple[int, str, str]]) -> int:
        """What somebody wrote who was killed before the commit is written over."""
        with self.refused_path.open("a+", newline="", encoding="utf-8") as out:
            out.truncate(self.far.written)
            out.seek(0, 2)
            writer = csv.writer(out)
            if not self.far.written:
                writer.writerow(REFUSED_HEAD)
            writer.writerows(refused)
            out.flush()
            return out.tell()

    def names(self) -> list[str]:
        return sorted(self.cells)

    def extent(self, name: str) -> tuple[int, int]:
        """(first moment, how many rows) of a cell."""
        query = "SELECT min(at), count(*) FROM row WHERE cell = ?"
        first, count = self.base.execute(query, (self.cells[name],)).fetchone()
        return int(first), int(count)

    def batches(self, name: str, size: int) -> Iterator[list[Row]]:
        """A cell's rows by time."""
        query = "SELECT at, key, value, until FROM row WHERE cell = ? ORDER BY at, key, value, until"
        found = self.base.execute(query, (self.cells[name],))
        while batch := found.fetchmany(size):
            yield batch

    def painted(self, name: str) -> int:
        """The second up to which the cell's history has been told; -1: not begun."""
        found = self.base.execute("SELECT painted FROM cell WHERE name = ?", (name,)).fetchone()
        return int(found[0])

    def paint(self, name: str, until: int) -> None:
        self.base.execute("UPDATE cell SET painted = ? WHERE name = ?", (until, name))

    def made(self, name: str) -> bool:
        """Whether this import is what made the cell."""
        return bool(self.base.execute("SELECT made FROM cell WHERE name = ?", (name,)).fetchone()[0])

    def say_made(self, name: str, made: bool) -> None:
        self.base.execute("UPDATE cell SET made = ? WHERE name = ?", (made, name))
