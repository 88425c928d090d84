"""A commit on a thousand screens: how soon, at what cost, and what the same screens would cost if they asked.

    .venv/bin/python bench/live.py [--screens 1000] [--seconds 20] [--database-url postgresql://…] [--write]

Starts the product as bin/run does, on a scratch factory whose running board weighs about 30 KB; machines answer, and
nothing changes but what we change. Another process commits once a second by an act of the product; its mark holds the
moment before the act. Screens read every byte; one of twenty wants no gzip. Then the same screens ask every two
seconds, in the same run: as many as are answered in time, scaled to all. All share these cores: read times as upper
bounds. --write adds the tables to bench/RESULTS.md.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.live_lab.stage import LIVE, PARTS, Stage, Told, stage  # noqa: E402

CELLS = 26  # their board weighs 30 KB
PLAIN_SHARE, SETTLING, FEWEST = 20, 2.0, 50
EVERY = 2  # seconds between two questions of a screen that asks


@dataclass
class Cost:
    """Percent of a core that each part computed, and pictures painted."""

    cpu: dict[str, float] = field(default_factory=dict)
    renders: int = 0

    def of(self, *parts: str) -> float:
        return sum(self.cpu[part] for part in parts)


@dataclass
class Run:
    """told: by the screens, of as many seconds with a change each; at_rest: of as many without."""

    quiet: Cost
    busy: Cost
    at_rest: dict[str, Any]
    told: dict[str, Any]
    commit: dict[str, float]
    memory: float = 0.0


@contextmanager
def costing(on: Stage) -> Iterator[Cost]:
    cost, before, painted, began = Cost(), on.cpu(), on.renders(), time.monotonic()
    yield cost
    seconds, after = time.monotonic() - began, on.cpu()
    cost.cpu = {part: 100 * (after[part] - before[part]) / seconds for part in PARTS}
    cost.renders = on.renders() - painted


def alone(on: Stage, changes: Told, seconds: int) -> Cost:
    """With nobody looking."""
    with costing(on) as cost:
        changes.ask(f"{seconds} 1")
    return cost


def pushed(on: Stage, changes: Told, screens: int, seconds: int) -> Run:
    before = on.rss("hub")
    with on.crowd("screens", count=screens, plain=screens // PLAIN_SHARE) as crowd:
        opened = crowd.hear()["open"]
        if opened < screens:
            raise SystemExit(f"only {opened} of {screens} screens have a picture")
        run = looked_at(on, changes, crowd, seconds)
        run.memory = (on.rss("hub") - before) / screens
    return run


def polled(on: Stage, changes: Told, screens: int, seconds: int) -> Run:
    """By as many as are answered in time."""
    asking = screens
    while True:
        with on.crowd("polls", count=asking) as crowd:
            crowd.hear()
            run = looked_at(on, changes, crowd, seconds)
        if answers(run.told) > 0.95 * asking * seconds / EVERY or asking <= FEWEST:
            return run
        asking //= 2


def answers(told: dict[str, Any]) -> int:
    return int(told["counts"].get("200", 0) + told["counts"].get("204", 0))


def looked_at(on: Stage, changes: Told, crowd: Told, seconds: int) -> Run:
    time.sleep(SETTLING)
    crowd.say("begin")
    with costing(on) as quiet:
        time.sleep(seconds)
    at_rest = crowd.ask("tell")
    crowd.say("begin")
    with costing(on) as busy:
        commit = changes.ask(f"{seconds} 1")["commit"]
        time.sleep(1)
    return Run(quiet, busy, at_rest, crowd.ask("tell"), commit)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--screens", type=int, default=1000)
    options.add_argument("--seconds", type=int, default=20)
    options.add_argument("--database-url", default="")
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    with stage(CELLS, told.database_url) as on, on.changes() as changes:
        weight = len(on.get("/board/part"))
        alone(on, changes, 5)  # what the first ones fill is filled
        nobody = alone(on, changes, told.seconds)
        push = pushed(on, changes, told.screens, told.seconds)
        poll = polled(on, changes, told.screens, told.seconds)
    text = report(told, weight, nobody, push, poll)
    print(text)
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n" + text)


def report(told: argparse.Namespace, weight: int, nobody: Cost, push: Run, poll: Run) -> str:
    database = "PostgreSQL" if told.database_url else "SQLite"
    lines = [
        f"## {told.screens:,} screens on one board, {database}, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores",
        "",
        f"`bench/live.py`: a board of {weight / 1000:.1f} kB, a change a second for {told.seconds} s. "
        f"Load {os.getloadavg()[0]:.1f} when it ended.",
        "",
        *arrivals(push, poll),
        "",
        *costs(nobody, push, poll),
        "",
        *ratios(told, nobody, push, poll),
    ]
    return "\n".join(lines) + "\n"


def arrivals(push: Run, poll: Run) -> list[str]:
    def row(name: str, figures: dict[str, float]) -> str:
        return f"| {name} | {figures['p50']} | {figures['p99']} | {figures['max']} |"

    return [
        "| ms | p50 | p99 | max |",
        "|---|---|---|---|",
        row("the act itself, with its commit", push.commit),
        row("before the act → a screen", push.told["screen"]),
        row("before the act → the last screen", push.told["last"]),
        row("before the act → a screen that asks every 2 s", poll.told["screen"]),
    ]


def costs(nobody: Cost, push: Run, poll: Run) -> list[str]:
    head = ["% of a core", "nobody looks", "pushed", "pushed, quiet", "asked", "asked, quiet"]
    found = [nobody, push.busy, push.quiet, poll.busy, poll.quiet]
    rows = [f"| {part} | " + " | ".join(f"{cost.cpu[part]:.2f}" for cost in found) + " |" for part in PARTS]
    return ["| " + " | ".join(head) + " |", "|---" * len(head) + "|", *rows]


def ratios(asked: argparse.Namespace, nobody: Cost, push: Run, poll: Run) -> list[str]:
    screens, due = asked.screens, asked.screens * asked.seconds / EVERY

    def above(cost: Cost, *parts: str) -> float:
        return max(0.01, cost.of(*parts) - nobody.of(*parts))

    def times(ours: Cost, theirs: Cost, told: dict[str, Any]) -> str:
        web = above(theirs, "web") * due / max(1, answers(told))
        return f"1/{web / above(ours, *LIVE):.0f} of {web:.0f} % (the hub alone 1/{web / above(ours, 'hub'):.0f})"

    told, counts = push.told, push.told["counts"]
    plain = screens // PLAIN_SHARE
    packed = counts["bytes of packed"] / (screens - plain)
    wire = (counts["bytes"] - counts["bytes of packed"]) / plain / packed
    return [
        f"Delivered: {told['complete']} of {told['changes']} changes at all {screens:,} screens, "
        f"{told['deliveries']:,} deliveries. Pictures painted: {push.busy.renders} for {told['changes']} changes, "
        f"{push.quiet.renders} in as long a quiet.",
        "",
        "Hub, renderer and Valkey against the web, above what they cost with nobody looking: "
        f"{times(push.busy, poll.busy, poll.told)}; quiet: {times(push.quiet, poll.quiet, poll.at_rest)}. "
        f"{answers(poll.told)} of {due:.0f} questions were answered, {answers(poll.at_rest)} in quiet, and the cost "
        "scaled.",
        "",
        f"Memory of the hub: {push.memory:.0f} bytes a screen. Wire: {packed / max(1, told['changes']) / 1000:.2f} kB "
        f"a change and screen with gzip, 1/{wire:.1f} of without.",
    ]


if __name__ == "__main__":
    main()
