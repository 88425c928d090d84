"""How long a writer waits while old history is forgotten: 1000 cells, ticks and corrections going on meanwhile.

    .venv/bin/python bench/retention.py [--cells 1000] [--days 3] [--write]

Histories are made up from a seed, about 200 changes a cell and day, closed and sealed. One thread ticks and corrects
without end, with a pause of 20 ms, first alone, then while another forgets the rows of all but the last day, then the
blocks. Afterwards windows are the same as before. --write adds the table to bench/RESULTS.md.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

from flask import Flask

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.window import stretches  # noqa: E402
from tests.databases import fresh_database, postgresql_server  # noqa: E402
from webapp import create_app, ledger  # noqa: E402
from webapp.config import Config  # noqa: E402
from webapp.extensions import Base, db, transaction  # noqa: E402

DAY, START = 86_400, 1_772_582_400
DURABLE = ("max_connections=50", "shared_buffers=128MB")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cells", type=int, default=1000)
    options.add_argument("--days", type=int, default=3)
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = list(measure("SQLite", f"sqlite:///{folder}/bench.db", Path(folder), told.cells, told.days))
        with postgresql_server(DURABLE) as server, fresh_database(server) as url:
            rows += measure("PostgreSQL", url, Path(folder), told.cells, told.days)
    lines = list(table(told.cells, told.days, rows))
    print("\n".join(lines))
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n".join(["", *lines, ""]))


def measure(name: str, url: str, folder: Path, cells: int, days: int) -> Iterator[list[str]]:
    config = Config(database_url=url, data_dir=folder, redis_url="unix:///none", secret_key="bench", testing=True)
    app = create_app(config)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        ledger.make_months(START + days * DAY, since_s=START)
        lease = made_up(cells, days)
        edges = [START + 4711, START + DAY, START + (days - 1) * DAY + 333, START + days * DAY - 7200]
        before, end = ledger.windows(edges), START + days * DAY
        db.session.rollback()
        works: list[tuple[str, Callable[[], int]]] = [
            ("nothing", lambda: time.sleep(8) or 0),
            ("rows are forgotten", lambda: ledger.forget(end, 1, 1000, longest_s=600)),
            ("blocks are dropped", lambda: ledger.forget(end, 1, 2, longest_s=600)),
        ]
        for what, work in works:
            done, spent, waits = beside(app, work, lease)
            yield [f"{name}, while {what}", done, spent, *told_of(waits)]
            if what != works[2][0] and ledger.windows(edges) != before:
                raise SystemExit("windows are not what they were")
            db.session.rollback()
        db.engine.dispose()


def made_up(cells: int, days: int) -> ledger.Lease:
    """Up to the end of the last day, closed and sealed, with a sampler that goes on."""
    rnd, book, end = random.Random(1), ledger.open_book(START), START + days * DAY
    for cell in range(1, cells + 1):
        with transaction():
            ledger.enroll(book, cell, START)
            told = ((a, min(b, end), state) for a, b, state in stretches(rnd, end) if a < end)
            ledger.fill(book, cell, told, ledger.Source.FEED)
    while ledger.close_hours(end):
        pass
    while ledger.seal(end):
        pass
    return ledger.lease(book, 1, end)


def beside(app: Flask, work: Callable[[], int], lease: ledger.Lease) -> tuple[str, str, list[float]]:
    over, waits = Event(), []
    rnd, cells = random.Random(2), sorted(lease.heads)

    def write() -> None:
        with app.app_context():
            while not over.wait(0.02):
                states: dict[int, Any] = dict.fromkeys(cells, ledger.State.RUNNING)
                states[rnd.choice(cells)] = ledger.State.DOWN
                began = time.perf_counter()
                with transaction():
                    ledger.tick(lease, lease.tail, states)
                    at = lease.tail - rnd.randrange(60, 600)
                    ledger.assign(lease.book, rnd.choice(cells), at, at + 5, ledger.State.IDLE, ledger.Source.PERSON)
                waits.append(time.perf_counter() - began)

    def inside() -> tuple[int, float]:
        with app.app_context():
            began = time.perf_counter()
            try:
                return work(), time.perf_counter() - began
            finally:
                over.set()

    with ThreadPoolExecutor(2) as pool:
        writing, working = pool.submit(write), pool.submit(inside)
        done, spent = working.result()
        writing.result()
    return str(done) if done else "–", f"{spent:.1f}", waits


def told_of(waits: list[float]) -> list[str]:
    late = sorted(waits)[int(len(waits) * 0.99)]
    return [str(len(waits)), *(f"{value * 1e3:.0f}" for value in (statistics.median(waits), late, max(waits)))]


def table(cells: int, days: int, rows: list[list[str]]) -> Iterator[str]:
    when = f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores"
    yield f"## A writer while {days - 1} days of {cells:,} cells are forgotten, {when}"
    yield ""
    yield (
        "`bench/retention.py`: a tick of all cells and a correction in one transaction, flushed; ms from beginning to "
        f"commit. No step may hold it up for more than 200 ms. Load {os.getloadavg()[0]:.1f} when it ended."
    )
    yield ""
    yield "| | hours | s | transactions | median ms | 99 % | longest |"
    yield "|---|---|---|---|---|---|---|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"


if __name__ == "__main__":
    main()
