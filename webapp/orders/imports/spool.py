"""A file's rows on disk, by order and operation."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from webapp.lib.spool import Far, Refused, Scratch
from webapp.orders.imports.merging import Numbered
from webapp.orders.imports.understanding import Told

SCHEMA = """
CREATE TABLE IF NOT EXISTS row (
    ord TEXT, key TEXT, digest TEXT, line INTEGER, machine TEXT, op TEXT, told TEXT, PRIMARY KEY (ord, key, digest)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS row_line ON row (line);
CREATE INDEX IF NOT EXISTS row_op ON row (op) WHERE op <> '';
"""
ONE_HOME = "the name of an operation in one order only"


class Spool(Scratch):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder, SCHEMA)

    def keep(self, rows: Sequence[Numbered], refused: Sequence[Refused], far: Far) -> None:
        """These rows, these refusals, and that the file is read so far. Rows that are there already are spare."""

        def write() -> None:
            kept = self._place(rows)
            far.good, far.spare = far.good + kept, far.spare + len(rows) - kept

        self.go_to(far, refused, write)

    def _place(self, rows: Sequence[Numbered]) -> int:
        placed = [
            (row.order, row.key, row.digest, line, row.machine, row.op, json.dumps(row.plain())) for line, row in rows
        ]
        before = self.base.total_changes
        self.base.executemany("INSERT OR IGNORE INTO row VALUES (?, ?, ?, ?, ?, ?, ?)", placed)
        return self.base.total_changes - before

    def drop(self, refused: Sequence[Refused]) -> None:
        """These rows are refused after all."""
        before = self.far
        far = Far(before.line, before.good - len(refused), before.spare, before.refused + len(refused), before.written)
        gone = [(line,) for line, _, _ in refused]
        self.go_to(far, refused, lambda: self.base.executemany("DELETE FROM row WHERE line = ?", gone))

    def orders(self, after: str = "") -> Iterator[tuple[str, list[Numbered]]]:
        """Each order and its rows, by name; only those that come after this one."""
        query = "SELECT ord, key, digest, line, told FROM row WHERE ord > ? ORDER BY ord, key, digest"
        for order, rows in groupby(self.base.execute(query, (after,)), key=itemgetter(0)):
            yield order, [(line, Told(**_told(told, key, digest))) for _, key, digest, line, told in rows]

    def count(self) -> int:
        return int(self.base.execute("SELECT count(DISTINCT ord) FROM row").fetchone()[0])

    def machines(self) -> list[str]:
        found = self.base.execute("SELECT DISTINCT machine FROM row WHERE machine <> '' ORDER BY machine")
        return [name for (name,) in found]

    def strays(self) -> Iterator[list[Refused]]:
        """Rows whose operation stands in several orders, by operation."""
        several = "SELECT op FROM row WHERE op <> '' GROUP BY op HAVING count(DISTINCT ord) > 1"
        found = self.base.execute(f"SELECT op, line FROM row WHERE op IN ({several}) ORDER BY op, line").fetchall()
        for op, rows in groupby(found, key=itemgetter(0)):
            yield [(line, f"{op} stands in several orders", ONE_HOME) for _, line in rows]


def _told(kept: str, key: str, digest: str) -> dict[str, Any]:
    return {**json.loads(kept), "key": key, "digest": digest}
