"""The others: the same history in PostgreSQL as samples and as an hourly rollup, in DuckDB and in ClickHouse.

Each has load(pieces) and window(start, end) -> int64[cells, 5]: seconds of the five known states, by cell number.
They are set up as their makers advise for this question: sorted by time, one narrow row per sample or interval.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psycopg

HOUR = 3600
KNOWN = range(1, 6)
Seconds = np.ndarray[Any, np.dtype[np.int64]]


class Pieces(NamedTuple):
    """Stretches of cells' histories: from start up to end in one state; arrays of one length, cells from 0."""

    cell: np.ndarray[Any, Any]
    start: np.ndarray[Any, Any]
    end: np.ndarray[Any, Any]
    state: np.ndarray[Any, Any]


class Peer(ABC):
    name = ""

    def __init__(self, cells: int, place: str) -> None:
        self.cells = cells
        self.place = place

    @abstractmethod
    def load(self, parts: Iterable[Pieces]) -> None:
        """Keep the history; called once."""

    @abstractmethod
    def window(self, start: int, end: int) -> Seconds:
        """By cell, then by known state."""

    def _table(self, rows: Iterable[tuple[int, int, int]]) -> Seconds:
        found = np.zeros((self.cells, 5), np.int64)
        for cell, state, seconds in rows:
            found[cell, state - 1] = seconds
        return found


class DuckDB(Peer):
    """Intervals, in the order of their start."""

    name = "DuckDB over intervals"

    def load(self, parts: Iterable[Pieces]) -> None:
        import duckdb

        self.db = duckdb.connect(os.path.join(self.place, "duck.db"), config={"threads": 1})
        self.db.execute("CREATE TABLE piece (start BIGINT, stop BIGINT, cell INTEGER, state UTINYINT)")
        for part in parts:
            arrow = _arrow(part)  # noqa: F841 - DuckDB finds it by its name
            self.db.execute("INSERT INTO piece SELECT start, stop, cell, state FROM arrow ORDER BY start")

    def window(self, start: int, end: int) -> Seconds:
        asked = "SELECT cell, state, sum(least(stop, $2) - greatest(start, $1)) FROM piece"
        where = " WHERE start < $2 AND stop > $1 AND state > 0 GROUP BY cell, state"
        return self._table(self.db.execute(asked + where, [start, end]).fetchall())


class ClickHouse(Peer):
    """Intervals in a MergeTree ordered by their start."""

    name = "ClickHouse (chdb) over intervals"

    def load(self, parts: Iterable[Pieces]) -> None:
        import pyarrow.parquet as parquet
        from chdb.session import Session

        self.db = Session(os.path.join(self.place, "chdb"))
        self.db.query("SET max_threads = 1")
        self.db.query("CREATE DATABASE IF NOT EXISTS bench")
        columns = "start Int64, stop Int64, cell Int32, state UInt8"
        self.db.query(f"CREATE TABLE bench.piece ({columns}) ENGINE = MergeTree ORDER BY (start, cell)")
        file = Path(self.place) / "part.parquet"
        for part in parts:
            parquet.write_table(_arrow(part), file)
            self.db.query(f"INSERT INTO bench.piece SELECT start, stop, cell, state FROM file('{file}', Parquet)")
            file.unlink()
        self.db.query("OPTIMIZE TABLE bench.piece FINAL")

    def window(self, start: int, end: int) -> Seconds:
        sums = f"sum(least(stop, {end}) - greatest(start, {start}))"
        where = f"start < {end} AND stop > {start} AND state > 0"
        asked = f"SELECT cell, state, {sums} FROM bench.piece WHERE {where} GROUP BY cell, state"
        text = self.db.query(f"{asked} SETTINGS max_threads = 1", "TabSeparated").data()
        return self._table(tuple(map(int, line.split("\t"))) for line in text.splitlines())  # type: ignore[misc]


class Samples(Peer):
    """PostgreSQL with one row per cell and sample of 10 s, by time."""

    name = "PostgreSQL, 10 s samples"
    PERIOD = 10

    def load(self, parts: Iterable[Pieces]) -> None:
        self.db = psycopg.connect(self.place, autocommit=True)
        self.db.execute("CREATE TABLE sample (at int8 NOT NULL, cell int4 NOT NULL, state int2 NOT NULL)")
        for part in parts:
            with self.db.cursor().copy("COPY sample FROM STDIN (FORMAT binary)") as copy:
                copy.set_types(["int8", "int4", "int2"])
                copy.write(_binary_rows(part, self.PERIOD))
        self.db.execute("CREATE UNIQUE INDEX ON sample (at, cell) INCLUDE (state)")
        self.db.execute("VACUUM (ANALYZE) sample")

    def window(self, start: int, end: int) -> Seconds:
        asked = "SELECT cell, state, count(*) * %s FROM sample WHERE at >= %s AND at < %s AND state > 0 GROUP BY 1, 2"
        return self._table(self.db.execute(asked, (self.PERIOD, start, end)).fetchall())


class Rollup(Peer):
    """The same samples rolled up by hour; the hours at the edges from the samples."""

    name = "PostgreSQL, hourly rollup and samples at the edges"

    def load(self, parts: Iterable[Pieces]) -> None:
        self.db = psycopg.connect(self.place, autocommit=True)
        self.db.execute(
            "CREATE TABLE rollup AS SELECT at / 3600 AS hour, cell, state, count(*) * 10 AS seconds"
            " FROM sample WHERE state > 0 GROUP BY 1, 2, 3 ORDER BY 1, 2"
        )
        self.db.execute("CREATE UNIQUE INDEX ON rollup (hour, cell, state) INCLUDE (seconds)")
        self.db.execute("VACUUM (ANALYZE) rollup")

    def window(self, start: int, end: int) -> Seconds:
        first, last = -(-start // HOUR), end // HOUR
        edges = "SELECT cell, state, 10 FROM sample WHERE state > 0 AND (at >= %s AND at < %s OR at >= %s AND at < %s)"
        hours = "SELECT cell, state, seconds FROM rollup WHERE hour >= %s AND hour < %s"
        asked = f"SELECT cell, state, sum(seconds) FROM ({hours} UNION ALL {edges}) AS parts GROUP BY 1, 2"
        if first > last:
            first = last = end // HOUR
            values = (first, last, start, end, 0, 0)
        else:
            values = (first, last, start, first * HOUR, last * HOUR, end)
        return self._table((c, s, int(seconds)) for c, s, seconds in self.db.execute(asked, values).fetchall())


def _arrow(part: Pieces) -> Any:
    import pyarrow

    columns = {"start": part.start, "stop": part.end, "cell": part.cell, "state": part.state}
    return pyarrow.table({name: pyarrow.array(values) for name, values in columns.items()})


def _binary_rows(part: Pieces, period: int) -> bytes:
    """PostgreSQL's own wire form of (int8, int4, int2) rows: one per sample."""
    counts = (part.end - part.start) // period
    first = np.repeat(np.cumsum(counts) - counts, counts)
    at = np.repeat(part.start, counts) + (np.arange(counts.sum()) - first) * period
    form = [("n", ">i2"), ("la", ">i4"), ("at", ">i8"), ("lc", ">i4"), ("cell", ">i4"), ("ls", ">i4"), ("state", ">i2")]
    rows = np.zeros(len(at), np.dtype(form))
    rows["n"], rows["la"], rows["lc"], rows["ls"] = 3, 8, 4, 2
    order = np.argsort(at, kind="stable")
    rows["at"] = at[order]
    rows["cell"], rows["state"] = np.repeat(part.cell, counts)[order], np.repeat(part.state, counts)[order]
    return b"PGCOPY\n\xff\r\n\x00" + bytes(8) + rows.tobytes() + b"\xff\xff"
