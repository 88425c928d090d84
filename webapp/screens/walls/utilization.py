"""Utilization on the wall: the figure, its fortnight, and a line for each cell, twelve to a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from werkzeug.wrappers import Response

from webapp import cells, journal
from webapp.cells import Account, Bucket, CellReport, Site
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.regions import Picture, Region, polled
from webapp.lib.settings import settings
from webapp.lib.window import Window
from webapp.screens.times import days_up_to, midnight
from webapp.screens.trends import trend
from webapp.screens.utilization.picture import seen, square
from webapp.screens.walls.door import bp
from webapp.screens.walls.frame import frame, page_asked, site_asked, site_of, where
from webapp.screens.walls.turns import page_now

#: What is legible from where people stand.
ROWS = 12
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
@may("see walls")
def show() -> str:
    now, site = utcnow(), site_asked()
    picture = view(str(site or ""), now)
    picture["page"] = page_asked(picture["pages"]) or picture["page"]
    return render_template("wall/utilization.html", frame=frame(site, now), pinned=request.args.get("page"), **picture)


@bp.get("/utilization/part")
@may("see walls")
def part() -> Response:
    site = site_asked()
    return polled(f"wall-utilization:{site}" if site else "wall-utilization")


def view(subject: str, now: datetime) -> Picture:
    """The last 24 hours of a site, or of all where subject is "": every page of twelve, and whose turn it is."""
    site = site_of(subject) if subject else None
    clock = site or next(iter(cells.sites()), Site(id=0, name="", zone=settings().site_zone, target=80))
    zone, ids = ZoneInfo(clock.zone), cells.chosen(site_id=site.id if site else None)
    edges = _hour_edges(now)
    window = Window(edges[0], edges[-1])
    report = cells.utilization_report(window, now, ids)
    fortnight = [*_day_edges(now, zone), window.end]
    days = cells.utilization_buckets(fortnight, now, ids)
    rows = _rows(report.cells, cells.utilization_buckets(edges, now, [row.cell.id for row in report.cells]), now)
    painted: dict[str, Any] = {
        "target": clock.target,
        "where": where(site),
        "count": len(report.cells),
        "figures": report.figures,
        "precision": report.precision,
        "counted": report.counted if report.precision == "day" else None,
        "sheets": [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)] or [[]],
        "marks": [edge.astimezone(zone).strftime("%H") for edge in edges[:-1:6]],
        "days_of_utc": cells.counting(Window(fortnight[0], window.end), now).by_days,
        "trend": trend(*_by_day(days, zone), clock.target),
    }
    version = journal.digest(repr(painted).encode())[:16]
    pages = len(painted["sheets"])
    turn = {"subject": subject, "pages": pages, "page": page_now(pages, now)}
    return painted | turn | {"version": version, "as_of": cells.as_of(now)}


REGION = Region("wall-utilization", "see walls", "wall/_utilization.html", view, heeds=("floor",))


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
