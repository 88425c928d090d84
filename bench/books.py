"""Ten books of 1,000 cells: windows over all of them and over one, on both databases.

    .venv/bin/python bench/books.py [--rounds 30] [--write]

Three days of made-up history in each book. A window over all must be the books' own ones beside each other. --write
adds the table to bench/RESULTS.md.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import text

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from history import START, History, write  # noqa: E402

from tests.databases import fresh_database, postgresql_server  # noqa: E402
from webapp import create_app, ledger  # noqa: E402
from webapp.config import Config  # noqa: E402
from webapp.extensions import Base, db  # noqa: E402

BOOKS, CELLS, DAYS = 10, 1000, 3
HOUR, DAY = 3600, 86_400
LENGTHS = {"1 h": HOUR, "1 d": DAY, "2 d": 2 * DAY}
Times = dict[tuple[str, str], list[float]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=30)
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-books-") as folder:
        found = {"SQLite": measure(f"sqlite:///{folder}/bench.db", Path(folder), told.rounds)}
        with postgresql_server() as server, fresh_database(server) as url:
            found["PostgreSQL"] = measure(url, Path(folder), told.rounds)
    lines = list(table(found))
    print("\n".join(lines))
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n".join(["", *lines, ""]))


def measure(url: str, folder: Path, rounds: int) -> Times:
    """Seconds of each answer, by what was asked and how long the window was."""
    config = Config(database_url=url, data_dir=folder, redis_url="unix:///none", secret_key="bench", testing=True)
    app = create_app(config)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        for book in range(1, BOOKS + 1):
            write(History(CELLS, DAYS, seed=book, first_cell=1 + (book - 1) * CELLS), rows_days=1, book=book)
        if "postgresql" in url:
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        found: Times = {}
        for n, (length, start, end) in enumerate(asked(rounds)):
            book = 1 + n % BOOKS
            if n < len(LENGTHS):
                check(start, end)
            found.setdefault(("all", length), []).append(timed(start, end, None))
            found.setdefault(("one", length), []).append(timed(start, end, book))
        db.engine.dispose()
    return found


def asked(rounds: int) -> Iterator[tuple[str, int, int]]:
    rnd = random.Random(3)
    for _ in range(rounds):
        for length, seconds in LENGTHS.items():
            start = rnd.randrange(START, START + DAYS * DAY - seconds - 2 * HOUR)
            yield length, start, start + seconds


def timed(start: int, end: int, book: int | None) -> float:
    began = time.perf_counter()
    ledger.seconds([start, end], book)
    spent = time.perf_counter() - began
    db.session.rollback()
    return spent


def check(start: int, end: int) -> None:
    every = ledger.seconds([start, end])
    parts = [ledger.seconds([start, end], book) for book in range(1, BOOKS + 1)]
    same = np.array_equal(every.ids, np.concatenate([part.ids for part in parts]))
    if not same or not np.array_equal(every.seconds, np.concatenate([part.seconds for part in parts], axis=2)):
        raise SystemExit("all books together differ from each by itself")
    db.session.rollback()


def table(found: dict[str, Times]) -> Iterator[str]:
    yield f"## {BOOKS} books of {CELLS:,} cells, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores"
    yield ""
    yield (
        f"`bench/books.py`: {DAYS} days in each; ms, median (best); all books together equal to each by itself. "
        f"Load {os.getloadavg()[0]:.1f}."
    )
    yield ""
    yield "| | " + " | ".join(LENGTHS) + " |"
    yield "|---" * (len(LENGTHS) + 1) + "|"
    for database, times in found.items():
        for what in ("one", "all"):
            cells = [
                f"{statistics.median(times[what, n]) * 1e3:.2f} ({min(times[what, n]) * 1e3:.2f})" for n in LENGTHS
            ]
            yield f"| {database}, {'one book' if what == 'one' else 'all books'} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
