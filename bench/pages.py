"""How long pages and API calls take with 200 cells and 10,000 projects: p50 and p99.

    .venv/bin/python bench/pages.py [--requests 200] [--database-url postgresql://…]

Makes a scratch database, starts the web server as the product does (gunicorn, 2 x 8 threads) on loopback, asks each
address in turn from 4 connections, and adds a table to bench/RESULTS.md with --write.
"""

import argparse
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

CELLS, PROJECTS, CONNECTIONS = 200, 10_000, 4
ADDRESSES = [
    "/api/health",
    "/api/projects?limit=100",
    "/api/projects?status=running",
    "/api/projects/5000",
    "/api/engineers",
    "/api/cells",
    "/api/cells?columns=1",
    "/board",
    "/board/part",
    "/floor",
    "/projects",
    "/projects?status=finished&q=part-77",
    "/projects/5000",
    "/queue",
    "/utilization",
    "/utilization?r=30d",
    "/cells/5",
]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--requests", type=int, default=200)
    options.add_argument("--database-url", default="")
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {
            "DATA_DIR": folder,
            "DATABASE_URL": told.database_url,
            "PUBLIC_BOARDS": "on",
            "REDIS_URL": "unix:///nonexistent.sock",
        }
        os.environ.update(env)
        fill()
        port = free_port()
        server = start(port, env)
        try:
            rows = [(address, *measure(port, address, told.requests)) for address in ADDRESSES]
        finally:
            server.terminate()
            server.wait(15)
    report(rows, "PostgreSQL" if told.database_url else "SQLite", told.write)


def fill() -> None:
    """200 cells with a day of history, 10,000 projects: 150 running, 40 waiting, the rest ended over 30 days."""
    from webapp import cells, create_app, ledger, people
    from webapp.cells import CellDetails
    from webapp.config import networks
    from webapp.extensions import Base, db, transaction

    chance = random.Random(7)
    now = datetime.now(UTC).replace(microsecond=0)
    began = now - timedelta(days=31)
    app = create_app()
    with app.app_context():
        Base.metadata.create_all(db.engine)
        site = cells.add_site("Bench", "Europe/Berlin", 80, by="bench", now=began)
        ada = people.add_user("ada", "correct horse battery", ["engineer"], began)
        site_id, ada_id = site.id, ada.id
        ids = []
        for n in range(1, CELLS + 1):
            details = CellDetails(
                name=f"B{n:03}",
                kind="mill",
                location=f"Bay {n // 20}",
                site_id=site_id,
                driver="http",
                address=f"http://127.0.0.1:7000/cell/{n}",
                in_service_from=began,
            )
            ids.append(cells.add_cell(details, by="bench", now=began, networks=networks("127.0.0.0/8")).id)
        history(ledger, db, transaction, chance, ids, began, now)
        projects(db, chance, ids, ada_id, began, now)


def history(ledger, db, transaction, chance, ids, began, now) -> None:  # type: ignore[no-untyped-def]
    from webapp.cells import Cell

    books = dict(db.session.execute(db.select(Cell.id, Cell.book_id)).tuples().all())
    book = next(iter(books.values()))
    first, end = int(began.timestamp()), int(now.timestamp())
    lease = ledger.lease(book, 600, first)
    state = dict.fromkeys(ids, ledger.State.IDLE)
    word = ledger.State
    likely = [word.RUNNING, word.RUNNING, word.IDLE, word.SETUP, word.DOWN]
    for slot in range(lease.tail, end - 600, 600):
        for cell_id in ids:
            if chance.random() < 0.25:
                state[cell_id] = chance.choice(likely)
        with transaction():
            ledger.tick(lease, slot, state)
        if slot % 86_400 < 600:
            ledger.close_hours(slot)
    ledger.close_hours(end)


def projects(db, chance, ids, ada_id, began, now) -> None:  # type: ignore[no-untyped-def]
    from webapp.cells import Claim
    from webapp.projects import Project

    for n in range(PROJECTS):
        created = began + (now - began) * n / PROJECTS
        row = Project(
            cad_model=f"s3:bench/part-{n}.step",
            config="s3:bench/config.yml",
            x1=str(n),
            status="finished" if n % 17 else "failure",
            created_by_id=ada_id,
            created_at=created,
            updated_at=created,
            started_at=created + timedelta(minutes=3),
            ended_at=created + timedelta(minutes=chance.randint(20, 90)),
            ended_by="ada",
            cell_id=chance.choice(ids),
            tags=[],
        )
        if n >= PROJECTS - 190:
            row.ended_at = row.ended_by = None
            waits = n >= PROJECTS - 40
            row.status = "created" if waits else "running"
            row.cell_id = None if waits else ids[n - (PROJECTS - 190)]
            if waits:
                row.started_at, row.waiting_code, row.waiting_message = None, "cells_busy", "200 fit cells are busy"
            else:
                claim = Claim(cell_id=row.cell_id, what=f"project:{n + 1}", opened=created, fence=1)
                db.session.add(claim)
                db.session.flush()
                row.claim_id, row.fence = claim.id, 1
        db.session.add(row)
        if n % 1000 == 999:
            db.session.flush()
    db.session.commit()


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


def start(port: int, env: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", "webapp:create_app()", "--preload", "--no-control-socket"]
    words = [
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "8",
        "--log-level",
        "warning",
    ]
    server = subprocess.Popen([*command, *words], cwd=ROOT, env=env)
    for _ in range(900):  # a busy machine takes its time
        try:
            if ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/api/health") == 200:
                return server
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise SystemExit("the web server did not start")


def ask(line: http.client.HTTPConnection, address: str) -> int:
    line.request("GET", address)
    answer = line.getresponse()
    answer.read()
    return answer.status


def measure(port: int, address: str, count: int) -> tuple[float, float]:
    """p50 and p99 in ms of `count` requests over a few kept connections."""
    taken: list[float] = []

    def run() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for n in range(count // CONNECTIONS + 2):
            began = time.perf_counter()
            status = ask(line, address)
            if status != 200:
                raise SystemExit(f"{address} answered {status}")
            if n >= 2:  # the first ones fill caches
                taken.append(1000 * (time.perf_counter() - began))

    threads = [threading.Thread(target=run) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(taken, n=100)
    return cuts[49], cuts[98]


def report(rows: list[tuple[str, float, float]], database: str, write: bool) -> None:
    least = rows[0][1]
    lines = [
        f"## Pages and API, {CELLS} cells, {PROJECTS:,} projects, {database}, {datetime.now(UTC):%Y-%m-%d}",
        "",
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} when it ended.",
        "",
    ]
    lines += [
        f"{CONNECTIONS} connections at once; ratio: p50 against `/api/health` in the same run.",
        "",
        "| address | p50 ms | p99 ms | ratio |",
        "|---|---|---|---|",
    ]
    lines += [f"| `{address}` | {p50:.1f} | {p99:.1f} | {p50 / least:.1f} |" for address, p50, p99 in rows]
    text = "\n".join(lines) + "\n"
    print(text)
    if write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n" + text)


if __name__ == "__main__":
    main()
