"""The ledger against what else could keep such a history: the same windows, engines in turns, results compared.

    .venv/bin/python bench/peers.py samples [--rounds 5] [--write]    # 100 cells, 31 days, 10 s: about 4 GB of disk
    .venv/bin/python bench/peers.py year [--rounds 5] [--write]       # 1,000 cells, 366 days, 1 s: about 5 GB of disk

Needs what bench/requirements.txt names, beside the program's own. Every engine answers every window before any is
timed; one second that differs in any cell and state ends the run. --write adds the table to bench/RESULTS.md.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from flask import Flask
from sqlalchemy import text

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from engines import ClickHouse, DuckDB, Peer, Pieces, Rollup, Samples, Seconds  # noqa: E402
from history import START, History, usual, write  # noqa: E402

from tests.databases import fresh_database, postgresql_server  # noqa: E402
from webapp import create_app, ledger  # noqa: E402
from webapp.config import Config  # noqa: E402
from webapp.extensions import Base, db  # noqa: E402
from webapp.ledger.columns import Marks  # noqa: E402

HOUR, DAY, GRID = 3600, 86_400, 10


class Gridded(History):
    """The same with every change on a grid of ten seconds, so that samples of ten seconds say the same."""

    def by_day(self) -> Iterator[Marks]:
        held = np.zeros(self.cells, np.uint8)
        for marks in super().by_day():
            at = marks.at // GRID * GRID
            last = np.append((np.diff(at) != 0) | (np.diff(marks.cell) != 0), True)
            cell, at, state = marks.cell[last], at[last], marks.state[last]
            first = np.insert(np.diff(cell) != 0, 0, True)
            prev = np.where(first, held[cell], np.roll(state, 1))
            ends = np.append(np.diff(cell) != 0, True)
            held[cell[ends]] = state[ends]
            news = state != prev
            yield Marks(cell[news], at[news], state[news], usual(state[news]), prev[news])


class Set(NamedTuple):
    """What is asked of whom. step: windows begin and end on multiples of it, in seconds."""

    history: History
    lengths: dict[str, int]
    peers: list[type[Peer]]
    step: int


SETS = {
    "samples": Set(
        Gridded(100, 31),
        {"1 h": HOUR, "1 d": DAY, "30 d": 30 * DAY},
        [Samples, Rollup, DuckDB, ClickHouse],
        GRID,
    ),
    "year": Set(
        History(1000, 366), {"1 h": HOUR, "1 d": DAY, "30 d": 30 * DAY, "365 d": 365 * DAY}, [DuckDB, ClickHouse], 1
    ),
}


class Ours:
    """The ledger's own question, in its app."""

    def __init__(self, name: str, app: Flask) -> None:
        self.name = name
        self.app = app

    def window(self, start: int, end: int) -> Seconds:
        found = ledger.seconds([start, end]).seconds[0, 1:].T
        db.session.rollback()
        return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("set", choices=SETS)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    chosen = SETS[told.set]
    with ExitStack() as kept:
        folder = kept.enter_context(tempfile.TemporaryDirectory(prefix="bench-peers-"))
        server = kept.enter_context(postgresql_server())
        engines = [*_ours(kept, folder, server, chosen.history), *_peers(kept, folder, server, chosen)]
        windows = list(_asked(chosen, told.rounds))
        _compare(engines, windows[: len(chosen.lengths)])
        times = _timed(engines, windows)
    lines = list(_table(told.set, chosen, engines, times))
    print("\n".join(lines))
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n".join(["", *lines, ""]))


def _ours(kept: ExitStack, folder: str, server: str, history: History) -> Iterator[Any]:
    postgresql = kept.enter_context(fresh_database(server))
    for name, url in (("ledger, SQLite", f"sqlite:///{folder}/ledger.db"), ("ledger, PostgreSQL", postgresql)):
        config = Config(
            database_url=url,
            data_dir=Path(folder),
            redis_url="unix:///nonexistent.sock",
            secret_key="of the bench",
            testing=True,
        )
        app = create_app(config)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            began = time.perf_counter()
            count = write(history, rows_days=1)
            _say(f"{name}: {count:,} changes written in {time.perf_counter() - began:.0f} s")
            if "postgresql" in url:
                db.session.execute(text("ANALYZE"))
                db.session.commit()
        yield Ours(name, app)


def _peers(kept: ExitStack, folder: str, server: str, chosen: Set) -> Iterator[Peer]:
    """Those that need PostgreSQL share a database: the rollup is made from the samples."""
    shared = kept.enter_context(fresh_database(server)).replace("+psycopg", "")
    for kind in chosen.peers:
        peer = kind(chosen.history.cells, shared if kind in (Samples, Rollup) else folder)
        began = time.perf_counter()
        peer.load(_pieces(chosen.history))
        _say(f"{peer.name}: loaded in {time.perf_counter() - began:.0f} s")
        yield peer


def _pieces(history: History) -> Iterator[Pieces]:
    """A day at a time; midnights cut."""
    held = np.zeros(history.cells, np.uint8)
    every = np.arange(history.cells)
    for day, marks in enumerate(history.by_day()):
        begin = START + day * DAY
        over = min(begin + DAY, history.end)
        cell = np.concatenate([every, marks.cell])
        start = np.concatenate([np.full(history.cells, begin), marks.at])
        state = np.concatenate([held, marks.state])
        order = np.lexsort((np.arange(len(cell)), start, cell))
        cell, start, state = cell[order], start[order], state[order]
        ends = np.append(np.diff(cell) != 0, True)
        end = np.where(ends, over, np.roll(start, -1))
        held[cell[ends]] = state[ends]
        real = end > start
        yield Pieces(cell[real].astype(np.int32), start[real], end[real], state[real])


def _asked(chosen: Set, rounds: int) -> Iterator[tuple[str, int, int]]:
    """The lengths take turns; where a window lies is drawn anew each time."""
    rnd = random.Random(7)
    latest = chosen.history.end - 2 * HOUR
    for _ in range(rounds):
        for name, seconds in chosen.lengths.items():
            start = rnd.randrange(START, latest - seconds) // chosen.step * chosen.step
            yield name, start, start + seconds


def _in_its_app(engine: Any) -> Callable[[int, int], Seconds]:
    def window(start: int, end: int) -> Seconds:
        if not isinstance(engine, Ours):
            return engine.window(start, end)
        with engine.app.app_context():
            return engine.window(start, end)

    return window


def _compare(engines: Sequence[Any], windows: Sequence[tuple[str, int, int]]) -> None:
    for name, start, end in windows:
        first, *others = (_in_its_app(engine)(start, end) for engine in engines)
        for engine, other in zip(engines[1:], others, strict=True):
            if not np.array_equal(first, other):
                raise SystemExit(f"{engine.name} differs from {engines[0].name} over {name} from {start}")
        _say(f"{name}: {len(engines)} engines agree on {first.size:,} sums")


def _timed(engines: Sequence[Any], windows: Sequence[tuple[str, int, int]]) -> dict[tuple[str, str], list[float]]:
    """Seconds by engine and length; what is asked is asked of all before the next is."""
    times: dict[tuple[str, str], list[float]] = {}
    for name, start, end in windows:
        for engine in engines:
            times.setdefault((engine.name, name), []).append(_seconds(engine, start, end))
    return times


def _seconds(engine: Any, start: int, end: int) -> float:
    """A quick answer is taken five times, and the middle one counts: a busy neighbour is nobody's speed."""
    taken: list[float] = []
    while len(taken) < 5 and sum(taken) < 0.2:
        if isinstance(engine, Ours):
            with engine.app.app_context():
                began = time.perf_counter()
                engine.window(start, end)
                taken.append(time.perf_counter() - began)
        else:
            began = time.perf_counter()
            engine.window(start, end)
            taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _table(name: str, chosen: Set, engines: Sequence[Any], times: dict[tuple[str, str], list[float]]) -> Iterator[str]:
    history = chosen.history
    yield f"## Against others, {name}: {history.cells:,} cells, {history.days} days, {datetime.now(UTC):%Y-%m-%d}"
    yield ""
    yield (
        f"`bench/peers.py {name}`: ms, median; in brackets how many times the ledger on SQLite of the same window, "
        f"median of the rounds' ratios. Every sum of every engine equal. {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}, one thread each."
    )
    yield ""
    yield "| | " + " | ".join(chosen.lengths) + " |"
    yield "|---" * (len(chosen.lengths) + 1) + "|"
    for engine in engines:
        cells = []
        for length in chosen.lengths:
            own, first = times[engine.name, length], times[engines[0].name, length]
            ratio = statistics.median(a / b for a, b in zip(own, first, strict=True))
            cells.append(f"{statistics.median(own) * 1e3:,.2f} ({ratio:,.1f})")
        yield f"| {engine.name} | " + " | ".join(cells) + " |"


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
