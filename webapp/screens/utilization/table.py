"""The page's table: a row a cell, the same digits on the page and in each file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from webapp import cells
from webapp.cells import Account, Cell, CellReport, Figures, Report
from webapp.lib.clock import iso
from webapp.screens.utilization import finely

STATES = ("running", "setup", "idle", "maintenance", "down", "unknown")
COLUMNS = (
    *("cell", "kind", "site", "utilization", "utilization_low", "utilization_high", "coverage"),
    *("calendar_utilization", "running_seconds", "scheduled_seconds", "unknown_seconds"),
    *(f"{state}_seconds" for state in ("setup", "idle", "maintenance", "down")),
    *("start_time", "end_time", "computed_at", "out_of_shift_seconds", "unassigned_seconds", "entered_seconds"),
    *("inferred_seconds", "target", "basis", "measured_seconds", "measured_share", "entered_share", "inferred_share"),
    *finely.COLUMNS,
)
BEFORE = ("utilization_before", "running_seconds_before", "scheduled_seconds_before", "start_time_before")


@dataclass(frozen=True)
class Row:
    """One cell, and the same cell in the period before where that is asked for."""

    cell: Cell
    account: Account
    figures: Figures
    basis: str
    before: CellReport | None = None

    @property
    def points(self) -> float | None:
        return points(self.figures, self.before.figures if self.before else None)


def points(now: Figures, before: Figures | None) -> float | None:
    """By how many points of a per cent the figure rose; None where one of them is missing."""
    if before is None or now.utilization is None or before.utilization is None:
        return None
    return round(now.utilization - before.utilization, 1)


def table_rows(report: Report, before: Report | None) -> list[Row]:
    """In the order of the report, by name."""
    earlier = {row.cell.id: row for row in before.cells} if before else {}
    return [Row(row.cell, row.account, row.figures, row.basis, earlier.get(row.cell.id)) for row in report.cells]


def head(before: Report | None) -> list[str]:
    return [*COLUMNS, *(BEFORE if before else ())]


def file_rows(report: Report, before: Report | None) -> Iterator[list[Any]]:
    times = [iso(report.window.start), iso(report.window.end), iso(report.computed_at)]
    counted = finely.precision(report).values()
    for row in table_rows(report, before):
        f, a = row.figures, row.account
        shares = [f.utilization, f.low, f.high, f.coverage, f.calendar]
        seconds = [a.running, a.scheduled, a.unknown, a.setup, a.idle, a.maintenance, a.down]
        more = [a.running_off, cells.unassigned_running(a), a.entered, a.inferred, row.cell.site.target, row.basis]
        more += [a.measured, *(cells.percent(part, a.scheduled) for part in (a.measured, a.entered, a.inferred))]
        own = [row.cell.name, row.cell.kind, row.cell.site.name, *shares, *seconds, *times, *more]
        yield [*own, *counted, *_earlier(row.before, before)]


def about(report: Report, before: Report | None) -> dict[str, object]:
    """What a JSON file says beside its rows, in the API's words."""
    f = report.figures
    said: dict[str, object] = {
        "start_time": iso(report.window.start),
        "end_time": iso(report.window.end),
        "duration": report.duration,
        "total_utilization": f.utilization,
        "total_utilization_low": f.low,
        "total_utilization_high": f.high,
        "coverage": f.coverage,
        "basis": report.basis,
        "computed_at": iso(report.computed_at),
        **finely.precision(report),
    }
    return said | ({"total_utilization_before": before.figures.utilization} if before else {})


def _earlier(row: CellReport | None, before: Report | None) -> list[Any]:
    if before is None:
        return []
    if row is None:
        return [None, None, None, iso(before.window.start)]
    return [row.figures.utilization, row.account.running, row.account.scheduled, iso(before.window.start)]
