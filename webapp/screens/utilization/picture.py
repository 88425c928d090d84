"""The page's charts: the report's rows and buckets as figures, each with what opens when a mark is pressed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from webapp import cells
from webapp.cells import Account, Bucket, Report
from webapp.lib.clock import iso
from webapp.lib.window import Window
from webapp.screens import figures
from webapp.screens.figures import Bar, Square
from webapp.screens.utilization.asked import Asked, address
from webapp.screens.utilization.grid import Days, column_names, days_before, days_of, map_grid
from webapp.screens.utilization.table import Row

SHOWN = 40  # cells: more than that are turned over like pages, the worst first
Opens = dict[str, Any]


@dataclass(frozen=True)
class Fold:
    """Which of many cells the charts show. page: from 1."""

    rows: list[Row]
    page: int
    pages: int
    of: int

    @property
    def first(self) -> int:
        return (self.page - 1) * SHOWN + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


@dataclass(frozen=True)
class Drawn:
    """A figure, what its marks open, and the grid it was made on."""

    figure: figures.Figure | None
    opens: Opens


@dataclass(frozen=True)
class Map:
    title: str
    names: list[str]
    windows: list[Window]
    squares: list[list[Square]]
    drawn: Drawn


@dataclass(frozen=True)
class Trend:
    """days as the table beside the chart has them; earlier: the same stretches before, where they are compared."""

    title: str
    buckets: list[Bucket]
    earlier: list[Bucket]
    drawn: Drawn


def folded(rows: list[Row], page: int) -> Fold:
    """All by name while they fit; else the worst first, so many at a time."""
    if len(rows) <= SHOWN:
        return Fold(rows, 1, 1, len(rows))
    pages = -(-len(rows) // SHOWN)
    page = min(max(1, page), pages)
    worst = sorted(rows, key=lambda row: (row.figures.utilization is None, row.figures.utilization, row.cell.name))
    return Fold(worst[(page - 1) * SHOWN : page * SHOWN], page, pages, len(rows))


def bars(fold: Fold, target: float | None, asked: Asked) -> Drawn:
    drawn = [_bar(row) for row in fold.rows]
    base = address("utilization.open", asked.fixed_words, measure="utilization")
    return Drawn(figures.cell_bars(drawn, target), {"base": base, "rows": _rows(fold)})


def _bar(row: Row) -> Bar:
    before = row.before.figures.utilization if row.before else None
    return Bar(row.cell.name, share(row.figures.utilization), share(row.figures.high), share(before))


def use_map(fold: Fold, report: Report, cut: Window, now: datetime, zone: ZoneInfo) -> Map:
    grid = map_grid(report.window, cut, _begun(fold.rows), zone, report.precision == "second")
    ids = [row.cell.id for row in fold.rows]
    buckets = cells.utilization_buckets(grid.edges, now, ids)
    names = column_names([bucket.window.start for bucket in buckets], grid.form, zone)
    squares = [[square(bucket.by_cell.get(id)) for bucket in buckets] for id in ids]
    figure = figures.use_map([row.cell.name for row in fold.rows], names, squares, grid.title)
    windows = [bucket.window for bucket in buckets]
    opens = {"base": address("utilization.open", [], measure="utilization"), "rows": _rows(fold)}
    opens["columns"] = dict(zip(names, map(_span, windows), strict=True))
    return Map(grid.title, names, windows, squares, Drawn(figure, opens))


def trend(asked: Asked, report: Report, cut: Window, target: float | None, now: datetime, zone: ZoneInfo) -> Trend:
    days = days_of(cut, min(row.cell.in_service_from for row in report.cells), zone)
    buckets = cells.utilization_buckets(days.edges, now, asked.chosen.ids)
    earlier = _earlier(days, asked, now, zone) if asked.compare else []
    used, before = [seen(bucket.account) for bucket in buckets], [seen(bucket.account) for bucket in earlier]
    if not buckets or all(value is None for value in used):
        return Trend(days.title, buckets, earlier, Drawn(None, {}))
    figure = figures.day_trend(days.days[: len(used)], used, target, _last_words(used, cut, now, zone), before)
    spans = {day.isoformat(): _span(bucket.window) for day, bucket in zip(days.days, buckets, strict=False)}
    base = address("utilization.open", asked.chosen.words, measure="utilization")
    return Trend(days.title, buckets, earlier, Drawn(figure, {"base": base, "columns": spans}))


def _earlier(days: Days, asked: Asked, now: datetime, zone: ZoneInfo) -> list[Bucket]:
    return cells.utilization_buckets(days_before(days, zone).edges, now, asked.chosen.ids)


def _last_words(used: Sequence[float | None], cut: Window, now: datetime, zone: ZoneInfo) -> str:
    day = cut.end.astimezone(zone)
    word = "today" if day.date() == now.astimezone(zone).date() else f"{day.day} {day:%b}"
    return f"no data {word}" if used[-1] is None else f"{100 * used[-1]:.1f} % {word}"


def _begun(rows: Sequence[Row]) -> datetime:
    return min(row.cell.in_service_from for row in rows)


def square(account: Account | None) -> Square:
    if account is None or not account.scheduled:
        return Square(None)
    s = account.scheduled
    return Square(account.running / s, account.unknown / s, account.down / s)


def seen(account: Account) -> float | None:
    """A day on which nothing at all was seen is a gap in the line, not a zero."""
    if not account.scheduled or account.unknown == account.scheduled:
        return None
    return share(cells.figures(account).utilization)


def share(per_cent: float | None) -> float | None:
    return None if per_cent is None else per_cent / 100


def _rows(fold: Fold) -> dict[str, str]:
    return {row.cell.name: f"cell={row.cell.id}" for row in fold.rows}


def _span(window: Window) -> str:
    return f"start={iso(window.start)}&end={iso(window.end)}"
