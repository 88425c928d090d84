"""Utilization of every cell over a window: seconds of each kind, cut and counted as utilization.py says."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from webapp.cells.accounts import seconds_of
from webapp.cells.calendars.questions import bases, together
from webapp.cells.directory import Directory, Entry, directory
from webapp.cells.lost_time.models import Restatement
from webapp.cells.models import Cell
from webapp.cells.overlay import COUNTED, Ints
from webapp.cells.precision import counting
from webapp.cells.restatements import restatements
from webapp.cells.utilization import Account, Figures, Shares, all_covered, figures, percents
from webapp.extensions import db
from webapp.lib.clock import epoch, moment
from webapp.lib.window import Window


@dataclass(frozen=True, eq=False)
class Columns:
    """Cells by name, and the seconds of each: `columns["running"]`, by the names of Account."""

    entries: Sequence[Entry]
    counted: Ints  # [what is COUNTED, cell]

    def __getitem__(self, name: str) -> Ints:
        if name == "unknown":
            return self["scheduled"] - sum(self[state] for state in KNOWN)
        if name == "measured":
            return sum(self[state] for state in KNOWN) - self["entered"] - self["inferred"]
        found: Ints = self.counted[COUNTED.index(name)]
        return found

    @property
    def shares(self) -> dict[str, Shares]:
        """The fields of Figures, as columns; NaN where nothing was scheduled."""
        s, r, u = self["scheduled"], self["running"], self["unknown"]
        return {
            "utilization": percents(r, s),
            "high": percents(r + u, s),
            "coverage": all_covered(s - u, s),
            "calendar": percents(r + self["running_off"], self["window"]),
        }

    @property
    def total(self) -> Account:
        return account_of(self.counted.sum(axis=1).tolist())

    def by_cell(self) -> dict[int, Account]:
        """Of each cell that was in service for some of the time."""
        columns = zip(self.entries, self.counted.T.tolist(), strict=True)
        return {entry.id: account_of(seconds) for entry, seconds in columns if seconds[0]}


KNOWN = ("running", "setup", "idle", "maintenance", "down")


def account_of(counted: Sequence[int]) -> Account:
    """counted: seconds of what is COUNTED."""
    told = dict(zip(COUNTED, counted, strict=True))
    return Account(**told, unknown=told["scheduled"] - sum(told[state] for state in KNOWN))


@dataclass(frozen=True)
class CellReport:
    """One cell's account over the window, with the part of it in which it was in service."""

    cell: Cell
    window: Window | None  # None: all of it lies in the future
    account: Account
    figures: Figures
    basis: str


@dataclass(frozen=True, eq=False)
class Report:
    """window: as asked for; cut: up to now (None where it has not begun); bases: what S is of each
    cell, in the order of the columns: "schedule", "calendar" (all hours) or "mixed"; basis: of all of them together.

    precision, counted: what of it the seconds are of, as counting() says; counted None: no second of it was counted.
    """

    window: Window
    cut: Window | None
    computed_at: datetime
    columns: Columns
    bases: Sequence[str]
    precision: str
    counted: Window | None

    @property
    def too_short(self) -> bool:
        """It lies within a day of which no less than all is known."""
        return self.cut is not None and self.counted is None

    @property
    def basis(self) -> str:
        return together(self.bases)

    @property
    def all_hours(self) -> int:
        """How many cells follow no calendar for some of the time, so that every hour of it counts."""
        return sum(basis != "schedule" for basis in self.bases)

    @property
    def duration(self) -> int:
        """Seconds asked for; where only whole days are known, those of the days that were counted."""
        if self.precision == "day":
            return self.counted.seconds if self.counted else 0
        return self.window.seconds

    @cached_property
    def account(self) -> Account:
        return self.columns.total

    @cached_property
    def figures(self) -> Figures:
        return figures(self.account)

    @cached_property
    def cells(self) -> list[CellReport]:
        """By name."""
        ids = [entry.id for entry in self.columns.entries]
        found = {cell.id: cell for cell in in_service(_hull(self.window, self.counted), ids)}
        told = zip(ids, self.columns.counted.T.tolist(), self.bases, strict=True)
        return [self._told(found[id], account_of(seconds), basis) for id, seconds, basis in told if id in found]

    def _told(self, cell: Cell, account: Account, basis: str) -> CellReport:
        part = self.counted.cut(cell.in_service_from, cell.in_service_to) if self.counted else None
        return CellReport(cell, part, account, figures(account), basis)

    @cached_property
    def restated(self) -> list[Restatement]:
        """What changed these figures after the fact, newest first."""
        return restatements(self.counted or self.window, [entry.id for entry in self.columns.entries])


@dataclass(frozen=True, eq=False)
class Bucket:
    """One stretch of a chart: the pooled account of the cells asked for, and each cell's own."""

    window: Window
    columns: Columns

    @cached_property
    def account(self) -> Account:
        return self.columns.total

    @cached_property
    def by_cell(self) -> dict[int, Account]:
        """Of those in service for some of it."""
        return self.columns.by_cell()


def utilization_report(window: Window, now: datetime, cell_ids: Collection[int] | None = None) -> Report:
    """Every cell in service within the window, those at 0 too; cell_ids: only these."""
    (precision, part), known = counting(window, now), directory()
    places = _places(known, _hull(window, part), cell_ids)
    edges = [epoch(part.start), epoch(part.end)] if part else []
    counted = _counted(known, places, edges)[:, 0] if part else np.zeros((len(COUNTED), len(places)), np.int64)
    columns = Columns([known.entries[place] for place in places], counted)
    found = _bases(known, places, _hull(window, part))
    return Report(window, window.cut(None, now), now, columns, found, precision, part)


def _hull(window: Window, counted: Window | None) -> Window:
    """Whole days reach further than what was asked for."""
    return Window(min(window.start, counted.start), max(window.end, counted.end)) if counted else window


def _bases(known: Directory, places: NDArray[np.intp], window: Window) -> list[str]:
    begins = np.maximum(known.begins[places], epoch(window.start))
    ends = np.minimum(known.ends[places], epoch(window.end))
    return bases(known.ids[places].tolist(), begins.tolist(), ends.tolist())


def utilization_buckets(
    edges: Sequence[datetime], now: datetime, cell_ids: Collection[int] | None = None
) -> list[Bucket]:
    """The same accounts for each stretch between neighbouring edges, for charts. Cut at now: the future is left out."""
    marks = [epoch(edge) for edge in edges if edge < now]
    if not marks:
        return []
    marks = sorted({*marks, min(epoch(now), epoch(edges[-1]))})
    known, whole = directory(), Window(edges[0], edges[-1])
    places = _places(known, _hull(whole, counting(whole, now).counted), cell_ids)
    counted, entries = _counted(known, places, marks), [known.entries[place] for place in places]
    windows = [Window(moment(start), moment(end)) for start, end in pairwise(marks)]
    return [Bucket(window, Columns(entries, counted[:, n])) for n, window in enumerate(windows)]


def in_service(window: Window, cell_ids: Collection[int] | None = None) -> list[Cell]:
    """Cells in service for some of the window, by name."""
    query = select(Cell).where(Cell.in_service_from < window.end).order_by(Cell.name)
    cells = db.session.scalars(query.where((Cell.in_service_to.is_(None)) | (Cell.in_service_to > window.start)))
    return [cell for cell in cells if cell_ids is None or cell.id in cell_ids]


def _places(known: Directory, window: Window, cell_ids: Collection[int] | None) -> NDArray[np.intp]:
    """Of the cells in service for some of the window, by name."""
    places = known.in_service(epoch(window.start), epoch(window.end))
    return places if cell_ids is None else places[np.isin(known.ids[places], list(cell_ids))]


def _counted(known: Directory, places: NDArray[np.intp], edges: Sequence[int]) -> Ints:
    """Seconds [what is COUNTED, stretch between neighbouring edges, place]."""
    found = np.zeros((len(COUNTED), len(edges) - 1, len(places)), np.int64)
    books: NDArray[Any] = known.books[places]
    for book in np.unique(books).tolist():
        mine = np.flatnonzero(books == book)
        ids = known.ids[known.of_book(book)]
        found[:, :, mine] = seconds_of(known, book, edges)[:, :, np.searchsorted(ids, known.ids[places[mine]])]
    return found
