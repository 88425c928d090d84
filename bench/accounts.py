"""What an account costs: 1,000 cells with three shifts and claims, a year of history, and GET /api/cells over it.

    .venv/bin/python bench/accounts.py [--cells 1000] [--days 365] [--rounds 15] [--write]

Histories, claims and breaks are made up from a seed, about 199 changes a cell and day; everything is added up first, as
the slow worker does. Ratios are of medians within one run. The ready-made answer is the same bytes from the same Flask,
behind the same door. SQLite; 365 days of 1,000 cells take a few minutes and about 1 GB of disk.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, update

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from flask import Flask, Response  # noqa: E402

from bench.history import PER_DAY, History, write  # noqa: E402
from webapp import cells, create_app, ledger  # noqa: E402
from webapp.cells import remembering  # noqa: E402
from webapp.config import Config  # noqa: E402
from webapp.extensions import Base, db, transaction  # noqa: E402
from webapp.ledger.models import books, days, heads, hours, progress, samplers  # noqa: E402
from webapp.lib.clock import epoch, moment  # noqa: E402
from webapp.lib.guard import may  # noqa: E402
from webapp.lib.window import Window  # noqa: E402

HOUR, DAY = 3600, 86_400
NOW = epoch(datetime.now(UTC))
SHIFTS = [
    cells.read_shift(name, start, end, pause, tuple(range(6)))
    for name, start, end, pause in (
        ("Early", "06:00", "14:00", "09:00-09:15, 11:30-12:00"),
        ("Late", "14:00", "22:00", "18:00-18:30"),
        ("Night", "22:00", "06:00", "02:00-02:30"),
    )
]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("cells", 1000), ("days", 365), ("rounds", 15)):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--write", action="store_true")
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = make_app(f"sqlite:///{folder}/bench.db", Path(folder))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            spent = furnish(told)
            lines = [*table(measure(app, told), told, spent)]
    print("\n".join(lines))
    if told.write:
        with open(ROOT / "bench" / "RESULTS.md", "a") as results:
            results.write("\n".join(["", *lines, ""]))


def make_app(url: str, folder: Path) -> Flask:
    app = create_app(
        Config(database_url=url, data_dir=folder, redis_url="unix:///nonexistent.sock", secret_key="b", testing=True)
    )
    ready: dict[str, bytes] = {}

    @app.get("/api/ready-made")
    @may("see cells")
    def ready_made() -> Response:
        return Response(ready["bytes"], mimetype="application/json")

    app.extensions["ready-made"] = ready
    return app


def furnish(told: argparse.Namespace) -> float:
    """Cells, calendars, claims and history up to now; returns the seconds that adding it up took."""
    begin = NOW // DAY * DAY - told.days * DAY
    site = cells.add_site("Hall", "Europe/Berlin", 80, "bench", moment(NOW))
    zones = ["Europe/Berlin", "America/New_York", "Asia/Tokyo"]
    calendars = [cells.add_calendar(zone, zone, SHIFTS, "bench", moment(NOW)).id for zone in zones]
    made = [cells.add_cell(details(n, site.id, begin), "bench", moment(begin)) for n in range(told.cells)]
    book = made[0].book_id
    for n, calendar in enumerate(calendars):
        cells.use_calendar([cell.id for cell in made[n::3]], calendar, moment(begin), "bench", moment(NOW))
    _write_history(book, range(made[0].id, made[-1].id + 1), begin, told.days + 1)
    rnd = random.Random(1)
    for cell in made:
        with transaction():
            db.session.execute(insert(cells.Claim), list(claims(rnd, cell.id, begin)))
            heard = {"state": rnd.choice(ledger.STATES), "silent_since": moment(NOW + HOUR)}
            db.session.execute(update(cells.Sighting).where(cells.Sighting.cell_id == cell.id).values(heard))
    began = time.perf_counter()
    while cells.derive_accounts(moment(NOW), most=100):
        pass
    return time.perf_counter() - began


def _write_history(book: int, ids: range, begin: int, days_begun: int) -> None:
    """In place of the empty book that the cells were enrolled in."""
    with transaction():
        for table in (progress, samplers, heads, hours, days):
            db.session.execute(delete(table).where(table.c.book_id == book))
        db.session.execute(delete(books).where(books.c.id == book))
    short = begin + days_begun * DAY - NOW
    write(History(len(ids), days_begun, first_cell=ids[0], start=begin, short=short), rows_days=2, book=book)


def details(n: int, site_id: int, begin: int) -> Any:
    return cells.CellDetails(
        name=f"C{n:04}", kind="mill", driver="push", site_id=site_id, in_service_from=moment(begin)
    )


def claims(rnd: random.Random, cell_id: int, begin: int) -> Iterator[dict[str, Any]]:
    at, fence = begin, 0
    while at < NOW - 4 * DAY:
        opened, fence = at + rnd.randint(600, 4 * HOUR), fence + 1
        at = opened + rnd.randint(HOUR, 12 * HOUR)
        about = {"cell_id": cell_id, "what": f"project:{cell_id}-{fence}", "fence": fence, "why": "", "stop_tries": 0}
        yield {**about, "opened": moment(opened), "closed": moment(at), "stop_owed": False}


def measure(app: Flask, told: argparse.Namespace) -> dict[str, list[float]]:
    """Seconds by what was done; the kinds take turns."""
    sealed = NOW // HOUR * HOUR - 2 * HOUR + 754
    length = {"1 h": HOUR, "1 d": DAY, "30 d": 30 * DAY, f"{told.days} d": (told.days - 2) * DAY}
    kinds: dict[str, Callable[[], object]] = {}
    for name, seconds in length.items():
        kinds[f"{name}, sealed"] = report(sealed - seconds, sealed)
        kinds[f"{name}, sealed, first asked"] = first_asked(report(sealed - seconds, sealed))
        kinds[f"{name}, up to now"] = report(NOW - seconds, NOW)
    kinds["90 days of 150 cells"] = buckets(sealed, told)
    client, path = app.test_client(), f"/api/cells?start_time={iso(sealed - DAY)}&end_time={iso(sealed)}"
    for name, asked in (("rows", path), ("columns", path + "&columns=1")):
        app.extensions["ready-made"]["bytes"] = client.get(asked).data
        kinds[f"API, {name}"] = lambda asked=asked: client.get(asked)  # type: ignore[misc]
        kinds[f"ready-made, {name}"] = ready(app, client, client.get(asked).data)
    times: dict[str, list[float]] = {name: [] for name in kinds}
    rounds = [*kinds.items()] * (told.rounds + 2)
    # What forgets all that is kept comes last: it would slow down those that are measured with it.
    for forgets in (False, True):
        for name, kind in (one for one in rounds if one[0].endswith("first asked") == forgets):
            began = time.perf_counter()
            kind()
            times[name].append(time.perf_counter() - began)
            db.session.rollback()
    return {name: spent[2:] for name, spent in times.items()}


def report(start: int, end: int) -> Callable[[], object]:
    window = Window(moment(start), moment(end))
    return lambda: cells.utilization_report(window, moment(NOW)).account


def first_asked(ask: Callable[[], object]) -> Callable[[], object]:
    """Nothing of it is in memory yet."""

    def forgetful() -> object:
        remembering._kept.clear()
        return ask()

    return forgetful


def buckets(end: int, told: argparse.Namespace) -> Callable[[], object]:
    edges = [moment(end // DAY * DAY - 2 * HOUR - n * DAY) for n in range(min(90, told.days - 2), -1, -1)]
    chosen = cells.chosen()[:150]
    return lambda: [bucket.account for bucket in cells.utilization_buckets(edges, moment(NOW), chosen)]


def ready(app: Flask, client: Any, data: bytes) -> Callable[[], object]:
    def ask() -> object:
        app.extensions["ready-made"]["bytes"] = data
        return client.get("/api/ready-made")

    return ask


def iso(second: int) -> str:
    return moment(second).strftime("%Y-%m-%dT%H:%M:%SZ")


def table(times: dict[str, list[float]], told: argparse.Namespace, spent: float) -> Iterator[str]:
    middle = {name: statistics.median(found) for name, found in times.items()}
    yield f"## Accounts of {told.cells} cells, {datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores"
    yield ""
    yield (
        f"`bench/accounts.py`: {told.days} days, about {PER_DAY} changes a cell and day, three shifts in three zones; "
        f"SQLite; ms, median (best). Added up in {spent:.0f} s. Load {os.getloadavg()[0]:.1f}."
    )
    yield ""
    yield "| what | ms |"
    yield "|---|---|"
    for name, found in times.items():
        yield f"| {name} | {middle[name] * 1e3:.2f} ({min(found) * 1e3:.2f}) |"
    yield ""
    year = f"{told.days} d"
    yield (
        f"{year} : 1 h, sealed {middle[f'{year}, sealed'] / middle['1 h, sealed']:.2f}, first asked "
        f"{middle[f'{year}, sealed, first asked'] / middle['1 h, sealed, first asked']:.2f}, up to now "
        f"{middle[f'{year}, up to now'] / middle['1 h, up to now']:.2f} · ends now : sealed (1 d) "
        f"{middle['1 d, up to now'] / middle['1 d, sealed']:.2f}, first asked "
        f"{middle['1 d, up to now'] / middle['1 d, sealed, first asked']:.2f} · API : ready-made, rows "
        f"{middle['API, rows'] / middle['ready-made, rows']:.1f}, columns "
        f"{middle['API, columns'] / middle['ready-made, columns']:.1f}"
    )


if __name__ == "__main__":
    main()
