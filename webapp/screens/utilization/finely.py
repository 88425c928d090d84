"""How finely a time is known, in the words of the API, and the days behind a figure of which no stretches are kept."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp import cells
from webapp.cells import Account, Counting, Report
from webapp.lib.clock import iso
from webapp.lib.window import Window
from webapp.screens.utilization.asked import Asked

COLUMNS = ("precision", "counted_start_time", "counted_end_time")
WHOLE_DAYS = "whole days"

Part = Callable[[Account], int]


@dataclass(frozen=True)
class Days:
    """Whole days (UTC) of a cell, or of all that are asked for (cell ""). counted: the seconds of them that count."""

    cell: str
    window: Window
    seconds: int
    counted: int


def precision(told: Counting | Report) -> Mapping[str, str | None]:
    part = told.counted
    return {
        "precision": told.precision,
        "counted_start_time": iso(part.start) if part else None,
        "counted_end_time": iso(part.end) if part else None,
    }


def without_stretches(asked: Asked, now: datetime) -> Window | None:
    """The part of what is counted of which only days are known; None where there is none."""
    told = cells.counting(asked.window, now)
    return told.counted.cut(None, cells.exact_since()) if told.counted else None


def with_stretches(asked: Asked, now: datetime) -> Window | None:
    """The rest of it."""
    told = cells.counting(asked.window, now)
    return told.counted.cut(cells.exact_since(), None) if told.counted else None


def days_by_cell(asked: Asked, part: Part, now: datetime) -> Iterator[Days]:
    window = without_stretches(asked, now)
    if window:
        for row in cells.utilization_report(window, now, asked.chosen.ids).cells:
            yield Days(row.cell.name, row.window or window, row.account.window, part(row.account))


def days_together(asked: Asked, now: datetime, counted: Callable[[Window], int]) -> Iterator[Days]:
    """For what is not added up cell by cell."""
    window = without_stretches(asked, now)
    if window:
        report = cells.utilization_report(window, now, asked.chosen.ids)
        yield Days("", window, report.account.window, counted(window))


def days_around(window: Window) -> Window:
    """The whole days (UTC) that it touches."""
    day = timedelta(days=1)
    low, high = (at.replace(hour=0, minute=0, second=0) for at in (window.start, window.end))
    return Window(low, high if high == window.end else high + day)
