"""What it costs to bring in a plant's orders: seconds, memory, what came of them, and how quick the pages are then.

    .venv/bin/python bench/order_import.py production_rebuilt.csv [--zone Europe/Berlin] [--rows 10000] [--write]

The file: CSV, XLSX or JSON whose columns are guessed from their names. It is brought in once, again, and with its rows
shuffled into an empty database, on SQLite and on PostgreSQL, each in a process of its own; the orders must be the same
each time. --rows: a made-up file of so many rows instead. --write adds the tables to bench/RESULTS.md.
"""

import argparse
import csv
import hashlib
import io
import json
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402
from sqlalchemy import func, select  # noqa: E402

from tests.databases import fresh_database, postgresql_server  # noqa: E402
from webapp import cells, create_app, orders, people  # noqa: E402
from webapp.config import Config  # noqa: E402
from webapp.extensions import Base, db  # noqa: E402
from webapp.lib.clock import iso, utcnow  # noqa: E402
from webapp.orders import Operation, WorkOrder  # noqa: E402

ROUNDS = 5
PASSWORD = "correct horse battery"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file", type=Path, nargs="?")
    options.add_argument("--zone", default="UTC")
    options.add_argument("--rows", type=int)
    options.add_argument("--write", action="store_true")
    options.add_argument("--alone", help=argparse.SUPPRESS)  # the database of one that runs in a process of its own
    told = options.parse_args()
    if told.alone:
        print(json.dumps(measure(told.alone, told.file, told.zone)))
        return
    with tempfile.TemporaryDirectory() as folder:
        file = made_up(told.rows, Path(folder)) if told.rows else told.file
        lines = list(tables(dict(compare(file, told.zone)), file.name))
    print("\n".join(lines))
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n".join(["", *lines, ""]))


def made_up(rows: int, folder: Path) -> Path:
    """Orders of eight steps on forty machines, the half of them over."""
    chance, path, begun = random.Random(6), folder / f"made-up-{rows}.csv", utcnow() - timedelta(days=30)
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["order", "product", "qty", "due", "step", "operation", "machine", "start", "end"])
        for n in range(rows):
            order, step = divmod(n, 8)
            at = begun + timedelta(minutes=order * 60 * 24 * 60 // max(rows // 8, 1) + step * 90)
            span = [f"{moment:%Y-%m-%d %H:%M}" for moment in (at, at + timedelta(minutes=chance.randint(10, 85)))]
            writer.writerow(
                [f"B-{order}", "Bracket", 10, "2030-01-01", step + 1, f"Step {step + 1}", f"M{n % 40}", *span]
            )
    return path


def compare(file: Path, zone: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Of each database: once, again, shuffled."""
    with tempfile.TemporaryDirectory() as folder, postgresql_server() as server:
        mixed = shuffled(file, Path(folder))
        first, other = (f"sqlite:///{folder}/{name}.db" for name in ("first", "other"))
        yield "SQLite", [alone(first, file, zone), alone(first, file, zone), alone(other, mixed, zone)]
        with fresh_database(server) as first, fresh_database(server) as other:
            yield "PostgreSQL", [alone(first, file, zone), alone(first, file, zone), alone(other, mixed, zone)]


def shuffled(file: Path, folder: Path) -> Path:
    """A CSV with its rows in another sequence; of another kind of file the file itself."""
    if file.suffix != ".csv":
        return file
    head, *rows = file.read_bytes().splitlines(keepends=True)
    random.Random(4).shuffle(rows)
    mixed = folder / "mixed.csv"
    mixed.write_bytes(head + b"".join(row.rstrip(b"\r\n") + b"\n" for row in rows))
    return mixed


def alone(url: str, file: Path, zone: str) -> dict[str, Any]:
    command = [sys.executable, __file__, str(file), "--zone", zone, "--alone", url]
    said = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return found


def measure(url: str, file: Path, zone: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        config = Config(database_url=url, data_dir=Path(folder), redis_url="unix:///none", secret_key="x", testing=True)
        app = create_app(config)
        with app.app_context():
            Base.metadata.create_all(db.engine)
            if not cells.sites():
                cells.add_site("Plant", zone, 80, "the bench", utcnow())
                people.add_user("bench", password=PASSWORD, roles=["admin"], now=utcnow())
            found = bring_in(file, zone, Path(folder, "order-imports"))
            found |= {"conflicts": conflicts()}
            paths = list(addresses())
        # Outside of that context, which would keep who asked first for all that ask later.
        found |= {"pages": dict(pages(app, paths))}
        with app.app_context():
            db.engine.dispose()
    return found


def bring_in(file: Path, zone: str, folder: Path) -> dict[str, Any]:
    content = io.BytesIO(file.read_bytes())
    before, worked, began = memory(), time.process_time(), time.perf_counter()
    job = orders.offer_import(content, file.name, zone, "the bench", utcnow(), folder)
    orders.settle_import(job.id, job.settled, folder)
    orders.begin_import(job.id, "the bench", utcnow(), folder)
    while orders.go_on_importing(folder, utcnow):
        pass
    job = orders.one_import(job.id)
    took = {"seconds": time.perf_counter() - began, "processor": time.process_time() - worked}
    rows = {"status": job.status, "problem": job.problem, "rows": job.lines, "good": job.good, "spare": job.spare}
    rest = {"refused": job.refused, "orders": job.orders_done, "counts": dict(job.counts), "digest": digest()}
    return {**took, **rows, **rest, "peak": memory(), "grew": memory() - before}


def memory() -> float:
    """MB, at the most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def digest() -> str:
    """Of every order and operation, by their names."""
    cell = select(cells.Cell.id, cells.Cell.name)
    names = dict(iter(db.session.execute(cell)))
    query = select(Operation).order_by(Operation.order_id)
    times = ("starts", "ends", "started_at", "ended_at")
    told = sorted(
        (
            *(op.order.ref, op.order.product, op.order.qty, op.order.status, op.idx, op.ref, op.name, op.status),
            *(names.get(op.cell_id), op.qty_done or 0, op.version),
            *(iso(getattr(op, name)) or "" for name in times),
        )
        for op in db.session.scalars(query)
    )
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def span() -> tuple[datetime, datetime] | None:
    first, last = db.session.execute(select(func.min(Operation.starts), func.max(Operation.ends))).one()
    return (first, last) if first else None


def conflicts() -> dict[str, Any]:
    """All there are, and how long the sweep takes."""
    whole = span()
    if whole is None:
        return {}
    began = time.perf_counter()
    found = orders.conflicts(*whole, most=100_000)
    took = (time.perf_counter() - began) * 1000
    return {"ms": took, **{rule: sum(one.rule == rule for one in found) for rule in ("R1", "R2", "R4")}}


def addresses() -> Iterator[str]:
    """What people look at: the list, the order with the most operations, a day and a week in the middle."""
    whole = span()
    if whole is None:
        return
    ref = db.session.scalar(select(WorkOrder.ref).where(WorkOrder.id == busiest()))
    day = f"{whole[0] + (whole[1] - whole[0]) / 2:%Y-%m-%d}"
    yield from ("/orders", f"/orders/{ref}", f"/schedule?d={day}", f"/schedule?d={day}&hours=168", "/log")
    yield "/api/work-orders?limit=1000"


def pages(app: Flask, paths: list[str]) -> Iterator[tuple[str, list[float]]]:
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/login").text)
    client.post("/login", data={"username": "bench", "password": PASSWORD, "csrf_token": token[1] if token else ""})
    yield from ((path, timed(client, path)) for path in paths)


def busiest() -> int | None:
    """The order with the most operations."""
    counted = select(Operation.order_id).group_by(Operation.order_id)
    return db.session.scalar(counted.order_by(func.count().desc(), Operation.order_id).limit(1))


def timed(client: Any, path: str) -> list[float]:
    """Milliseconds of a processor, the median and the most, and kB: others may be at work on this machine."""
    took, size = [], 0
    for _ in range(ROUNDS):
        began = time.process_time()
        answer = client.get(path)
        took.append((time.process_time() - began) * 1000)
        size = len(answer.data)
        if answer.status_code != 200:
            return [float(answer.status_code), 0, 0]
    return [statistics.median(took), max(took), size / 1024]


def tables(found: dict[str, list[dict[str, Any]]], name: str) -> Iterator[str]:
    yield f"## A plant's orders brought in, {utcnow():%Y-%m-%d}, 2 cores"
    yield ""
    yield f"`bench/order_import.py {name}`"
    yield ""
    heads = "s, of a processor, peak MB, grew, rows, good, twice, refused, orders, digest, what came of them"
    yield "| | " + " | ".join(heads.split(", ")) + " |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|---|"
    for database, runs in found.items():
        for how, run in zip(("once", "again", "shuffled"), runs, strict=True):
            yield row(f"{database}, {how}", run)
    yield from conflict_lines(found)
    yield from page_lines(found)


def row(name: str, run: dict[str, Any]) -> str:
    counts = ", ".join(f"{key} {value}" for key, value in sorted(run["counts"].items()) if value) or run["problem"]
    took = f"{run['seconds']:.1f} | {run['processor']:.1f} | {run['peak']:.0f} | {run['grew']:.0f}"
    rows = " | ".join(f"{run[name]:,}" for name in ("rows", "good", "spare", "refused", "orders"))
    return f"| {name} | {took} | {rows} | {run['digest']} | {counts} |"


def conflict_lines(found: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    yield ""
    for database, (run, *_) in found.items():
        if run["conflicts"]:
            shown = {key: value for key, value in run["conflicts"].items() if key != "ms"}
            yield f"Conflicts on {database}: {shown}, found in {run['conflicts']['ms']:.0f} ms."


def page_lines(found: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    yield ""
    yield "| page, ms of a processor, median / most (kB) | " + " | ".join(found) + " |"
    yield "|---|" + "---|" * len(found)
    for path in next(iter(found.values()))[0]["pages"]:
        told = [runs[0]["pages"].get(path, [0, 0, 0]) for runs in found.values()]
        yield f"| `{path}` | " + " | ".join(f"{one[0]:.0f} / {one[1]:.0f} ({one[2]:.0f})" for one in told) + " |"


if __name__ == "__main__":
    main()
