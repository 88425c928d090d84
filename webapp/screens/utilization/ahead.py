"""Used and booked hours on one axis: what these cells did, what they are booked for, and what is left of their shifts.

It answers "can we take this order?", as a page of its own and as a part that the utilization page asks for once shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from webapp import cells, projects
from webapp.cells import Ahead, Cell, LaneAhead, Room
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid
from webapp.lib.window import Window
from webapp.screens.figures import DayHours, Figure, hours_on_one_axis
from webapp.screens.times import midnight, site_zone, typed_time
from webapp.screens.utilization.asked import Chosen
from webapp.screens.utilization.door import bp
from webapp.screens.utilization.reading import Errors, read_chosen

DAY = timedelta(days=1)
BACK = 7  # days
DAYS = (7, 14, 28)
MOST_HOURS = 2000


@dataclass(frozen=True)
class Wish:
    """Work that somebody asks room for. hours, by: as typed."""

    hours: str = ""
    by: str = ""
    seconds: int | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Line:
    """One cell: used in the last days, then from now on."""

    cell: Cell
    used: int
    ahead: Ahead


@dataclass(frozen=True)
class Hours:
    """The whole answer. closed: names of cells that are not counted."""

    days: list[DayHours]
    lines: list[Line]
    used: int
    ahead: Ahead
    figure: Figure
    closed: list[str]
    room: Room | None


@bp.get("/utilization/ahead")
@may("see utilization")
def ahead() -> str | tuple[str, int]:
    seen = _seen()
    page = render_template("utilization/ahead.html", **seen)
    return (page, 400) if seen["errors"] else page


@bp.get("/utilization/ahead/part")
@may("see utilization")
def ahead_part() -> str:
    return render_template("utilization/_ahead.html", **_seen())


def _seen() -> dict[str, Any]:
    errors: Errors = {}
    now, zone = utcnow(), site_zone()
    chosen, wish = read_chosen(errors), _wish(zone, now, errors)
    count = _days(errors)
    hours = hours_of(chosen, wish, count, now, zone)
    every = cells.all_cells()
    return {
        "hours": hours,
        "chosen": chosen,
        "wish": wish,
        "count": count,
        "choices": [(days, f"{days} days") for days in DAYS],
        "errors": errors,
        "names": {cell.id: cell.name for cell in every},
        "kinds": [(kind, kind) for kind in sorted({cell.kind for cell in every})],
        "back": BACK,
    }


def _days(errors: Errors) -> int:
    said = request.args.get("days", "14")
    if said not in map(str, DAYS):
        errors["days"] = "must be one of " + ", ".join(map(str, DAYS))
        return 14
    return int(said)


def _wish(zone: ZoneInfo, now: datetime, errors: Errors) -> Wish:
    """Two fields, read each by itself; empty: nobody asks for room."""
    hours, by = request.args.get("hours", "").strip(), request.args.get("by", "").strip()
    seconds = _hours(hours, errors)
    if not by:
        return Wish(hours, by, seconds)
    try:
        until = typed_time(by, "by", zone)
    except Invalid as no:
        errors |= {name: says[0] for name, says in no.details["fields"].items()}  # type: ignore[attr-defined]
        return Wish(hours, by, seconds)
    # A date alone is meant with all of its day.
    return Wish(hours, by, seconds, midnight(until.astimezone(zone).date() + DAY, zone) if len(by) == 10 else until)


def _hours(said: str, errors: Errors) -> int | None:
    if not said:
        return None
    number = said.replace(",", ".", 1)
    if not number.replace(".", "", 1).isdigit() or not number.isascii() or not 0 < float(number) <= MOST_HOURS:
        errors["hours"] = f"must be a number of hours up to {MOST_HOURS}, such as 6.5"
        return None
    return round(float(number) * 3600)


def hours_of(chosen: Chosen, wish: Wish, count: int, now: datetime, zone: ZoneInfo) -> Hours:
    every = [cell for cell in cells.all_cells() if chosen.ids is None or cell.id in chosen.ids]
    open_ones = [cell for cell in every if cell.mode != "closed"]
    ids = [cell.id for cell in every]
    today = now.astimezone(zone).date()
    end = midnight(today + count * DAY, zone)
    until = max(end, wish.until or end)
    lanes = cells.lanes_ahead([cell.id for cell in open_ones], Window(now, until), projects.expected_ends(now))
    past = _past(ids, today, now, zone)
    days = _by_day(past, lanes, today, count, now, zone)
    return Hours(
        days=days,
        lines=[Line(cell, past.used(cell.id), _one(lanes, cell, now, end)) for cell in open_ones],
        used=sum(day.used for day in days),
        ahead=sum(cells.hours_ahead(lanes, [now, end]), Ahead()),
        figure=hours_on_one_axis(days, days[BACK].name),
        closed=[cell.name for cell in every if cell.mode == "closed"],
        room=cells.room_for(lanes, wish.seconds, wish.until or end) if wish.seconds else None,
    )


def _one(lanes: Mapping[int, LaneAhead], cell: Cell, now: datetime, end: datetime) -> Ahead:
    return sum(cells.hours_ahead({cell.id: lanes[cell.id]}, [now, end]), Ahead())


@dataclass(frozen=True)
class _Past:
    """The last days, and today so far."""

    buckets: Sequence[cells.Bucket]

    def used(self, cell_id: int) -> int:
        accounts = [bucket.by_cell.get(cell_id) for bucket in self.buckets]
        return sum(account.running for account in accounts if account)


def _past(ids: Sequence[int], today: date, now: datetime, zone: ZoneInfo) -> _Past:
    edges = [*(midnight(today - n * DAY, zone) for n in range(BACK, -1, -1)), now]
    return _Past(cells.utilization_buckets(edges, now, ids) if ids and edges[-2] < now else [])


def _by_day(
    past: _Past, lanes: Mapping[int, LaneAhead], today: date, count: int, now: datetime, zone: ZoneInfo
) -> list[DayHours]:
    """From BACK days before today on; of today what was and what will be."""
    edges = [now, *(midnight(today + n * DAY, zone) for n in range(1, count + 1))]
    coming = cells.hours_ahead(lanes, edges)
    starts = {bucket.window.start.astimezone(zone).date(): bucket.account for bucket in past.buckets}
    days = []
    for n in range(-BACK, count):
        day, ahead = today + n * DAY, coming[n] if n >= 0 else Ahead()
        account = starts.get(day)
        used, unused = (account.running, max(0, account.scheduled - account.running)) if account else (0, 0)
        parts = {"operations": ahead.operations, "maintenance": ahead.maintenance, "projects": ahead.projects}
        days.append(DayHours(f"{day:%a} {day.day} {day:%b}", used, unused, **parts, free=ahead.free))
    return days
