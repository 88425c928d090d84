"""/utilization of 150 cells over 90 days: the server's time, the page's size, the browser's time, the web's memory.

    .venv/bin/python bench/utilization_page.py [--cells 150] [--days 90] [--rounds 25] [--views 1000] [--write]

A factory of made-up history (history.py), a third of its cells in three shifts, projects on some; accounts are added up
by the product's own chore; the web server is started as the Procfile does, on loopback, SQLite. Painted: from the start
of the navigation until every chart has its marks and ticks and the browser has shown a frame with them.
--write adds the tables to bench/RESULTS.md.
"""

import argparse
import http.client
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from accounts import SHIFTS, claims  # noqa: E402
from history import History, write  # noqa: E402
from pages import free_port, start  # noqa: E402

from stack.processes import FEW_ARENAS  # noqa: E402

DAY = 86_400
ROWS_DAYS = 30
WARM_UP, PEOPLE = 500, 4
ADDRESSES = {"90 days": "/utilization?r=90d", "compared": "/utilization?r=90d&compare=1"}
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET += ["--disable-background-networking", "--disable-component-update"]
#: Painted: the second frame after every chart has its marks and its ticks, which Plotly draws last.
WATCH = """
window.painted = null;
const waits = setInterval(() => {
  const charts = [...document.querySelectorAll("[data-figure]")];
  const drawn = (el) => el.querySelector(".mlayer > *") && el.querySelector(".xtick text");
  if (document.readyState === "loading" || !charts.length || !charts.every(drawn)) return;
  clearInterval(waits);
  requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = performance.now(); }));
}, 2);
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("cells", 150), ("days", 90), ("rounds", 25), ("views", 1000)):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--keep", type=Path, help="a folder for the factory, made there once and used again")
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        lines = list(measured(told.keep or Path(scratch), told))
    print("\n".join(lines))
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n".join(["", *lines, ""]))


def measured(folder: Path, told: argparse.Namespace) -> Iterator[str]:
    env = {"DATA_DIR": str(folder), "PUBLIC_BOARDS": "on", "REDIS_URL": "unix:///nonexistent.sock"} | FEW_ARENAS
    os.environ.update(env)
    if not (folder / "furnished").exists():
        furnish(told.cells, told.days)
        (folder / "furnished").touch()
    port = free_port()
    server = start(port, os.environ | env)
    try:
        spent = {name: served(port, path, told.rounds) for name, path in ADDRESSES.items()}
        sizes = {
            name: {kind: size(port, path, kind) for kind in ("", "gzip", "br")} for name, path in ADDRESSES.items()
        }
        drawn = {name: painted(port, path, told.rounds) for name, path in ADDRESSES.items()}
        grown = list(viewed(port, server, told.views))
    finally:
        server.terminate()
        server.wait(15)
    yield from table(told, spent, sizes, drawn, grown)


def furnish(count: int, days: int) -> None:
    """Cells, calendars, claims and history up to now, all added up."""
    from webapp import cells, create_app
    from webapp.extensions import Base, db, transaction
    from webapp.ledger.models import books, heads, hours, progress, samplers
    from webapp.ledger.models import days as day_sums
    from webapp.lib.clock import epoch, moment, utcnow

    now = epoch(utcnow())
    begin = now // DAY * DAY - 2 * days * DAY
    app = create_app()
    with app.app_context():
        Base.metadata.create_all(db.engine)
        site = cells.add_site("Hall", "Europe/Berlin", 80, "bench", moment(now)).id
        made = [cells.add_cell(details(n, site, moment(begin)), "bench", moment(begin)) for n in range(count)]
        book, ids = made[0].book_id, [cell.id for cell in made]
        shifts = cells.add_calendar("Three shifts", "Europe/Berlin", SHIFTS, "bench", moment(now)).id
        cells.use_calendar(ids[::3], shifts, moment(begin), "bench", moment(now))
        with transaction():  # the same history as tables, in the place of one that says nothing yet
            for kept in (heads, hours, day_sums, samplers, progress, books):
                db.session.execute(delete(kept))
        whole = now // DAY * DAY + DAY
        write(History(count, 2 * days + 1, start=begin, short=whole - now), ROWS_DAYS, book)
        chance = random.Random(1)
        with transaction():
            for cell in ids[1::2]:
                db.session.execute(insert(cells.Claim), list(claims(chance, cell, begin)))
        while cells.derive_accounts(moment(now), most=100):
            pass


def details(n: int, site: int, begin: datetime) -> Any:
    from webapp.cells import CellDetails

    kind = ("mill", "lathe", "printer")[n % 3]
    return CellDetails(name=f"M{n + 1:03}", kind=kind, driver="push", site_id=site, in_service_from=begin)


def served(port: int, path: str, rounds: int) -> list[float]:
    """ms from the request's first byte to the answer's last, one after the other on a kept connection."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken = []
    for _ in range(rounds + 3):
        began = time.perf_counter()
        fetch(line, path)
        taken.append(1000 * (time.perf_counter() - began))
    return taken[3:]


def size(port: int, path: str, coding: str) -> tuple[str, int]:
    """How it came, and its bytes."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", path, headers={"Accept-Encoding": coding} if coding else {})
    answer = line.getresponse()
    body = answer.read()
    return answer.headers.get("Content-Encoding", "plain"), len(body)


def fetch(line: http.client.HTTPConnection, path: str) -> bytes:
    line.request("GET", path)
    answer = line.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    return body


def painted(port: int, path: str, rounds: int) -> list[float]:
    """ms from the start of the navigation; scripts and styles come from the browser's cache, as on any second visit."""
    from playwright.sync_api import sync_playwright

    program = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
    taken = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=QUIET)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(WATCH)
        for _ in range(min(rounds, 12) + 2):
            page.goto(f"http://127.0.0.1:{port}{path}", wait_until="commit")
            while not (at := page.evaluate("window.painted")):  # a strict policy lets nothing wait within the page
                page.wait_for_timeout(20)
            taken.append(at)
        browser.close()
    return taken[2:]


def viewed(port: int, server: subprocess.Popen[bytes], views: int) -> Iterator[tuple[int, float]]:
    """(views, MB resident in all web processes): once warm, and every tenth of the way; four people look at once."""
    look(port, WARM_UP)
    yield 0, resident(server.pid)
    for tenth in range(1, 11):
        look(port, views // 10)
        yield tenth * (views // 10), resident(server.pid)


def look(port: int, times: int) -> None:
    def one_person(count: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for n in range(count):
            fetch(line, list(ADDRESSES.values())[n % 2])

    with ThreadPoolExecutor(PEOPLE) as people:
        list(people.map(one_person, [times // PEOPLE] * PEOPLE))


def resident(parent: int) -> float:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return sum(_resident(pid) for pid in [str(parent), *children])


def _resident(pid: str) -> float:
    told = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in told.splitlines() if line.startswith("VmRSS"))


def table(
    told: argparse.Namespace, spent: Any, sizes: Any, drawn: Any, grown: list[tuple[int, float]]
) -> Iterator[str]:
    where = f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores"
    yield f"## The utilization page, {told.cells} cells, {told.days} days, {where}"
    yield ""
    yield (
        f"`bench/utilization_page.py`: SQLite, as the Procfile starts it; about 199 changes a cell and day, three "
        f"shifts on a third of the cells. ms, p50 (p95) of {told.rounds} in turn, of {min(told.rounds, 12)} in the "
        f"browser (Chromium, 1440 px, headless): from navigation to the frame after all charts have marks and ticks. "
        f"Load {os.getloadavg()[0]:.1f}."
    )
    yield ""
    yield "| `/utilization` | server | painted | HTML kB, plain | as sent to gzip | to br |"
    yield "|---|---|---|---|---|---|"
    for name, path in ADDRESSES.items():
        codes = [f"{count / 1000:.0f} ({coding})" for coding, count in sizes[name].values()]
        yield f"| `{path.partition('?')[2]}` | {cuts(spent[name])} | {cuts(drawn[name])} | {' | '.join(codes)} |"
    yield ""
    first, last = grown[0], grown[-1]
    yield (
        f"Resident memory of the web's processes over {last[0]} views, {WARM_UP} before them: first {first[1]:.1f} MB, "
        f"last {last[1]:.1f} MB: {100 * (last[1] / first[1] - 1):+.1f} %. On the way: "
        f"{', '.join(f'{held:.0f}' for _, held in grown)}."
    )


def cuts(taken: list[float]) -> str:
    return f"{statistics.median(taken):.0f} ({statistics.quantiles(taken, n=20)[-1]:.0f})"


if __name__ == "__main__":
    main()
