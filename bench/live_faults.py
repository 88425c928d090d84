"""What a thousand open screens and the pages beside them feel when a part of the product dies, or a reader does.

    .venv/bin/python bench/live_faults.py [--screens 1000] [--database-url postgresql://…] [--write]

The stage is that of bench/live.py: the real product, a board of 30 KB, a change a second by another process. Each fault
happens in the fourth second; pages are asked 10 times a second. Then readers that stop reading and readers that are
slow, four changes a second without gzip, against a server with a thread for each screen. --write adds the tables to
bench/RESULTS.md.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import redis

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.live import CELLS  # noqa: E402
from bench.live_lab.probe import Probe  # noqa: E402
from bench.live_lab.screens import SLOW_BYTES  # noqa: E402
from bench.live_lab.stage import Stage, Told, free_port, kernel_memory, stage  # noqa: E402

SECONDS, BEFORE, MEANWHILE, AFTERWARDS = 20, 3, 6, 5
FAST, READING, SHARE, PATIENCE = 0.25, 40, 5, 120
LEAST = 100_000  # bytes: less cannot be told from what else this machine does


@dataclass
class Fault:
    """told: by the screens. pages: of the seconds after it happened. newest: the last change that was made. away: so
    many screens have not come back.
    """

    name: str
    told: dict[str, Any]
    pages: dict[str, Any]
    newest: int
    away: int

    def row(self) -> str:
        told, pages, back = self.told, self.pages, self.told["back"]
        lost = back["count"] + self.away
        all_current = "yes" if told["newest"] >= self.newest else f"no: {self.newest - told['newest']} behind"
        return (
            f"| {self.name} | {lost} | {back['max'] if back['count'] else '–'} | {told['complete']} of {SECONDS} "
            f"| {all_current} | {told['screen']['p99']:.0f} | {told['screen']['max']:.0f} "
            f"| {pages['p50']} | {pages['p99']} | {pages['errors']} of {pages['asked']} |"
        )


@dataclass
class Reading:
    """Of screens among which a fifth reads nothing, a fifth slowly, or none. peak, end: bytes of kernel memory."""

    name: str
    told: dict[str, Any]
    peak: int
    end: int

    def row(self) -> str:
        screen = self.told["screen"]
        return (
            f"| {self.name} | {screen['p50']} | {screen['p99']} | {screen['max']} "
            f"| {self.peak / 1e6:.1f} | {self.end / 1e6:.1f} |"
        )


def nothing(on: Stage) -> None:
    """To compare with."""


def kill_web(on: Stage) -> None:
    on.kill("web")


def deploy(on: Stage) -> None:
    on.kill("web", signal.SIGHUP)


def kill_hub(on: Stage) -> None:
    on.kill("hub")


def kill_renderer(on: Stage) -> None:
    on.kill("renderer")


def kill_valkey(on: Stage) -> None:
    on.kill("valkey")


def wipe_valkey(on: Stage) -> None:
    """Gone before the supervisor starts the next one."""
    on.kill("valkey")
    shutil.rmtree(on.folder / "valkey" / "appendonlydir")


FAULTS: dict[str, Callable[[Stage], None]] = {
    "nothing": nothing,
    "web: kill -9": kill_web,
    "web: deployed (HUP)": deploy,
    "renderer: kill -9": kill_renderer,
    "Valkey: kill -9": kill_valkey,
    "Valkey: kill -9, files wiped": wipe_valkey,
    "hub: kill -9": kill_hub,
}


def recover(on: Stage, screens: int) -> None:
    """Until everything is as it was, before the next fault."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError, redis.RedisError, ValueError):
            if on.get("/api/health") and on.hub().get("screens") == screens:
                return
        time.sleep(0.5)
    raise SystemExit("it does not recover")


def suffer(on: Stage, changes: Told, crowd: Told, screens: int, name: str) -> Fault:
    with Probe(on.port) as probe:
        crowd.say("begin")
        changes.say(f"{SECONDS} 1")
        time.sleep(BEFORE)
        probe.told()
        FAULTS[name](on)
        time.sleep(MEANWHILE)
        pages = probe.told()
        newest = changes.hear()["newest"]
        time.sleep(AFTERWARDS)
    told = crowd.ask("tell")
    recover(on, screens)
    return Fault(name, told, pages, newest, screens - told["open"])


def read(name: str, crowd: Told, before: int) -> Reading:
    """Everything runs already."""
    crowd.say("begin")
    peak, until = 0, time.monotonic() + READING
    while time.monotonic() < until:
        peak = max(peak, kernel_memory() - before)
        time.sleep(0.2)
    return Reading(name, crowd.ask("tell"), peak, kernel_memory() - before)


def ours(on: Stage, changes: Told, screens: int, bad: int) -> Reading:
    before = kernel_memory()
    with on.crowd("screens", count=screens, plain=screens, dead=bad, slow=bad) as crowd:
        crowd.hear()
        changes.say(f"{int(READING / FAST)} {FAST}")
        found = read(f"the hub, {2 * bad} bad readers", crowd, before)
        changes.hear()
    return found


def naive(on: Stage, size: int, screens: int, bad: int) -> Reading:
    before = kernel_memory()
    with naive_server(size) as port:
        asked = {"count": screens, "plain": screens, "dead": bad, "slow": bad, "path": "/?", "port": port}
        with on.crowd("screens", **asked) as crowd:
            crowd.hear()
            return read(f"a thread for each, {2 * bad} bad readers", crowd, before)


@contextmanager
def naive_server(size: int) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "bench.live_lab.naive", str(port), str(size), str(FAST)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert server.stdout
        server.stdout.readline()
        yield port
    finally:
        server.kill()
        server.wait()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--screens", type=int, default=1000)
    options.add_argument("--readers", type=int, default=500)
    options.add_argument("--database-url", default="")
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    with stage(CELLS, told.database_url) as on, on.changes() as changes:
        with on.crowd("screens", count=told.screens) as crowd:
            crowd.hear()
            faults = [suffer(on, changes, crowd, told.screens, name) for name in FAULTS]
        size, bad = len(on.get("/board/part")), told.readers // SHARE
        readings = [ours(on, changes, told.readers, count) for count in (0, bad)]
        readings += [naive(on, size, told.readers, count) for count in (0, bad)]
    text = report(told, faults, readings)
    print(text)
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n" + text)


def report(told: argparse.Namespace, faults: list[Fault], readings: list[Reading]) -> str:
    database = "PostgreSQL" if told.database_url else "SQLite"
    normal, mended = faults[0].pages["p99"], faults[-1].pages["p99"]
    well, beset, calm, drowned = readings
    lines = [
        f"## Faults under {told.screens:,} screens, {database}, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores",
        "",
        f"`bench/live_faults.py`: a change a second for {SECONDS} s, the fault after {BEFORE} s; pages are those of "
        f"the {MEANWHILE} s after it, in ms. Load {os.getloadavg()[0]:.1f} when it ended.",
        "",
        "| | screens lost | last back after s | changes at all screens | all show the newest | change p99 ms | max "
        "| page p50 | p99 | errors |",
        "|---" * 10 + "|",
        *(fault.row() for fault in faults),
        "",
        f"Pages while all screens come back to a new hub: p99 {mended / max(1.0, normal):.1f}x of that with no fault.",
        "",
        f"{told.readers} screens, one in {SHARE} reads nothing and one in {SHARE} {SLOW_BYTES} bytes a second; "
        f"{1 / FAST:.0f} changes a second without gzip for {READING} s; ms at the others, MB of kernel memory of TCP.",
        "",
        "| | p50 | p99 | max | kernel, peak | kernel, end |",
        "|---|---|---|---|---|---|",
        *(reading.row() for reading in readings),
        "",
        "The naive server's clock starts when it sends, ours before the act: compare each with itself. Its kernel "
        f"memory against ours: at the peak {drowned.peak / max(LEAST, beset.peak):.0f}x, of that above none bad "
        f"{(drowned.peak - calm.peak) / max(LEAST, beset.peak - well.peak):.0f}x, in the end "
        f"{drowned.end / max(LEAST, beset.end):.0f}x.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
