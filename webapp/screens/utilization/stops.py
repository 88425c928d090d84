"""Unplanned stops in scheduled time, each by itself: the number of them opens to that many rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from webapp import cells, ledger
from webapp.cells import Report
from webapp.lib.clock import epoch, iso, moment
from webapp.lib.window import Window

UP_TO, OF = 7, 60  # days and cells: stops are counted from the intervals, so only where that is a blink
HEAD = ("cell", "from", "to", "seconds", "scheduled_seconds")


@dataclass(frozen=True)
class Stop:
    """One stretch in which a cell was down, whoever said so. scheduled: its seconds inside scheduled time."""

    cell_id: int
    cell: str
    start: datetime
    end: datetime
    scheduled: int

    @property
    def window(self) -> Window:
        return Window(self.start, self.end)


def stops(report: Report) -> list[Stop] | None:
    """Longest first; None where they are not listed: too long a time, too many cells, days of which none are kept."""
    if report.precision == "day" or report.cut is None or report.cut.seconds > UP_TO * 86_400 or len(report.cells) > OF:
        return None
    names = {row.cell.id: row.cell.name for row in report.cells}
    edges = epoch(report.cut.start), epoch(report.cut.end)
    marks = cells.calendar_marks(names, *edges)
    found = [
        Stop(id, names[id], moment(start), moment(end), cells.scheduled_seconds(marks[id], start, end))
        for id, spans in ledger.many_spans(list(names), *edges).items()
        for start, end in _down(spans)
    ]
    return sorted((stop for stop in found if stop.scheduled), key=lambda stop: (-stop.scheduled, stop.cell, stop.start))


def _down(spans: Sequence[ledger.Span]) -> list[tuple[int, int]]:
    """A person who confirms a part of a stop does not make three of it."""
    alike = [(state, list(same)) for state, same in groupby(spans, key=attrgetter("state"))]
    return [(same[0].start, same[-1].end) for state, same in alike if state == ledger.State.DOWN]


def file_rows(found: Sequence[Stop]) -> Iterator[list[object]]:
    return ([stop.cell, iso(stop.start), iso(stop.end), stop.window.seconds, stop.scheduled] for stop in found)
