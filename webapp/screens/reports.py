"""Ready-made reports: a kind, a time and a site, one press each. What they open is the utilization's own pages."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from webapp import cells
from webapp.cells import Site
from webapp.lib.clock import iso, utcnow
from webapp.lib.guard import may
from webapp.lib.window import Window
from webapp.screens.times import site_zone
from webapp.screens.utilization.asked import Chosen, address
from webapp.screens.utilization.ranges import NAMED, Range
from webapp.screens.utilization.shifts import shift_ranges

bp = Blueprint("reports", __name__)

#: In this order; those of a shift only where a calendar gives one.
RANGES = ("yesterday", "last-shift", "7d", "last-month", "month", "last-quarter")
LABELS = {"7d": "Last 7 days", "month": "This month so far"}


@dataclass(frozen=True)
class Kind:
    """page, file: endpoints; measure: which number, where they are about one of many."""

    title: str
    about: str
    page: str
    file: str
    measure: str | None = None

    def place(self) -> dict[str, str]:
        return {"measure": self.measure} if self.measure else {}


KINDS = (
    Kind(
        "Utilization",
        "Every cell with its share, its range and how much was seen.",
        "utilization.show",
        "utilization.download",
    ),
    Kind("Losses", "Where scheduled time went, by state and reason.", "utilization.losses", "utilization.loss_rows"),
    Kind(
        "Coverage",
        "Which cells were not seen, and when.",
        "utilization.open",
        "utilization.rows",
        measure="unknown",
    ),
    Kind(
        "Restated figures",
        "What was changed afterwards, by whom and why.",
        "utilization.restated",
        "utilization.restated_rows",
    ),
)


@dataclass(frozen=True)
class Line:
    """One report: its time, fixed when this page was made, and where it leads."""

    label: str
    window: Window
    open: str
    print: str
    files: dict[str, str]


@bp.get("/reports")
@may("export boards")
def show() -> str | tuple[str, int]:
    now, zone, sites = utcnow(), site_zone(), cells.sites()
    site, wrong = _site(sites)
    ids = cells.chosen(site.id) if site else None
    ranges = _ranges(shift_ranges(ids, now) | NAMED)
    page = render_template(
        "reports/show.html",
        kinds=[(kind, [_line(kind, key, ranges[key], site, now, zone) for key in ranges]) for kind in KINDS],
        sites=sites,
        site=site,
        wrong=wrong,
        now=now,
        as_of=cells.as_of(now),
    )
    return (page, 400) if wrong else page


def _site(sites: list[Site]) -> tuple[Site | None, str]:
    """(the one asked for, what would be accepted)"""
    said = request.args.get("site", "").strip()
    found = next((site for site in sites if str(site.id) == said), None)
    if found or not said:
        return found, ""
    return None, "must be one of " + (", ".join(f"{site.id} ({site.name})" for site in sites) or "none")


def _ranges(known: dict[str, Range]) -> dict[str, Range]:
    return {key: known[key] for key in RANGES if key in known}


def _line(kind: Kind, key: str, named: Range, site: Site | None, now: datetime, zone: ZoneInfo) -> Line:
    window = named.spans(now, zone).window
    words = [*_fixed(window), *Chosen(site=site).words]
    files = {word: address(kind.file, words, kind=word, **kind.place()) for word in ("csv", "json", "xlsx")}
    opened = address(kind.page, [("r", key), *words[2:]] if kind.page == "utilization.show" else words, **kind.place())
    return Line(
        LABELS.get(key, named.label),
        window,
        opened,
        address(kind.page, [*words, ("print", "1")], **kind.place()),
        files,
    )


def _fixed(window: Window) -> list[tuple[str, str]]:
    return [("start", iso(window.start) or ""), ("end", iso(window.end) or "")]
