"""A file's rows on disk, by cell and time."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from webapp.cells.imports.understanding import Told
from webapp.lib.spool import Far, Refused, Scratch

SCHEMA = """
CREATE TABLE IF NOT EXISTS cell (
    n INTEGER PRIMARY KEY, name TEXT UNIQUE, painted INTEGER NOT NULL DEFAULT -1, made INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS row (
    cell INTEGER, at INTEGER, key TEXT, value TEXT, until INTEGER, PRIMARY KEY (cell, at, key, value, until)
) WITHOUT ROWID;
"""
Row = tuple[int, str, str, int]


class Spool(Scratch):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, SCHEMA)
        self.cells: dict[str, int] = dict(self.base.execute("SELECT name, n FROM cell").fetchall())

    def keep(self, rows: Sequence[Told], refused: Sequence[Refused], far: Far) -> None:
        """These rows, these refusals, and that the file is read so far."""
        self.go_to(far, refused, lambda: self._place(rows))

    def _place(self, rows: Sequence[Told]) -> None:
        placed = [(self._number(row.cell), *row[1:]) for row in rows]
        self.base.executemany("INSERT OR IGNORE INTO row VALUES (?, ?, ?, ?, ?)", placed)

    def _number(self, name: str) -> int:
        if name not in self.cells:
            self.cells[name] = len(self.cells) + 1
            self.base.execute("INSERT INTO cell (n, name) VALUES (?, ?)", (self.cells[name], name))
        return self.cells[name]

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
