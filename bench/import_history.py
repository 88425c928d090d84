"""What it costs to bring in years of a real shop's history: seconds, memory, and whether order and repetition matter.

    .venv/bin/python bench/import_history.py states_2016-2020_all.csv.gz [--write]

The file: machine, file, timestamp, key, value, as NIST's Smart Manufacturing Systems Test Bed publishes it. It is
brought in once, again, and shuffled into an empty database, on SQLite and on PostgreSQL, each in a process of its own;
what is held of every second must be the same each time. --write adds the tables to bench/RESULTS.md.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.databases import fresh_database, postgresql_server  # noqa: E402
from webapp import cells, create_app, ledger  # noqa: E402
from webapp.config import Config  # noqa: E402
from webapp.extensions import Base, db  # noqa: E402
from webapp.lib.clock import epoch, utcnow  # noqa: E402

JUNE = [epoch(datetime(2019, month, 1, tzinfo=UTC)) for month in (6, 7)]
YEARS = [epoch(datetime(year, 1, 1, tzinfo=UTC)) for year in (2016, 2021)]
RULES = {
    "keys": {"Program_Status": "execution", "EStop_State": "estop"},
    "not_before": "2016-01-01",
    "new_cells": "in service",
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file", type=Path)
    options.add_argument("--write", action="store_true")
    options.add_argument("--alone", help=argparse.SUPPRESS)  # the database of one that runs in a process of its own
    told = options.parse_args()
    if told.alone:
        print(json.dumps(measure(told.alone, told.file)))
        return
    lines = list(tables(dict(compare(told.file))))
    print("\n".join(lines))
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n".join(["", *lines, ""]))


def compare(file: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Of each database: once, again, shuffled."""
    with tempfile.TemporaryDirectory() as folder, postgresql_server() as server:
        mixed = Path(folder, "mixed.csv.gz")
        shuffle(file, mixed)
        first, other = (f"sqlite:///{folder}/{name}.db" for name in ("first", "other"))
        yield "SQLite", [alone(first, file), alone(first, file), alone(other, mixed)]
        with fresh_database(server) as first, fresh_database(server) as other:
            yield "PostgreSQL", [alone(first, file), alone(first, file), alone(other, mixed)]


def shuffle(file: Path, into: Path) -> None:
    head, *rows = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    random.Random(4).shuffle(rows)
    into.write_bytes(gzip.compress(head + b"".join(rows)))


def alone(url: str, file: Path) -> dict[str, Any]:
    said = subprocess.run([sys.executable, __file__, str(file), "--alone", url], capture_output=True, check=True)
    found: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return found


def measure(url: str, file: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        config = Config(database_url=url, data_dir=Path(folder), redis_url="unix:///none", secret_key="x", testing=True)
        app = create_app(config)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            if not cells.sites():
                cells.add_site("Shop", "UTC", 80, "the bench", utcnow())
            found = bring_in(file, Path(folder, "imports"))
            db.engine.dispose()
    return found


def bring_in(file: Path, folder: Path) -> dict[str, Any]:
    content = io.BytesIO(file.read_bytes())
    before, worked, began = memory(), time.process_time(), time.perf_counter()
    job = cells.offer_import(content, file.name, "UTC", "the bench", utcnow(), folder)
    cells.settle_import(job.id, cells.ImportRules(**{**job.rules, **RULES}), folder)
    cells.begin_import(job.id, "the bench", utcnow(), folder)
    while cells.go_on_importing(folder, utcnow):
        pass
    job = cells.one_import(job.id)
    took = {"seconds": time.perf_counter() - began, "processor": time.process_time() - worked}
    rows = {"status": job.status, "rows": job.lines, "good": job.good, "refused": job.refused, "spare": job.spare}
    return {**took, **rows, "peak": memory(), "grew": memory() - before, "digest": digest(), "june": june()}


def memory() -> int:
    """The most this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def digest() -> str:
    """Of what is held of every second of every cell, whatever its number is."""
    names = {cell.id: cell.name for cell in cells.all_cells(retired=True)}
    spans = ledger.many_spans(list(names), *YEARS)
    held = sorted((names[cell_id], [tuple(span) for span in found]) for cell_id, found in spans.items())
    return hashlib.sha256(repr(held).encode()).hexdigest()[:12]


def june() -> dict[str, dict[str, int]]:
    names = {cell.id: cell.name for cell in cells.all_cells(retired=True)}
    return {names[cell_id]: seconds._asdict() for cell_id, seconds in ledger.window(*JUNE).items()}


def tables(found: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    runs = [run for three in found.values() for run in three]
    same = len({(run["digest"], json.dumps(run["june"], sort_keys=True)) for run in runs}) == 1
    first = runs[0]
    yield f"## A real shop's four years, {utcnow():%Y-%m-%d}, 2 cores"
    yield ""
    yield (
        f"`bench/import_history.py`: {first['rows']:,} rows of eight machines, 2016 to 2020 (data: NIST, Smart "
        f"Manufacturing Systems Test Bed); {first['good']:,} tell of states, {first['spare']:,} of other things, "
        f"{first['refused']} are refused. Others worked on the machine meanwhile (load {os.getloadavg()[0]:.1f}). "
        f"{'Every second is the same each time, on both.' if same else '**THE HISTORIES DIFFER.**'}"
    )
    yield ""
    yield "| | seconds | processor | peak MB | of it grown |"
    yield "|---|---|---|---|---|"
    for name, three in found.items():
        for what, run in zip(("once", "again", "shuffled"), three, strict=True):
            sizes = f"{run['peak']} | {run['grew']}"
            yield f"| {name}, {what} | {run['seconds']:.1f} | {run['processor']:.1f} | {sizes} |"
    yield ""
    yield "Seconds of June 2019 (2,592,000):"
    yield ""
    yield "| machine | " + " | ".join(ledger.STATES) + " |"
    yield "|---|" + "---|" * len(ledger.STATES)
    for machine, seconds in sorted(first["june"].items()):
        yield f"| {machine} | " + " | ".join(f"{seconds[state]:,}" for state in ledger.STATES) + " |"


if __name__ == "__main__":
    main()
