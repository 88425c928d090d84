"""How long a round over HTTP cells takes: wall time and processor time, machines well and some of them hanging.

    .venv/bin/python bench/sampling.py [--cells 200] [--rounds 20] [--database-url postgresql://…] [--write]

The machines are a small server in a process of its own on loopback, once with a port for each cell, once all behind
one port (a gateway). `ask` is the network alone; `round` is take_samples with its transaction. Adds a table to
bench/RESULTS.md with --write.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PERIOD = 5


async def serve_machines(ports: int) -> None:
    """Answer every GET; the machine at /hang never does. Prints its ports, one line of JSON."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        if b"/hang" in head:
            await asyncio.sleep(60)
        body = b'{"status": "running", "detail": "", "job": {"project_id": 7, "fence": 2, "progress": 0.5}}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    servers = [await asyncio.start_server(answer, "127.0.0.1", 0, backlog=128) for _ in range(ports)]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.sleep(3600)


def machines(ports: int) -> tuple[subprocess.Popen[str], list[int]]:
    command = [sys.executable, __file__, "--serve", str(ports)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    return process, json.loads(process.stdout.readline())


def timed(work: Callable[[], object], rounds: int) -> tuple[float, float, float]:
    """(median wall, worst wall, median processor) in milliseconds."""
    wall, cpu = [], []
    for _ in range(rounds):
        started, used = time.perf_counter(), time.process_time()
        work()
        wall.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    return statistics.median(wall), max(wall), statistics.median(cpu)


def measure(cells: int, ports: int, hanging: int, rounds: int, database_url: str) -> list[str]:
    """Table rows for one arrangement."""
    from webapp.cells.watching import Watched, ask_all
    from webapp.config import networks

    process, opened = machines(ports)
    try:
        allowed = networks("127.0.0.1/32")
        paths = ["hang" if n < hanging else f"cell/{n}" for n in range(cells)]
        addresses = [f"http://127.0.0.1:{opened[n % ports]}/{path}" for n, path in enumerate(paths)]
        watched = [Watched(n + 1, 1, (address,), None) for n, address in enumerate(addresses)]
        where = "own ports" if ports > 1 else "one port"
        label = f"| {cells} | {where} | {hanging} |"
        asked = timed(lambda: check(ask_all(watched, allowed, 3.0), cells - hanging), rounds)
        taken = timed(rounds_of(addresses, allowed, database_url, cells - hanging), rounds)
    finally:
        process.terminate()
        process.wait()
    return [f"{label} {what} | {a:.0f} | {b:.0f} | {c:.0f} |" for what, (a, b, c) in (("ask", asked), ("round", taken))]


def check(answers: dict[int, object], well: int) -> None:
    from webapp.cells.drivers import Seen

    seen = sum(isinstance(answer, Seen) for answer in answers.values())
    if seen != well:
        raise SystemExit(f"{seen} of {well} machines answered")


def rounds_of(addresses: list[str], allowed: object, database_url: str, well: int) -> Callable[[], object]:
    """take_samples on a scratch database, a slot further each time."""
    from webapp import cells, create_app
    from webapp.config import Config
    from webapp.extensions import Base, db

    folder = Path(tempfile.mkdtemp(prefix="bench-sampling-"))
    url = database_url or f"sqlite:///{folder}/bench.db"
    app = create_app(Config(database_url=url, data_dir=folder, secret_key="bench", cell_networks=allowed))
    app.app_context().push()
    Base.metadata.drop_all(db.engine)
    Base.metadata.create_all(db.engine)
    begun = datetime(2026, 3, 4, tzinfo=UTC)
    cells.add_site("Bench", "UTC", 80, by="bench", now=begun)
    for number, address in enumerate(addresses):
        details = cells.CellDetails(f"C{number:03}", "mill", address=address, in_service_from=begun - timedelta(days=1))
        cells.add_cell(details, by="bench", now=begun, networks=allowed)
    slots = iter(range(int(begun.timestamp()), 2**40, PERIOD))

    def take() -> None:
        answered = cells.take_samples(next(slots), PERIOD, allowed)
        if answered != well:
            raise SystemExit(f"{answered} of {well} machines answered")

    take()
    return take


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--serve", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        return asyncio.run(serve_machines(given.serve))
    lines = [f"\n## Sampling, {datetime.now(UTC):%Y-%m-%d}\n", f"{os.cpu_count()} cores, {given.rounds} rounds, "]
    lines[1] += "SQLite" if not given.database_url else "PostgreSQL"
    lines[1] += f", load {os.getloadavg()[0]:.1f} when it began"
    lines += [
        "",
        "| cells | machines | of them hanging | what | median ms | worst ms | processor ms |",
        "|---|---|---|---|---|---|---|",
    ]
    for ports, hanging in ((given.cells, 0), (1, 0), (given.cells, 10), (1, 10)):
        rounds = given.rounds if not hanging else min(given.rounds, 5)
        lines += measure(given.cells, ports, hanging, rounds, given.database_url)
    text = "\n".join(lines) + "\n"
    print(text)
    if given.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write(text)
    return None


if __name__ == "__main__":
    main()
