"""The rows behind a number: the stretches that count, a page of them, and all of them as a file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from flask import request

from webapp import cells
from webapp.cells import Evidence, Place
from webapp.lib.clock import epoch, iso, moment
from webapp.lib.numbers import whole_in
from webapp.screens.utilization import finely
from webapp.screens.utilization.asked import Asked
from webapp.screens.utilization.finely import Days

PAGE = 200
LAST_SECOND = 10**11  # in the year 5138
CLASSES = ("not scheduled", "working", "planned stop")
HEAD = (
    *("cell", "state", "from", "to", "seconds", "counted_seconds", "calendar", "held_by", "reason", "source"),
    *finely.COLUMNS,
)

Counts = Callable[[Evidence], bool]


@dataclass(frozen=True)
class Stretches:
    """after: where the next page begins, as an address has it; None on the last.

    days: in front of the first page, those of which no stretches are kept.
    """

    rows: list[Evidence]
    counts: Counts
    after: str | None
    days: list[Days]

    @property
    def seconds(self) -> int:
        return sum(row.seconds for row in self.rows if self.counts(row)) + sum(day.counted for day in self.days)


def one_page(asked: Asked, counts: Counts, days: Iterable[Days], now: datetime, every: bool) -> Stretches:
    """every: also those that do not count."""
    place = read_place(request.args.get("after", ""))
    rows = list(islice(_found(asked, counts, now, every, place), PAGE + 1))
    after = f"{rows[PAGE - 1].cell.id}-{epoch(rows[PAGE - 1].end)}" if len(rows) > PAGE else None
    return Stretches(rows[:PAGE], counts, after, [] if place else list(days))


def file_rows(asked: Asked, counts: Counts, days: Iterable[Days], now: datetime, every: bool) -> Iterator[list[object]]:
    """Days first: they are older."""
    _, *span = finely.precision(cells.counting(asked.window, now)).values()
    for some in days:
        times = [iso(some.window.start), iso(some.window.end), some.seconds, some.counted]
        yield [some.cell, "", *times, finely.WHOLE_DAYS, "", "", "", "day", *span]
    for row in _found(asked, counts, now, every, None):
        counted = row.seconds if counts(row) else 0
        times = [iso(row.start), iso(row.end), row.seconds, counted]
        said = [CLASSES[row.klass], row.what or "", row.reason, row.source]
        yield [row.cell.name, row.state, *times, *said, "second", *span]


def _found(asked: Asked, counts: Counts, now: datetime, every: bool, after: Place | None) -> Iterable[Evidence]:
    window = finely.with_stretches(asked, now)
    found = cells.evidence(window, now, asked.chosen.ids, after) if window else ()
    return found if every else filter(counts, found)


def read_place(text: str) -> Place | None:
    """3-1763740800: of cell 3, after that second. What is none of ours begins at the first row."""
    said, _, at = text.partition("-")
    cell, second = whole_in(said), whole_in(at, LAST_SECOND)
    return None if cell is None or second is None else Place(cell, moment(second))
