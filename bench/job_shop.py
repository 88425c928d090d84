"""Plans by "Plan for me" on three classic job shops, and on a shop with shifts and due dates: how good, how soon.

    .venv/bin/python bench/job_shop.py [--workers 4] [--seconds 300] [--write]

ft06, la01 and ft10 have known least times: 55, 666 and 930. The search is the product's own, with its callback; every
plan it tells of is held against the product's own rules. The made-up shop (from a seed) has 60 orders of 5 steps on 12
machines that work two shifts, due dates and maintenance; nobody knows its best. --write adds to bench/RESULTS.md.
"""

import argparse
import random
import resource
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.job_shop_instances import INSTANCES, Instance  # noqa: E402
from webapp.orders.planning.first_plan import first_plan  # noqa: E402
from webapp.orders.planning.judging import broken  # noqa: E402
from webapp.orders.planning.shop import Job, Shop, Task, score  # noqa: E402
from webapp.orders.planning.solving import Limits, Progress, improve  # noqa: E402

HOUR, DAY = 3600, 86_400


@dataclass
class Watch:
    """Looks at each plan that is told of: when it came, how good it was, whether it may be."""

    shop: Shop
    seen: list[tuple[float, int, int]] = field(default_factory=list)  # seconds, end of all, weighted lateness
    illegal: int = 0

    def __call__(self, progress: Progress) -> bool:
        found = progress.score
        if not self.seen or self.seen[-1][1:] != (found.ends, found.weighted):
            self.seen.append((progress.seconds, found.ends, found.weighted))
            self.illegal += bool(broken(self.shop, progress.places))
        return False

    def first_within(self, limit: float) -> float | None:
        return next((at for at, ends, _ in self.seen if ends <= limit), None)


def job_shop(instance: Instance) -> Shop:
    jobs = [
        Job(f"J{j}", tuple(Task(f"J{j}-{n}", seconds, (machine,)) for n, (machine, seconds) in enumerate(row)))
        for j, row in enumerate(instance)
    ]
    return Shop(jobs, begin=0, until=10 * sum(seconds for row in instance for _, seconds in row))


def real_shop() -> Shop:
    dice = random.Random(6)
    shifts = [(day * DAY + 6 * HOUR, day * DAY + 22 * HOUR) for day in range(120) if day % 7 < 5]
    taken = {cell: [(at, at + 4 * HOUR) for at in (dice.randrange(1, 20) * DAY + 8 * HOUR,)] for cell in range(12)}
    jobs = [_order(f"WO-{n}", dice) for n in range(60)]
    return Shop(jobs, begin=0, until=120 * DAY, taken=taken, working=dict.fromkeys(range(12), shifts))


def _order(ref: str, dice: random.Random) -> Job:
    tasks = []
    for n in range(5):
        kind = dice.randrange(4)
        tasks.append(Task(f"{ref}-{n}", dice.randrange(2, 24) * 1800, (kind * 3, kind * 3 + 1, kind * 3 + 2)))
    return Job(ref, tuple(tasks), due=dice.randrange(4, 25) * DAY, weight=dice.randrange(1, 11))


def classic(name: str, workers: int, seconds: float) -> str:
    instance, least = INSTANCES[name]
    shop = job_shop(instance)
    planned = first_plan(shop, {})
    watch = Watch(shop)
    begun = time.monotonic()
    found = improve(shop, planned.places, Limits(seconds, workers), watch)
    took = time.monotonic() - begun
    watch(found.progress)
    within, best = watch.first_within(1.05 * least), watch.first_within(found.score.ends)
    legal = "all" if not watch.illegal and not broken(shop, found.places) else f"{watch.illegal} broken"
    proven = "yes" if found.proven else "no"
    first = score(shop, planned.places).ends
    told = (name, least, found.score.ends, proven, first, _s(within), _s(best), f"{took:.1f}", len(watch.seen), legal)
    return "| " + " | ".join(map(str, told)) + " |"


def _s(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.1f}"


def made_up(workers: int, seconds: float) -> list[str]:
    shop = real_shop()
    begun = time.monotonic()
    planned = first_plan(shop, {})
    first_took = time.monotonic() - begun
    watch = Watch(planned.shop)
    found = improve(planned.shop, planned.places, Limits(seconds, workers), watch)
    before, after = score(planned.shop, planned.places), found.score
    legal = "all" if not watch.illegal and not broken(planned.shop, found.places) else f"{watch.illegal} broken"
    rows = [("first plan", f"{first_took:.2f}", before), (f"after {seconds:.0f} s", f"{seconds:.0f}", after)]
    return [
        "| 300 operations, 12 machines | s | late orders | hours late | weighted | all done after days |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | {took} | {one.late} | {one.late_seconds / HOUR:.0f} | {one.weighted / HOUR:.0f} |"
            f" {one.ends / DAY:.1f} |"
            for name, took, one in rows
        ),
        "",
        f"Plans looked at: {len(watch.seen)}, legal: {legal}.",
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--workers", type=int, default=4)
    options.add_argument("--seconds", type=float, default=300)
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    import ortools.sat.python.cp_model  # noqa: F401 - loading it is not what is measured

    lines = [
        f"## Plans of job shops, {datetime.now(UTC):%Y-%m-%d}, 2 cores",
        "",
        f"`bench/job_shop.py`: CP-SAT with {told.workers} threads, at most {told.seconds:.0f} s, among others' work.",
        "Times in seconds from the beginning of the search, looked at twice a second.",
        "",
        "| | least | reached | proven | first plan | within 5 % after | best after | took | plans | legal |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(classic(name, told.workers, told.seconds) for name in INSTANCES),
        "",
        *made_up(told.workers, min(told.seconds, 60)),
        "",
        f"Memory at the peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB.",
    ]
    print("\n".join(lines))
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n".join(["", *lines, ""]))


if __name__ == "__main__":
    main()
