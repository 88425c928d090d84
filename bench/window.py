"""What a window costs: 100 cells over 1 h, 1 d and 30 d, through the ledger's own questions, on both databases.

    .venv/bin/python bench/window.py [--rounds 40] [--write]

Histories are made up from a seed: 31 days, about 200 changes a cell and day. Each answer is compared with a plain sum
over the intervals, in SQL, for every cell and state. --write adds the table to bench/RESULTS.md.
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

from sqlalchemy import text

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.databases import fresh_database, postgresql_server  # noqa: E402
from webapp import create_app, ledger  # noqa: E402
from webapp.config import Config  # noqa: E402
from webapp.extensions import Base, db, transaction  # noqa: E402

HOUR, DAY = 3600, 86_400
CELLS, DAYS, START = 100, 31, 1_772_582_400
LENGTHS = {"1 h": HOUR, "1 d": DAY, "30 d": 30 * DAY}
CHECKED = 3  # windows of each length that are summed up by hand, both kinds

BY_HAND = """
WITH marks AS (
  SELECT cell_id, state, at AS began,
         lead(at, 1, CAST(:tail AS bigint)) OVER (PARTITION BY cell_id ORDER BY at) AS ended
  FROM (SELECT cell_id, state, CAST(hour AS bigint) * 3600 + off AS at FROM state_change) AS changed
), cut AS (
  SELECT cell_id, state, CASE WHEN began > :start THEN began ELSE :start END AS began,
         CASE WHEN ended < :stop THEN ended ELSE :stop END AS ended
  FROM marks
)
SELECT cell_id, state, sum(ended - began) FROM cut WHERE ended > began AND state <> 0 GROUP BY cell_id, state
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=40)
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        found.append(("SQLite", measure(f"sqlite:///{folder}/bench.db", Path(folder), told.rounds)))
        with postgresql_server() as server, fresh_database(server) as url:
            found.append(("PostgreSQL", measure(url, Path(folder), told.rounds)))
    lines = list(table(found))
    print("\n".join(lines))
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n".join(["", *lines, ""]))


def measure(url: str, folder: Path, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Seconds of each call, by kind of window and length."""
    config = Config(
        database_url=url, data_dir=folder, redis_url="unix:///nonexistent.sock", secret_key="of the bench", testing=True
    )
    app = create_app(config)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        now = make_history()
        for start, end in asked(random.Random(2), CHECKED, now):
            check(start, end)
        times: dict[str, dict[str, list[float]]] = {}
        for start, end in asked(random.Random(3), rounds, now):
            kind = "up to now" if end == now else "in the past"
            length = next(name for name, seconds in LENGTHS.items() if seconds == end - start)
            times.setdefault(kind, {}).setdefault(length, []).append(timed(start, end))
        db.engine.dispose()
    return times


def make_history() -> int:
    """All cells' 31 days, closed up to the last hour, with a sampler at the end; returns its tail."""
    rnd, end = random.Random(1), START + DAYS * DAY - 1000
    book = ledger.open_book(START)
    for cell_id in range(1, CELLS + 1):
        with transaction():
            ledger.enroll(book, cell_id, START)
            ledger.fill(book, cell_id, stretches(rnd, end), ledger.Source.FEED)
    while ledger.close_hours(end):
        pass
    lease = ledger.lease(book, 5, end)
    states = {cell_id: rnd.choice(list(ledger.State)) for cell_id in range(1, CELLS + 1)}
    for slot in range(lease.tail, lease.tail + 600, 5):
        with transaction():
            states[rnd.randint(1, CELLS)] = rnd.choice(list(ledger.State))
            ledger.tick(lease, slot, states)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE"))
        db.session.commit()
    return lease.tail


def stretches(rnd: random.Random, end: int) -> Iterator[tuple[int, int, ledger.State]]:
    at = START
    while at < end:
        until = min(end, at + 1 + int(rnd.expovariate(200 / DAY)))
        yield at, until, rnd.choice(list(ledger.State))
        at = until


def asked(rnd: random.Random, rounds: int, now: int) -> Iterator[tuple[int, int]]:
    """The lengths take turns, each once in the past and once up to now."""
    for _ in range(rounds):
        for seconds in LENGTHS.values():
            end = rnd.randrange(START + seconds, START + DAYS * DAY - 2 * HOUR)
            yield end - seconds, end
            yield now - seconds, now


def timed(start: int, end: int) -> float:
    began = time.perf_counter()
    ledger.window(start, end)
    spent = time.perf_counter() - began
    db.session.rollback()
    return spent


def check(start: int, end: int) -> None:
    """The ledger's answer, and the sum over all intervals that reach into the window."""
    by_hand: dict[int, dict[str, int]] = {cell_id: {} for cell_id in range(1, CELLS + 1)}
    # What still holds has no row that ends it: it holds up to the sampler's tail.
    edges = {"start": start, "stop": end, "tail": ledger.newest()}
    rows = db.session.execute(text(BY_HAND), edges)
    for cell_id, state, seconds in rows:
        by_hand[cell_id][str(ledger.State(state))] = int(seconds)
    answer = ledger.window(start, end)
    for cell_id, sums in by_hand.items():
        known = {name: sums.get(name, 0) for name in ledger.STATES[:-1]}
        expected = ledger.Seconds(**known, unknown=end - start - sum(known.values()))
        if answer[cell_id] != expected:
            raise SystemExit(f"cell {cell_id}, {start} to {end}: {answer[cell_id]} instead of {expected}")
    db.session.rollback()


def table(found: list[tuple[str, dict[str, dict[str, list[float]]]]]) -> Iterator[str]:
    yield f"## Windows of {CELLS} cells, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores"
    yield ""
    yield (
        f"`bench/window.py`: {DAYS} days of history, about 200 changes a cell and day; ms, median (best); "
        f"every answer of the check equal to a plain sum over the intervals. Load {os.getloadavg()[0]:.1f}."
    )
    yield ""
    yield "| | " + " | ".join(LENGTHS) + " | 30 d : 1 h |"
    yield "|---" * (len(LENGTHS) + 2) + "|"
    for database, times in found:
        for kind, lengths in times.items():
            cells = [f"{statistics.median(lengths[n]) * 1e3:.2f} ({min(lengths[n]) * 1e3:.2f})" for n in LENGTHS]
            ratio = statistics.median(lengths["30 d"]) / statistics.median(lengths["1 h"])
            yield f"| {database}, {kind} | " + " | ".join(cells) + f" | {ratio:.2f} |"


if __name__ == "__main__":
    main()
