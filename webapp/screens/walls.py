"""Screens on the wall: read from five metres, by anybody, for weeks. Nothing on them can be pressed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from webapp import cells, journal
from webapp.cells import Account, Bucket, CellReport, Site
from webapp.lib.clock import epoch, iso, utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid
from webapp.lib.settings import settings
from webapp.lib.window import Window
from webapp.screens.times import days_up_to, midnight
from webapp.screens.trends import trend
from webapp.screens.utilization.picture import seen, square

bp = Blueprint("wall", __name__, url_prefix="/wall")

#: What is legible from where people stand, and how long a page of it stays.
ROWS, SECONDS = 12, 20
HOURS, DAYS = 24, 14
LOW = 60  # per cent: under it a cell is marked


@dataclass(frozen=True)
class Row:
    """One cell's line. state: its word now. share: per cent of scheduled time; None: none was.

    hours: what each square shows: r0 to r5, the more it ran; down; blank, where nobody knows; off: not scheduled.
    """

    name: str
    state: str
    share: float | None
    hours: list[str]

    @property
    def low(self) -> bool:
        return self.share is not None and self.share < LOW


@bp.get("/utilization")
@may("see utilization")
def show() -> str:
    return render_template("wall/utilization.html", **view(utcnow()))


@bp.get("/utilization/part")
@may("see utilization")
def part() -> str | tuple[str, int, dict[str, str]]:
    shown = view(utcnow())
    if request.args.get("seen") == shown["version"]:
        return "", 204, {"As-Of": iso(shown["as_of"]) or ""}
    return render_template("wall/_utilization.html", **shown)


def view(now: datetime) -> dict[str, Any]:
    """The last 24 hours of a site, or of all: ?site=. Pages of twelve take turns by the clock; ?page= holds one."""
    site = _site()
    zone, ids = ZoneInfo(site.zone), cells.chosen(site_id=site.id if "site" in request.args else None)
    edges = _hour_edges(now)
    window = Window(edges[0], edges[-1])
    report = cells.utilization_report(window, now, ids)
    pages = max(1, -(-len(report.cells) // ROWS))
    page = _page(pages, now)
    shown = report.cells[(page - 1) * ROWS : page * ROWS]
    days = cells.utilization_buckets([*_day_edges(now, zone), window.end], now, ids)
    painted = {
        "site": site,
        "where": site.name if "site" in request.args or len(cells.sites()) < 2 else "All sites",
        "count": len(report.cells),
        "figures": report.figures,
        "basis": report.basis,
        "rows": _rows(shown, cells.utilization_buckets(edges, now, [row.cell.id for row in shown]), now),
        "marks": [edge.astimezone(zone).strftime("%H") for edge in edges[:-1:6]],
        "trend": trend(*_by_day(days, zone), site.target),
        "page": page,
        "pages": pages,
    }
    # Its site by name: what a row looks like in memory is nobody's news.
    version = journal.digest(repr({**painted, "site": (site.name, site.target)}).encode())[:16]
    as_of = cells.as_of(now)
    return painted | {"version": version, "as_of": as_of, "period": settings().sample_every, "now": now, "zone": zone}


def _site() -> Site:
    """The one asked for, else the first; Invalid says which there are."""
    every, asked = cells.sites(), request.args.get("site")
    if not every:
        return Site(id=0, name="", zone=settings().site_zone, target=80)
    found = [site for site in every if asked in (None, str(site.id))]
    if not found:
        raise Invalid(site="must be one of " + ", ".join(f"{site.id} ({site.name})" for site in every))
    return found[0]


def _page(pages: int, now: datetime) -> int:
    asked = request.args.get("page")
    if asked is None:
        return epoch(now) // SECONDS % pages + 1
    if not (asked.isascii() and asked.isdigit() and 1 <= int(asked) <= pages):
        raise Invalid(page=f"must be a number from 1 to {pages}")
    return int(asked)


def _hour_edges(now: datetime) -> list[datetime]:
    """24 hours up to now; the last column is the one that goes on."""
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    return [*(first + timedelta(hours=n) for n in range(HOURS)), now.replace(microsecond=0) + timedelta(seconds=1)]


def _day_edges(now: datetime, zone: ZoneInfo) -> list[datetime]:
    return [midnight(day, zone) for day in days_up_to(now, DAYS, zone)]


def _rows(reports: Sequence[CellReport], hours: Sequence[Bucket], now: datetime) -> list[Row]:
    states = {id: standing.state for id, standing in cells.standings(now, settings().sample_every).items()}
    return [
        Row(
            row.cell.name,
            states.get(row.cell.id, "unknown"),
            row.figures.utilization,
            [_hour(bucket.by_cell.get(row.cell.id)) for bucket in hours],
        )
        for row in reports
    ]


def _hour(account: Account | None) -> str:
    """By the rules of the utilization page's map."""
    shown = square(account)
    if shown.stood:
        return "down"
    if shown.shown is None:
        return "blank" if shown.blank else "off"
    return f"r{min(5, int(6 * shown.shown))}"


def _by_day(days: Sequence[Bucket], zone: ZoneInfo) -> tuple[list[str], list[float | None]]:
    """The days' names and shares; a day on which nothing was seen is a gap."""
    names = [f"{bucket.window.start.astimezone(zone):%-d %b}" for bucket in days]
    shares = [seen(bucket.account) for bucket in days]
    return names, [None if share is None else round(100 * share, 1) for share in shares]
