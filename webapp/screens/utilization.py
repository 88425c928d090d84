"""What a department head reads: use of every cell over a window, with how much of it was really seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from webapp import cells, ledger, projects
from webapp.cells import Account, Bucket, Report
from webapp.lib.clock import iso, utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid
from webapp.lib.settings import settings
from webapp.lib.tables import csv_lines
from webapp.lib.window import Window, last
from webapp.screens import figures
from webapp.screens.times import day_edges, days_up_to, hour_edges, midnight, shown_time, site_zone, typed_time

bp = Blueprint("utilization", __name__)

PRESETS = {"24h": ("24 h", 24), "7d": ("7 days", 7 * 24), "30d": ("30 days", 30 * 24)}
HOURLY_UP_TO = 49 * 3600  # seconds: a longer window is mapped by days
MOST_DAYS = 62  # columns: what is longer is mapped by several days at a time
COLUMNS = (
    ["cell", "kind", "site", "utilization", "utilization_low", "utilization_high", "coverage", "calendar_utilization"]
    + ["running_seconds", "scheduled_seconds", "unknown_seconds"]
    + [f"{state}_seconds" for state in ("setup", "idle", "maintenance", "down")]
    + ["start_time", "end_time", "computed_at"]
)


@dataclass(frozen=True)
class Asked:
    """What the address asks for, and what the form shows again; errors: {field: words}."""

    window: Window
    preset: str | None
    start: str
    end: str
    errors: dict[str, str]


class Grid(NamedTuple):
    """Where the map's columns begin and end, what the map is called, and how a column is named."""

    edges: list[datetime]
    title: str
    form: str


@bp.get("/utilization")
@may("see utilization")
def show() -> str | Answer | tuple[str, int]:
    now, zone = utcnow(), site_zone()
    asked = read_range(now, zone)
    if "from" in request.args and not asked.errors:
        return redirect(url_for("utilization.show", start=iso(asked.window.start), end=iso(asked.window.end)))
    report = cells.utilization_report(asked.window, now)
    page = render_template(
        "utilization/show.html", asked=asked, report=report, presets=PRESETS, **_page(report, now, zone)
    )
    return (page, 400) if asked.errors else page


@bp.get("/utilization.csv")
@may("export boards")
def csv() -> Response:
    now = utcnow()
    asked = read_range(now, site_zone())
    if asked.errors:
        raise Invalid(**asked.errors)
    report = cells.utilization_report(asked.window, now)
    name = f"utilization-{asked.window.start:%Y%m%dT%H%MZ}-{asked.window.end:%Y%m%dT%H%MZ}.csv"
    return Response(
        csv_lines(COLUMNS, _csv_rows(report)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def read_range(now: datetime, zone: ZoneInfo) -> Asked:
    """?r=24h, or ?start=&end= (UTC), or the form's ?from=&to= in site time; the last 24 hours where nothing is said."""
    args = request.args
    preset = args.get("r", "24h") if not {"start", "end", "from", "to"} & set(args) else None
    if preset is not None:
        window = last(now, hours=PRESETS.get(preset, PRESETS["24h"])[1])
        errors = {} if preset in PRESETS else {"r": "must be one of " + ", ".join(PRESETS)}
        return Asked(window, preset, shown_time(window.start, zone), shown_time(window.end, zone), errors)
    typed = args.get("from", args.get("start", "")), args.get("to", args.get("end", ""))
    return _typed_range(*typed, now, zone)


def _typed_range(start: str, end: str, now: datetime, zone: ZoneInfo) -> Asked:
    try:
        window = Window(typed_time(start, "start_time", zone), typed_time(end, "end_time", zone))
    except Invalid as no:
        words = {field: says[0] for field, says in no.details["fields"].items()}  # type: ignore[attr-defined]
        return Asked(last(now, hours=24), None, start, end, words)
    return Asked(window, None, shown_time(window.start, zone), shown_time(window.end, zone), {})


def _page(report: Report, now: datetime, zone: ZoneInfo) -> dict[str, object]:
    always = {"as_of": cells.as_of(now), "period": settings().sample_every, "now": now}
    return always | _charts(report, report.cut, now, zone) if report.cut and report.cells else always


def _charts(report: Report, cut: Window, now: datetime, zone: ZoneInfo) -> dict[str, object]:
    site = next(iter(cells.sites()), None)
    target = (site.target if site else 80) / 100
    grid = _grid(report, cut, zone)
    days = _days(now, zone)
    return {
        "target": target,
        "bars": _bars(report, target),
        "use_map": _use_map(report, grid, now, zone),
        "map_title": grid.title,
        "days": days,
        "trend": _trend(days, target, zone),
        "ended": projects.ended_in(report.window),
        "stops": _stops(report),
    }


def _grid(report: Report, cut: Window, zone: ZoneInfo) -> Grid:
    """By hour, by day, or so coarse that the map stays readable: a window of decades is asked for by a slip."""
    if report.window.seconds <= HOURLY_UP_TO:
        return Grid(hour_edges(cut, zone), "By hour", "%a %H:%M")
    if cut.seconds <= MOST_DAYS * 86_400:
        return Grid(day_edges(cut, zone), "By day and cell", "%-d %b")
    known = cut.cut(min(row.cell.in_service_from for row in report.cells), None) or cut
    every = -(-known.seconds // (MOST_DAYS * 86_400))
    title = f"By {every} days and cell" if every > 1 else "By day and cell"
    return Grid(day_edges(known, zone, every), title, "%-d %b %y")


def _bars(report: Report, target: float) -> figures.Figure:
    rows = report.cells
    used = [_share(row.figures.utilization) for row in rows]
    return figures.cell_bars([row.cell.name for row in rows], used, [_share(row.figures.high) for row in rows], target)


def _use_map(report: Report, grid: Grid, now: datetime, zone: ZoneInfo) -> figures.Figure:
    buckets = cells.utilization_buckets(grid.edges, now)
    names = [row.cell.name for row in report.cells]
    columns = _columns(buckets, zone, grid.form)
    squares = [[_square(bucket.by_cell.get(row.cell.id)) for bucket in buckets] for row in report.cells]
    return figures.use_map(names, columns, squares, grid.title)


def _columns(buckets: list[Bucket], zone: ZoneInfo, form: str) -> list[str]:
    """Names of the map's columns, each once: the hour that comes twice in autumn would be one category to the chart."""
    names: list[str] = []
    for bucket in buckets:
        name = bucket.window.start.astimezone(zone).strftime(form)
        names.append(name if name not in names else f"{name} ")
    return names


def _square(account: Account | None) -> figures.Square:
    if account is None or not account.scheduled:
        return figures.Square(None)
    s = account.scheduled
    return figures.Square(account.running / s, account.unknown / s, account.down / s)


def _days(now: datetime, zone: ZoneInfo) -> list[Bucket]:
    """The last 14 local days, the last one up to now."""
    edges = [midnight(day, zone) for day in days_up_to(now, 14, zone)]
    return cells.utilization_buckets([*edges, now + timedelta(seconds=1)], now)


def _trend(days: list[Bucket], target: float, zone: ZoneInfo) -> figures.Figure | None:
    used = [_seen(bucket.account) for bucket in days]
    if not days or all(value is None for value in used):
        return None
    dates = [bucket.window.start.astimezone(zone).date() for bucket in days]
    label = "no data today" if used[-1] is None else f"{used[-1]:.1%} today".replace("%", " %")
    return figures.day_trend(dates, used, target, label)


def _seen(account: Account) -> float | None:
    """A day on which nothing at all was seen is a gap in the line, not a zero."""
    if not account.scheduled or account.unknown == account.scheduled:
        return None
    return _share(cells.figures(account).utilization)


def _share(per_cent: float | None) -> float | None:
    return None if per_cent is None else per_cent / 100


@dataclass(frozen=True)
class Stops:
    """Unplanned stops in a window: how many, and the longest with its cell; count None where they were not listed."""

    count: int | None
    seconds: int
    longest: int = 0
    cell: str = ""


def _stops(report: Report) -> Stops:
    """Stops are counted from the intervals, so only for windows that are read in a blink."""
    total = report.account.down
    if report.cut is None or report.cut.seconds > 7 * 86_400 or len(report.cells) > 60:
        return Stops(None, total)
    names = {row.cell.id: row.cell.name for row in report.cells}
    start, end = int(report.cut.start.timestamp()), int(report.cut.end.timestamp())
    stops = [
        (span.end - span.start, names[cell_id])
        for cell_id, spans in ledger.many_spans(list(names), start, end).items()
        for span in spans
        if span.state == ledger.State.DOWN
    ]
    longest, cell = max(stops, default=(0, ""))
    return Stops(len(stops), total, longest, cell)


def _csv_rows(report: Report) -> Iterator[list[object]]:
    times = [iso(report.window.start), iso(report.window.end), iso(report.computed_at)]
    for row in report.cells:
        f, a = row.figures, row.account
        shares = [f.utilization, f.low, f.high, f.coverage, f.calendar]
        seconds = [a.running, a.scheduled, a.unknown, a.setup, a.idle, a.maintenance, a.down]
        yield [row.cell.name, row.cell.kind, row.cell.site.name, *shares, *seconds, *times]
