"""The schedule with many operations: how long the server takes, the browser until it is painted, a frame while a bar is
dragged, and what it holds.

  DATABASE_URL=sqlite:////tmp/schedule.db python bench/schedule_page.py [--operations=2000] [--lanes=100]

Makes the database anew where it is SQLite; any other has to be empty. Needs Chromium.
"""

import argparse
import http.client
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
ADDRESSES = {"10 h": "/schedule", "a day": "/schedule?hours=24", "a week": "/schedule?hours=168"}
PASSWORD = "correct horse battery"
STEPS = 4
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PAINTED = """() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)))"""
FRAMES = """() => { window.frames_ = []; let last = performance.now();
  const tick = (now) => { window.frames_.push(now - last); last = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick); }"""


def main() -> None:
    told = arguments()
    furnish(told.operations, told.lanes)
    port = 20000 + os.getpid() % 20000
    log = Path(os.environ.get("DATA_DIR", "/tmp")) / "schedule_bench.log"
    with log.open("w") as out:
        server = subprocess.Popen(served_by(port), cwd=ROOT, stdout=out, stderr=out)
    try:
        wait_for(port)
        answers = {name: served(port, path, told.rounds) for name, path in ADDRESSES.items()}
        drawn = browse(port)
    finally:
        server.terminate()
        server.wait(15)
    print("\n".join(table(told, answers, drawn)))


def arguments() -> argparse.Namespace:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--operations", type=int, default=2000)
    told.add_argument("--lanes", type=int, default=100)
    told.add_argument("--rounds", type=int, default=20)
    return told.parse_args()


def served_by(port: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "-k",
        "gthread",
        "--threads",
        "4",
        "-b",
        f"127.0.0.1:{port}",
        "webapp:create_app()",
    ]


def furnish(count: int, lanes: int) -> None:
    """A week of work ahead, in orders of four steps that lie one after the other, no two on a machine at once."""
    from webapp import cells, create_app, orders, people
    from webapp.extensions import Base, db
    from webapp.lib.clock import utcnow

    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("sqlite:///"):
        for old in Path("/" + url.removeprefix("sqlite:///").lstrip("/")).parent.glob(Path(url).name + "*"):
            old.unlink()
    app, now = create_app(), utcnow().replace(minute=0, second=0, microsecond=0)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        people.add_user("pat", password=PASSWORD, roles=["planner"], now=now, first_name="Pat", last_name="Moreau")
        site = cells.add_site("Hall", "Europe/Berlin", 80, "bench", now).id
        ids = [cells.add_cell(machine(n, site, now), "bench", now).id for n in range(lanes)]
        specs = list(planned(count, ids, now))
        orders.add_orders(specs, by="bench", now=now)


def machine(n: int, site: int, now: datetime) -> Any:
    from webapp.cells import CellDetails

    start = now - timedelta(days=30)
    return CellDetails(
        name=f"M{n + 1:03}", kind="mill", driver="push", site_id=site, takes=["operation"], in_service_from=start
    )


def planned(count: int, ids: list[int], now: datetime) -> Iterator[Any]:
    from webapp.orders import OperationSpec, OrderSpec

    chance, free = random.Random(1), dict.fromkeys(ids, now + timedelta(hours=1))
    each = 168 * len(ids) / count * 60
    for n in range(count // STEPS):
        at, steps = now, []
        for k in range(STEPS):
            cell = min(chance.sample(ids, 3), key=lambda one: free[one])
            start = max(free[cell], at) + timedelta(minutes=chance.randrange(0, max(1, int(each / 8))))
            end = start + timedelta(minutes=chance.randrange(20, max(21, int(each / 2))))
            free[cell], at = end, end
            steps.append(OperationSpec(ref=f"OP-{n}-{k}", idx=k + 1, name="Mill", cell_id=cell, start=start, end=end))
        yield OrderSpec(
            ref=f"WO-{n + 1000}", product="Housing R4", qty=40, due_at=at + timedelta(hours=4), operations=steps
        )


def wait_for(port: int) -> None:
    for _ in range(200):
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", "/login")
            line.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")


def served(port: int, path: str, rounds: int) -> tuple[list[float], int]:
    """ms of each, one after the other on a kept connection, and the bytes of one."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken, size = [], 0
    for _ in range(rounds + 3):
        began = time.perf_counter()
        line.request("GET", path)
        size = len(line.getresponse().read())
        taken.append(1000 * (time.perf_counter() - began))
    return taken[3:], size


def browse(port: int) -> dict[str, Any]:
    """ms until painted, by address; ms of each frame while a bar is dragged for three seconds; MB of heap."""
    from playwright.sync_api import sync_playwright

    program = next(found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name)))
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=QUIET)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, base_url=f"http://127.0.0.1:{port}")
        sign_in(page)
        found: dict[str, Any] = {"painted": {name: painted(page, path) for name, path in ADDRESSES.items()}}
        page.goto(ADDRESSES["a week"])
        found["heap"] = heap(page)
        found["bars"] = page.locator(".op").count()
        found["frames"] = dragged(page)
        browser.close()
    return found


def sign_in(page: Any) -> None:
    page.goto("/login")
    page.fill("#username", "pat")
    page.fill("#password", PASSWORD)
    page.click("button:has-text('Sign in')")
    page.wait_for_url("**/schedule")


def painted(page: Any, path: str) -> list[float]:
    taken = []
    for _ in range(7):
        page.goto(path, wait_until="domcontentloaded")
        taken.append(page.evaluate(PAINTED))
    return taken[2:]


def heap(page: Any) -> float:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    told = session.send("Performance.enable") or session.send("Performance.getMetrics")
    return next(one["value"] for one in told["metrics"] if one["name"] == "JSHeapUsedSize") / 1e6


def dragged(page: Any) -> list[float]:
    bar = page.locator(".op[data-moves] .b").nth(40)
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 5, y)
    page.evaluate(FRAMES)
    until = time.monotonic() + 3
    step = 0
    while time.monotonic() < until:
        step += 1
        page.mouse.move(x + (step * 3) % 400, y + (step // 10 % 3) * 56)
    page.mouse.up()
    return list(page.evaluate("window.frames_"))[2:]


def table(told: argparse.Namespace, answers: dict[str, Any], drawn: dict[str, Any]) -> Iterator[str]:
    where = f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores"
    yield f"## The schedule, {told.operations} operations on {told.lanes} lanes, {where}"
    yield ""
    yield f"`bench/schedule_page.py`: SQLite, gunicorn, one worker. ms, p50 (p95). Load {os.getloadavg()[0]:.1f}."
    yield ""
    yield "| `/schedule` | server | painted | HTML kB, plain |"
    yield "|---|---|---|---|"
    for name, (taken, size) in answers.items():
        yield f"| {name} | {cuts(taken)} | {cuts(drawn['painted'][name])} | {size / 1000:.0f} |"
    yield ""
    frames = drawn["frames"]
    late = sum(frame > 50 for frame in frames)
    yield (
        f"A bar dragged for 3 s over the week's {drawn['bars']} bars: {len(frames)} frames, {cuts(frames)} ms, longest "
        f"{max(frames):.0f}, {late} above 50. Heap after collection {drawn['heap']:.1f} MB."
    )


def cuts(taken: list[float]) -> str:
    return f"{statistics.median(taken):.0f} ({statistics.quantiles(taken, n=20)[-1]:.0f})"


if __name__ == "__main__":
    main()
