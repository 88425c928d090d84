"""What a round costs to keep: the ledger's tick against COPY of raw samples, a commit a tick, equally durable.

    .venv/bin/python bench/ingest.py [--cells 1000] [--ticks 600] [--turn 50] [--changes 200]
        [--also 13 864 2592] [--write]

States are made up from a seed: 1 Hz, about so many changes a cell and day, a book for each 1000 cells. The engines take
turns on the same samples, --turn ticks each: 50 tell what a writer gets done, tick after tick; 1 what a tick costs that
finds nothing of its own in the processor's caches, as one a second does. Then once more for each number of changes
named with --also (a real shop's eight machines had 13 a day). All flush at each commit (fsync and synchronous_commit
on; synchronous FULL). In the end all must know the same seconds of each cell and state. Each is compared with its like:
a tick that commits by itself with a COPY that does, a tick in the app's transaction (which asks whether the connection
lives, begins, commits) with a COPY in such a one. --write adds the tables to bench/RESULTS.md.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, nullcontext
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from sqlalchemy import insert, update

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.databases import fresh_database, postgresql_server  # noqa: E402
from webapp import create_app, ledger  # noqa: E402
from webapp.config import Config  # noqa: E402
from webapp.extensions import Base, db, transaction  # noqa: E402
from webapp.ledger import appending, ticking  # noqa: E402
from webapp.ledger.models import days, heads, hours, samplers  # noqa: E402
from webapp.ledger.states import DAY, HOUR, KNOWN  # noqa: E402

DURABLE = ("max_connections=50", "shared_buffers=128MB")
DAWN, BOOKFUL, STATES = 1_772_582_400, 1000, 6
WARMING = 20  # ticks that are not counted
WIRE = [
    ("fields", ">i2"),
    ("l0", ">i4"),
    ("ts", ">i4"),
    ("l1", ">i4"),
    ("cell", ">i4"),
    ("l2", ">i4"),
    ("state", ">i2"),
]
SAMPLES = "CREATE TABLE samples (ts int4, cell int4, state int2, PRIMARY KEY (ts, cell))"
ONE_STATEMENT = appending.advance
COPY, COPY_WITHIN = "PostgreSQL: COPY of samples", "PostgreSQL: COPY in the app's transaction"
TICK, TICK_WITHIN = "PostgreSQL: a tick", "PostgreSQL: a tick in the app's transaction"
PARTS, ON_SQLITE = "PostgreSQL: the same, fence, heads and rows apart", "SQLite: a tick in the app's transaction"


class Ours:
    """The ledger in a database of its own. alone: each statement commits by itself, as a tick of one book may."""

    def __init__(self, name: str, url: str, cells: int, folder: Path, alone: bool = False, parts: bool = False) -> None:
        self.name, self.cells, self.alone = name, cells, alone
        self.advance = by_parts if parts else ONE_STATEMENT
        self.context = an_app(url, folder).app_context()
        self.context.push()
        Base.metadata.create_all(db.engine)
        ledger.make_months(DAWN)
        self.leases = [self._lease(first) for first in range(1, cells + 1, BOOKFUL)]
        if alone:
            db.session.rollback()
            db.session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})

    def _lease(self, first: int) -> tuple[range, ledger.Lease]:
        mine, book = range(first, min(first + BOOKFUL, self.cells + 1)), ledger.open_book(DAWN, shelf=first)
        with transaction():
            enroll_all(book, mine)
        return mine, ledger.lease(book, 1, DAWN)

    def tick(self, n: int, states: Any) -> tuple[float, float]:
        said = [ledger.State(state) for state in states.tolist()]  # what a collector would hand over
        batches = [(lease, {cell: said[cell - 1] for cell in mine}) for mine, lease in self.leases]
        ticking.advance = self.advance
        with self.context:
            began, used = time.perf_counter(), time.process_time()
            with nullcontext() if self.alone else transaction():
                ledger.tick_all(batches, DAWN + n)
            return time.perf_counter() - began, time.process_time() - used

    def server(self) -> float:
        """Processor seconds that its connection's process has used."""
        with self.context:
            return used_by(db.session.connection().connection.driver_connection) if self.name != ON_SQLITE else 0.0

    def known(self, ticks: int) -> Any:
        with self.context:
            found = ledger.window(DAWN, DAWN + ticks)
            db.session.rollback()
        return np.array([[getattr(found[cell], str(state)) for state in ledger.State] for cell in sorted(found)])


def enroll_all(book: int, cells: range) -> None:
    """As ledger.enroll does one by one."""
    sums = dict.fromkeys(map(str, KNOWN), 0)
    rows = [{"book_id": book, "cell_id": cell, **sums} for cell in cells]
    unsaid = [{**row, "state": 0, "source": 0} for row in rows]
    db.session.execute(insert(heads), [{**row, "sampler_id": 1, "start": DAWN, "anchor": 0} for row in unsaid])
    db.session.execute(insert(hours), [{**row, "hour": DAWN // HOUR} for row in unsaid])
    db.session.execute(insert(days), [{**row, "day": DAWN // DAY} for row in rows])


class Copied:
    """A row for each sample, by the quickest way in."""

    def __init__(self, name: str, url: str, cells: int, folder: Path, alone: bool = False) -> None:
        self.name, self.alone = name, alone
        self.context = an_app(url, folder).app_context()
        self.context.push()
        self.connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        self.connection.execute(SAMPLES)
        self.rows = np.zeros(cells, np.dtype(WIRE))
        self.rows["fields"], self.rows["l0"], self.rows["l1"], self.rows["l2"] = 3, 4, 4, 2
        self.rows["cell"] = np.arange(1, cells + 1)

    def tick(self, n: int, states: Any) -> tuple[float, float]:
        with self.context:
            began, used = time.perf_counter(), time.process_time()
            self.rows["ts"], self.rows["state"] = DAWN + n, states
            if self.alone:
                self._copy(self.connection.cursor())
            else:
                with transaction():
                    self._copy(db.session.connection().connection.cursor())
            return time.perf_counter() - began, time.process_time() - used

    def _copy(self, cursor: Any) -> None:
        with cursor.copy("COPY samples (ts, cell, state) FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8) + self.rows.tobytes() + b"\xff\xff")

    def server(self) -> float:
        if self.alone:
            return used_by(self.connection)
        with self.context:
            return used_by(db.session.connection().connection.driver_connection)

    def known(self, ticks: int) -> Any:
        found = np.zeros((len(self.rows), STATES), int)
        query = "SELECT cell, state, count(*) FROM samples GROUP BY cell, state"
        for cell, state, seconds in self.connection.execute(query):
            found[cell - 1, state] = seconds
        self.connection.close()
        return found


def used_by(connection: Any) -> float:
    words = Path(f"/proc/{connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def an_app(url: str, folder: Path) -> Any:
    config = Config(database_url=url, data_dir=folder, redis_url="unix:///none", secret_key="bench", testing=True)
    return create_app(config)


def by_parts(steps: Sequence[appending.Step]) -> bool:
    """Fence, heads and rows one after the other."""
    for book, epoch, tail, end, found in steps:
        mine = appending.of_sampler(update(samplers), book).where(samplers.c.epoch == epoch, samplers.c.tail == tail)
        if not appending.took(mine.values(tail=end)):
            return False
        appending.append(book, found)
    return True


def made_up(cells: int, ticks: int, changes: float) -> Iterator[Any]:
    """The states of all cells, tick by tick."""
    rnd = np.random.default_rng(1)
    held = rnd.integers(0, STATES, cells)
    for _ in range(ticks):
        other = (held + rnd.integers(1, STATES, cells)) % STATES
        held = np.where(rnd.random(cells) < changes / 86_400, other, held)
        yield held


class Told:
    """What one engine's ticks cost. server, client: processor seconds; logged: bytes."""

    def __init__(self, engine: Any) -> None:
        self.wall: list[float] = []
        self.client, self.logged, self.before = 0.0, 0.0, engine.server()
        self.server = 0.0

    def add(self, wall: float, client: float, logged: float) -> None:
        self.wall.append(wall)
        self.client += client
        self.logged += logged


def measure(cells: int, ticks: int, turn: int, changes: float) -> dict[str, Told]:
    with ExitStack() as kept:
        folder = Path(kept.enter_context(tempfile.TemporaryDirectory()))
        server = kept.enter_context(postgresql_server(DURABLE))
        url = [kept.enter_context(fresh_database(server)) for _ in range(5)]
        engines: list[Any] = [
            Copied(COPY, url[0], cells, folder, alone=True),
            Ours(TICK, url[1], cells, folder, alone=True),
            Copied(COPY_WITHIN, url[2], cells, folder),
            Ours(TICK_WITHIN, url[3], cells, folder),
            Ours(PARTS, url[4], cells, folder, parts=True),
            Ours(ON_SQLITE, f"sqlite:///{folder}/bench.db", cells, folder),
        ]
        clerk = kept.enter_context(psycopg.connect(server.replace("+psycopg", ""), autocommit=True))
        rounds = enumerate(made_up(cells, ticks + WARMING, changes))
        take_turns(engines, list(islice(rounds, WARMING)), clerk)
        found = {engine.name: Told(engine) for engine in engines}
        while some := list(islice(rounds, turn)):
            for engine, spent in take_turns(engines, some, clerk):
                found[engine.name].add(*spent)
        for engine in engines:
            told = found[engine.name]
            told.server = engine.server() - told.before
        check([engine.known(ticks + WARMING) for engine in engines])
        for engine in reversed(engines):
            db.session.remove()
            db.engine.dispose()
            engine.context.pop()
    return found


def take_turns(
    engines: Sequence[Any], some: Sequence[tuple[int, Any]], clerk: Any
) -> list[tuple[Any, tuple[float, float, float]]]:
    """What each tick of each engine cost: seconds, processor seconds here, bytes of log (the mean of its turn)."""
    found = []
    for engine in engines:
        before = log_of(clerk)
        spent = [engine.tick(n, states) for n, states in some]
        logged = (log_of(clerk) - before) / len(some)
        found += [(engine, (*each, logged)) for each in spent]
    return found


def log_of(clerk: Any) -> int:
    return int(clerk.execute("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint").fetchone()[0])


def check(known: list[Any]) -> None:
    for other in known[1:]:
        if not (known[0] == other).all():
            raise SystemExit("they do not know the same")


def table(told: argparse.Namespace, found: dict[str, Told]) -> Iterator[str]:
    yield f"## Keeping a round of {told.cells:,} cells, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores"
    yield ""
    yield (
        f"`bench/ingest.py`: {told.ticks} ticks, {told.changes:g} changes a cell and day ({percent(told.changes)} of "
        f"the cells in a tick), a flushed commit each, engines in turns of {told.turn}, every second equal in the end. "
        f"COPY : this by time (median over the ticks) and by processor time. Load {os.getloadavg()[0]:.1f}."
    )
    yield ""
    yield "| | ms, median (best) | processor ms, server + client | log bytes a tick | by time | by processor |"
    yield "|---|---|---|---|---|---|"
    for name, its in found.items():
        logged = "–" if name == ON_SQLITE else f"{its.logged / told.ticks:,.0f}"
        used = f"{its.server / told.ticks * 1e3:.2f} + {its.client / told.ticks * 1e3:.2f}"
        yield f"| {name} | {timed(its)} | {used} | {logged} | {' | '.join(ratios(name, found))} |"


def shares(found: dict[float, dict[str, Told]]) -> Iterator[str]:
    yield ""
    yield "| changes a cell and day | of the cells | COPY, ms | a tick, ms | by time | by processor | in transactions |"
    yield "|---|---|---|---|---|---|---|"
    for changes, its in sorted(found.items()):
        row = [f"{changes:g}", percent(changes), timed(its[COPY]), timed(its[TICK]), *ratios(TICK, its)]
        yield f"| {' | '.join([*row, ratios(TICK_WITHIN, its)[0]])} |"


def percent(changes: float) -> str:
    return f"{changes / 864:.2g} %"


def timed(its: Told) -> str:
    return f"{statistics.median(its.wall) * 1e3:.2f} ({min(its.wall) * 1e3:.2f})"


def ratios(name: str, found: dict[str, Told]) -> tuple[str, str]:
    """By time and by processor, to COPY under the same circumstances."""
    its, peer = found[name], found[COPY if name in (COPY, TICK) else COPY_WITHIN]
    by_time = statistics.median(theirs / ours for theirs, ours in zip(peer.wall, its.wall, strict=True))
    return f"{by_time:.1f}", f"{(peer.server + peer.client) / (its.server + its.client):.1f}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("cells", 1000), ("ticks", 600), ("turn", 50), ("changes", 200)):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--also", type=float, nargs="*", default=[])
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    found = {changes: measure(told.cells, told.ticks, told.turn, changes) for changes in (told.changes, *told.also)}
    lines = [*table(told, found[told.changes]), *(shares(found) if told.also else ())]
    print("\n".join(lines))
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n".join(["", *lines, ""]))


if __name__ == "__main__":
    main()
