"""What a backup takes, and what it costs those who write meanwhile: 10,000 projects, 12 cells with 14 days of history.

    .venv/bin/python bench/backup.py [--database-url postgresql://…] [--write]

Makes a scratch database, lets three writers commit an act every 10 ms or so, while another process makes five
backups two seconds apart, and adds a row to bench/RESULTS.md with --write. The PostgreSQL database must be empty.
"""

import argparse
import os
import random
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
PROJECTS, CELLS, DAYS, SLOT = 10_000, 12, 14, 300
WRITERS, ROUNDS, PAUSE = 3, 5, 2.0


class Writers:
    """Each commits one entry after the other, and notes how long each commit took."""

    def __init__(self, app) -> None:  # type: ignore[no-untyped-def]
        self.app = app
        self.wrote: list[tuple[float, float]] = []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.write, args=(name,)) for name in range(WRITERS)]

    def write(self, name: int) -> None:
        from webapp import journal
        from webapp.extensions import transaction

        while not self.over.wait(0.01):
            begun = time.monotonic()
            with self.app.app_context(), transaction():
                journal.record("wrote", f"bench:{name}", "bench", datetime.now(UTC))
            self.wrote.append((begun, time.monotonic() - begun))

    def __enter__(self) -> "Writers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for thread in self.threads:
            thread.join()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--database-url", default="")
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(DATA_DIR=folder, DATABASE_URL=told.database_url, REDIS_URL="unix:///nonexistent.sock")
        app = filled()
        line = measured(app, "PostgreSQL" if told.database_url else "SQLite")
    sys.stdout.write(line)
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write(line)


def filled():  # type: ignore[no-untyped-def]
    from flask_migrate import upgrade

    from webapp import cells, create_app, people
    from webapp.cli import with_migrations
    from webapp.extensions import db

    chance, now = random.Random(7), datetime.now(UTC).replace(microsecond=0)
    began = now - timedelta(days=DAYS)
    app = create_app()
    with_migrations(app)
    with app.app_context():
        upgrade()
        site = cells.add_site("Bench", "Europe/Berlin", 80, by="bench", now=began).id
        ada = people.add_user("ada", "correct horse battery", ["engineer"], began).id
        ids = [add_cell(site, number, began) for number in range(1, CELLS + 1)]
        fill_history(chance, ids, began, now)
        db.session.add_all(project(chance, ids, ada, began, number) for number in range(PROJECTS))
        db.session.commit()
        db.session.remove()
    return app


def add_cell(site: int, number: int, began: datetime) -> int:
    from webapp import cells

    details = {"kind": "mill", "driver": "push", "heartbeat": 30, "in_service_from": began}
    return cells.add_cell(cells.CellDetails(name=f"B{number:02}", site_id=site, **details), by="bench", now=began).id


def fill_history(chance: random.Random, ids: list[int], began: datetime, now: datetime) -> None:
    """A change in two slots of three: about 190 a cell and day."""
    from webapp import ledger
    from webapp.cells import Cell
    from webapp.extensions import db, transaction

    book = db.session.scalar(db.select(Cell.book_id))
    lease, states = ledger.lease(book, SLOT, int(began.timestamp())), list(ledger.State)[1:]
    for slot in range(lease.tail, int(now.timestamp()) - SLOT, SLOT):
        with transaction():
            ledger.tick(lease, slot, {cell: chance.choice(states) for cell in ids})
        if slot % 86_400 < SLOT:
            ledger.close_hours(slot)
    ledger.close_hours(int(now.timestamp()))


def project(chance: random.Random, ids: list[int], ada: int, began: datetime, number: int):  # type: ignore[no-untyped-def]
    from webapp.projects import Project

    created = began + timedelta(days=DAYS) * number / PROJECTS
    return Project(
        cad_model=f"s3:bench/part-{number}.step",
        config="s3:bench/config.yml",
        x1=str(number),
        status="finished" if number % 17 else "failure",
        created_by_id=ada,
        created_at=created,
        updated_at=created,
        started_at=created + timedelta(minutes=3),
        ended_at=created + timedelta(minutes=chance.randint(20, 90)),
        ended_by="ada",
        cell_id=chance.choice(ids),
        tags=[],
    )


BACKUPS = """
import sys, time
from pathlib import Path
from webapp import backups, create_app
from webapp.lib.clock import utcnow
config = create_app().extensions["factory"]
print("ready", flush=True)
for line in sys.stdin:
    begun = time.monotonic()
    made = backups.make(config, Path(config.data_dir, "backups"), utcnow())
    print(begun, time.monotonic(), made.bytes, flush=True)
"""


def measured(app, database: str) -> str:  # type: ignore[no-untyped-def]
    """The writes that any of the backups overlapped, against as many seconds of the others."""
    made = []
    with (
        Writers(app) as writers,
        subprocess.Popen(
            [sys.executable, "-c", BACKUPS], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as child,
    ):
        child.stdout.readline()
        for _ in range(ROUNDS):
            time.sleep(PAUSE)
            child.stdin.write("\n")
            child.stdin.flush()
            begun, ended, size = child.stdout.readline().split()
            made.append((float(begun), float(ended), int(size)))
        time.sleep(PAUSE)
        child.stdin.close()
    seconds = [ended - begun for begun, ended, _ in made]
    first = made[0][0] - PAUSE
    during = [took for at, took in writers.wrote if any(at < ended and at + took > begun for begun, ended, _ in made)]
    others = [took for at, took in writers.wrote if at > first and took not in set(during)]
    figures = " | ".join(f"{1000 * statistics.median(part):.1f} | {1000 * max(part):.0f}" for part in (others, during))
    size = max(size for _, _, size in made) / 1e6
    load = os.getloadavg()[0]
    return f"| {database} | {size:.1f} | {statistics.median(seconds):.2f} | {len(during)} | {figures} | {load:.1f} |\n"


if __name__ == "__main__":
    main()
