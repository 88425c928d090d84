"""What a file of many rows costs in memory: the stretches behind a figure, as CSV, JSON and XLSX.

    .venv/bin/python bench/exports.py [--rows 200000] [--write]

Ten cells, a stretch each 400 s, SQLite; the file of one cell against that of all ten, asked of the product's own routes
and read as a server would, piece by piece. Peak: what Python held at most (tracemalloc), above what it held before.
--write adds the table to bench/RESULTS.md.
"""

import argparse
import os
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402

from webapp import cells, create_app, ledger  # noqa: E402
from webapp.config import Config  # noqa: E402
from webapp.extensions import Base, db, transaction  # noqa: E402
from webapp.lib.clock import epoch, iso  # noqa: E402

CELLS, LASTS, AT_ONCE = 10, 400, 2000
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
STATES = (ledger.State.RUNNING, ledger.State.IDLE)
KINDS = ("csv", "json", "xlsx")
#: Of the larger file's peak to the smaller one's.
MOST = 2.0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=200_000)
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(Path(folder))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            begin = NOW - timedelta(seconds=told.rows // CELLS * LASTS)
            ids = [furnish(n, begin, told.rows // CELLS) for n in range(CELLS)]
            while cells.derive_accounts(NOW, most=100):  # as the slow worker does
                pass
            found = {kind: measure(app.test_client(), kind, begin, ids[0]) for kind in KINDS}
    lines = list(table(found, told.rows))
    print("\n".join(lines))
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n".join(["", *lines, ""]))
    return int(any(all_of["peak"] > MOST * one["peak"] for one, all_of in found.values()))


def make_app(folder: Path) -> Flask:
    url, nowhere = f"sqlite:///{folder}/b.db", "unix:///nonexistent.sock"
    return create_app(Config(database_url=url, data_dir=folder, redis_url=nowhere, secret_key="b", testing=True))


def furnish(n: int, begin: datetime, count: int) -> int:
    """A cell with so many stretches; its id."""
    if not n:
        cells.add_site("Hall", "UTC", 80, "bench", begin)
    cell = cells.add_cell(cells.CellDetails(f"C{n:02}", "mill", driver="push", in_service_from=begin), "bench", begin)
    starts = range(epoch(begin), epoch(begin) + count * LASTS, LASTS)
    told = [(start, start + LASTS, STATES[at % 2]) for at, start in enumerate(starts)]
    for first in range(0, count, AT_ONCE):
        with transaction():
            ledger.fill(cell.book_id, cell.id, told[first : first + AT_ONCE], ledger.Source.FEED)
    ledger.close_hours(epoch(NOW))
    return int(cell.id)


def measure(client: Any, kind: str, begin: datetime, cell_id: int) -> list[dict[str, float]]:
    """Of one cell's file and of all cells'."""
    until = f"/utilization/utilization.{kind}?all=1&end={iso(NOW)}&start="
    read(client, f"{until}{iso(NOW - timedelta(days=1))}")  # what is kept from then on is no part of a file's price
    return [peak_of(client, f"{until}{iso(begin)}{cell}") for cell in (f"&cell={cell_id}", "")]


def peak_of(client: Any, path: str) -> dict[str, float]:
    began = time.perf_counter()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    size = read(client, path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return {"peak": peak - before, "bytes": size, "seconds": time.perf_counter() - began}


def read(client: Any, path: str) -> int:
    """As a server sends it: no piece is kept."""
    answer = client.get(path, buffered=False)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    size = sum(len(piece) for piece in answer.iter_encoded())
    answer.close()
    return size


def table(found: dict[str, list[dict[str, float]]], rows: int) -> Iterator[str]:
    yield f"## Files of {rows // CELLS:,} and {rows:,} rows, {NOW:%Y-%m-%d}, {os.cpu_count()} cores"
    yield ""
    yield (
        "`bench/exports.py`: the stretches behind a figure, of one cell and of ten, SQLite; seconds with memory being "
        f"traced. Load {os.getloadavg()[0]:.1f} when it ended."
    )
    yield ""
    yield "| | MB, one cell | MB, ten | peak kB, one cell | peak kB, ten | ten : one | s, ten |"
    yield "|---|---|---|---|---|---|---|"
    for kind, (one, ten) in found.items():
        sizes = f"{one['bytes'] / 1e6:.1f} | {ten['bytes'] / 1e6:.1f}"
        peaks = f"{one['peak'] / 1e3:,.0f} | {ten['peak'] / 1e3:,.0f} | {ten['peak'] / one['peak']:.2f}"
        yield f"| {kind.upper()} | {sizes} | {peaks} | {ten['seconds']:.0f} |"


if __name__ == "__main__":
    sys.exit(main())
