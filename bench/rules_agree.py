"""Do validate, constraints and valid-slots say what PATCH then does? Random changes of a random plan, through the API.

    .venv/bin/python bench/rules_agree.py [--cases 10000] [--seed 1] [--only sqlite|postgresql] [--write]

Each case asks all three, then makes the change: the answers must agree in what is legal, in the rule and what it saw,
and in the first slot that is offered; every slot that is offered or near must be legal when asked about. A plan is
used for 500 cases: what is accepted changes it. --write adds a line to bench/RESULTS.md.
"""

import argparse
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.api.agreeing import Plan  # noqa: E402
from tests.databases import fresh_database, postgresql_server  # noqa: E402
from webapp import create_app, people  # noqa: E402
from webapp.config import Config  # noqa: E402
from webapp.extensions import Base, db  # noqa: E402

OF_ONE_PLAN = 500


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cases", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if told.only == "sqlite":
            line = measure(f"sqlite:///{folder}/bench.db", Path(folder), told)
        else:
            with postgresql_server() as server, fresh_database(server) as url:
                line = measure(url, Path(folder), told)
    print(line)
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write(f"\n## Rules agree, {datetime.now(UTC):%Y-%m-%d}, 2 cores\n\n{line}\n")


def measure(url: str, folder: Path, told: argparse.Namespace) -> str:
    people.cheapen()
    app = create_app(Config(database_url=url, data_dir=folder, redis_url="unix:///nonexistent", testing=True))
    logging.disable(logging.CRITICAL)
    with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):  # a line for each request is no news here
        return told_of(app, told)


def told_of(app: Flask, told: argparse.Namespace) -> str:
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    began = time.perf_counter()
    for n in range(0, told.cases, OF_ONE_PLAN):
        with app.app_context():
            Base.metadata.drop_all(db.engine)
            Base.metadata.create_all(db.engine)
            plan = Plan(app, told.seed + n)
            wrong += plan.cases(min(OF_ONE_PLAN, told.cases - n))
            seen += plan.seen
            db.session.remove()
        print(n + OF_ONE_PLAN, len(wrong), *wrong[:3], sep="\n", file=sys.stderr)
    by_kind = ", ".join(f"{kind} {count}" for kind, count in sorted(seen.items()))
    return (
        f"`bench/rules_agree.py`, {told.only}: {seen.total():,} random changes, {len(wrong)} in which validate, "
        f"constraints, valid-slots and PATCH did not agree. What PATCH said: {by_kind}. "
        f"{time.perf_counter() - began:.0f} s."
    )


if __name__ == "__main__":
    main()
