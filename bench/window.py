"""What a window costs, whatever its length: sealed, from rows, and up to now; and what a heat map does.

    .venv/bin/python bench/window.py [--cells 1000] [--days 366] [--rows-days 31] [--rounds 30] [--write]

The history is made up from a seed (bench/history.py). Kinds of windows and lengths take turns, so that what else the
machine does slows all alike. Answers from blocks are compared with those from rows, for every cell and state.
--write adds the tables to bench/RESULTS.md.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import delete, func, insert, select, text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.history import START, History, write  # noqa: E402
from tests.databases import fresh_database, postgresql_server  # noqa: E402
from webapp import create_app, ledger  # noqa: E402
from webapp.config import Config  # noqa: E402
from webapp.extensions import Base, db, transaction  # noqa: E402
from webapp.ledger.models import corrected, day_bases, day_blocks, days, hour_blocks, hours  # noqa: E402

HOUR, DAY = 3600, 86_400
LENGTHS = {"1 h": HOUR, "1 d": DAY, "30 d": 30 * DAY, "365 d": 365 * DAY}
ENTROPY = 1.41  # bytes a change of such a history tells
Times = dict[str, list[float]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("cells", 1000), ("days", 366), ("rows-days", 31), ("rounds", 30)):
        options.add_argument(f"--{name}", type=int, default=value)
    options.add_argument("--write", action="store_true")
    options.add_argument("--only", choices=("sqlite", "postgresql"))
    told = options.parse_args()
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        if told.only != "postgresql":
            lines += measure("SQLite", f"sqlite:///{folder}/bench.db", Path(folder), told)
        if told.only != "sqlite":
            with postgresql_server() as server, fresh_database(server) as url:
                lines += measure("PostgreSQL", url, Path(folder), told)
    lines = [*heading(told), *lines]
    print("\n".join(lines))
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n".join(["", *lines, ""]))


def measure(name: str, url: str, folder: Path, told: argparse.Namespace) -> list[str]:
    config = Config(
        database_url=url, data_dir=folder, redis_url="unix:///nonexistent.sock", secret_key="of the bench", testing=True
    )
    with create_app(config).app_context():
        Base.metadata.create_all(db.engine)
        history = History(told.cells, told.days)
        count = write(history, told.rows_days)
        if db.engine.dialect.name == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        check(history, told.rows_days)
        lines = list(table(name, windows(history, told)))
        lines += ["", sizes(name, count), heat(name, history, told), ""]
        db.engine.dispose()
    return lines


def windows(history: History, told: argparse.Namespace) -> dict[str, dict[str, list[float]]]:
    """Milliseconds of each call, by kind of window and length."""
    rnd = random.Random(3)
    found: dict[str, dict[str, list[float]]] = {}
    lengths = {name: seconds for name, seconds in LENGTHS.items() if seconds < (told.days - 0.5) * DAY}
    for _ in range(told.rounds):
        for name, seconds in lengths.items():
            end = rnd.randrange(START + seconds, history.end - 2 * HOUR)
            noted(found, "sealed", name, lambda a=end - seconds, b=end: ledger.seconds([a, b]))
            noted(found, "up to now", name, lambda a=history.end - seconds, b=history.end: ledger.seconds([a, b]))
            if seconds <= (told.rows_days - 1) * DAY:
                end = rnd.randrange(history.end - told.rows_days * DAY + 2 * HOUR + seconds, history.end - 2 * HOUR)
                with rows_only():
                    noted(found, "from rows", name, lambda a=end - seconds, b=end: ledger.seconds([a, b]))
    return found


def noted(found: dict[str, dict[str, list[float]]], kind: str, name: str, work: Callable[[], Any]) -> None:
    found.setdefault(kind, {}).setdefault(name, []).append(timed(work))


def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    spent = time.perf_counter() - began
    db.session.rollback()
    return spent * 1e3


@contextmanager
def rows_only() -> Iterator[None]:
    """As if all of it had just been corrected: no block holds."""
    with transaction():
        db.session.execute(insert(corrected).values(book_id=1, first_hour=0, last_hour=1 << 30))
    try:
        yield
    finally:
        with transaction():
            db.session.execute(delete(corrected))


def check(history: History, rows_days: int) -> None:
    rnd = random.Random(2)
    first = history.end - (rows_days - 1) * DAY
    edges = sorted(rnd.randrange(first, history.end) for _ in range(20))
    sealed = ledger.seconds(edges).seconds
    with rows_only():
        if not np.array_equal(sealed, ledger.seconds(edges).seconds):
            raise SystemExit("blocks and rows differ")
    if (sealed.sum(axis=1) != np.diff(edges)[:, None]).any():
        raise SystemExit("seconds are missing")


def heat(name: str, history: History, told: argparse.Namespace) -> str:
    """One state of every cell and hour of a month, from blocks and from rows, in turns."""
    last = history.end // DAY
    length = min(30, told.rows_days - 1)
    first, times = last - length, {"blocks": [], "rows": []}
    for _ in range(max(3, told.rounds // 3)):
        found: list[Any] = []
        for kind, read in (("blocks", _heat_by_blocks), ("rows", _heat_by_rows)):
            times[kind].append(timed(lambda read=read, into=found: into.append(read(first, last))))
        if not np.array_equal(*found):
            raise SystemExit("heat maps differ")
    fast, slow = (statistics.median(times[kind]) for kind in ("blocks", "rows"))
    return (
        f"{name}: heat map {told.cells} x {length * 24} h: {fast:.2f} ms (best {min(times['blocks']):.2f}), from rows "
        f"{slow:.0f} ms ({min(times['rows']):.0f}): {slow / fast:.0f}x"
    )


def _heat_by_blocks(first: int, last: int) -> Any:
    return ledger.hour_planes(1, first * 24, last * 24, ledger.State.RUNNING)[1]


def _heat_by_rows(first: int, last: int) -> Any:
    """What was known as each hour began, and the difference to the next."""
    query = select(hours.c.running).where(hours.c.book_id == 1, hours.c.hour >= first * 24, hours.c.hour < last * 24)
    since = np.array(db.session.scalars(query.order_by(hours.c.hour, hours.c.cell_id)).all(), np.int64)
    query = select(days.c.running).where(days.c.book_id == 1, days.c.day >= first, days.c.day <= last)
    base = np.array(db.session.scalars(query.order_by(days.c.day, days.c.cell_id)).all(), np.int64)
    base = base.reshape(last - first + 1, -1)
    ends = np.concatenate([since.reshape(last - first, 24, -1), np.diff(base, axis=0)[:, None]], axis=1)
    return np.diff(ends, axis=1).reshape((last - first) * 24, -1)


def sizes(name: str, count: int) -> str:
    tables = {"hours": hour_blocks, "days": day_blocks, "bases": day_bases}
    each = {n: int(db.session.scalar(select(func.sum(func.length(t.c.data)))) or 0) / count for n, t in tables.items()}
    whole = sum(each.values())
    parts = ", ".join(f"{n} {size:.2f}" for n, size in each.items())
    return f"{name}: {count:,} changes; {whole:.2f} B a change in blocks ({parts}): {whole / ENTROPY:.1f}x the entropy"


def heading(told: argparse.Namespace) -> Iterator[str]:
    yield f"## Windows of {told.cells} cells, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores"
    yield ""
    yield (
        f"`bench/window.py`: {told.days} days, about 199 changes a cell and day; ms, median (best) of {told.rounds}; "
        f"blocks and rows compared. Load {os.getloadavg()[0]:.1f}."
    )
    yield ""


def table(name: str, found: dict[str, dict[str, list[float]]]) -> Iterator[str]:
    lengths = list(found["sealed"])
    yield f"| {name} | " + " | ".join(lengths) + f" | {lengths[-1]} : 1 h | sealed |"
    yield "|---" * (len(lengths) + 3) + "|"
    sealed = [spent for times in found["sealed"].values() for spent in times]
    for kind, by_length in found.items():
        cells = [_cell(by_length.get(length)) for length in lengths]
        own = list(by_length.values())
        ratio = statistics.median(own[-1]) / statistics.median(own[0])
        whole = statistics.median([spent for times in own for spent in times]) / statistics.median(sealed)
        yield f"| {kind} | " + " | ".join(cells) + f" | {ratio:.2f} | {whole:.2f}x |"


def _cell(times: list[float] | None) -> str:
    return f"{statistics.median(times):.2f} ({min(times):.2f})" if times else "-"


if __name__ == "__main__":
    main()
