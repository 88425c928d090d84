"""What an address asks for: which time, which cells, compared or not. Links carry all of it on."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from webapp.cells import Site
from webapp.lib.clock import iso
from webapp.lib.window import Window
from webapp.screens.utilization.measures import MEASURES

Words = list[tuple[str, str]]  # an address's own: a name may come twice


@dataclass(frozen=True)
class Chosen:
    """Which cells: every filter that is set must let a cell through. ids: those cells; None: all, nothing was set."""

    site: Site | None = None
    kind: str = ""
    tag: str = ""
    cells: tuple[int, ...] = ()
    ids: Collection[int] | None = None

    @property
    def words(self) -> Words:
        site = [("site", str(self.site.id))] if self.site else []
        plain = [(name, value) for name, value in (("kind", self.kind), ("tag", self.tag)) if value]
        return [*site, *plain, *(("cell", str(cell)) for cell in self.cells)]


@dataclass(frozen=True)
class Asked:
    """errors: {field: what would be accepted}; start, end: as the form's two fields show them again."""

    window: Window
    before: Window
    before_name: str
    preset: str | None
    name: str
    start: str
    end: str
    chosen: Chosen
    compare: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def range_words(self) -> Words:
        return [("r", self.preset)] if self.preset else self.fixed_words

    @property
    def fixed_words(self) -> Words:
        """In UTC, so that a number that was pressed opens as it was."""
        return _fixed(self.window)

    @property
    def other_words(self) -> Words:
        return [*self.chosen.words, *([("compare", "1")] if self.compare else [])]

    @property
    def ahead(self) -> str:
        """What these cells are booked for, as a page; ahead_part: as a part of this one."""
        return address("utilization.ahead", self.chosen.words)

    @property
    def ahead_part(self) -> str:
        return address("utilization.ahead_part", self.chosen.words)

    @property
    def without_cells(self) -> str:
        """The same time, all cells, nothing compared."""
        return address("utilization.show", self.range_words)

    def ended(self, status: str, window: Window | None = None) -> str:
        """The projects that ended so in this time, or in another, on these cells."""
        words = _fixed(window or self.window)
        return address("projects.index", [("status", status), *words, *self.chosen.words])

    def link(self, endpoint: str, compare: bool = False, **place: Any) -> str:
        """Another page about the same time and cells. place: what the endpoint's address has a gap for."""
        words = self.other_words if compare else self.chosen.words
        return address(endpoint, [*self.fixed_words, *words], **place)

    def of_cell(self, measure: str, cell_id: int) -> str:
        """One number of one cell: a table asks for thousands, so only what differs is put together again. measure may
        be "before", the utilization of the period before, or "points", the difference from it."""
        return f"{self._opens[measure]}{cell_id}"

    @cached_property
    def _opens(self) -> dict[str, str]:
        """By measure, without the cell's number at the end."""
        return {key: self._opened(key, [("cell", "")]) for key in (*MEASURES, "before", "points")}

    def of_all(self, measure: str) -> str:
        """The same of all these cells."""
        return self._opened(measure, self.chosen.words)

    def _opened(self, measure: str, cells: Words) -> str:
        if measure == "before":
            return address("utilization.open", [*_fixed(self.before), *cells], measure="utilization")
        if measure == "points":
            return address("utilization.open", [*self.fixed_words, ("compare", "1"), *cells], measure="utilization")
        return address("utilization.open", [*self.fixed_words, *cells], measure=measure)

    def than_before(self, measure: str) -> str:
        """A number beside what it was in the period before."""
        return self.link("utilization.open", compare=True, measure=measure)

    def of_time(self, window: Window, cell_id: int | None = None, measure: str = "utilization") -> str:
        """The number of one stretch of a chart, of one cell or of all these."""
        words = _fixed(window)
        cells = self.chosen.words if cell_id is None else [("cell", str(cell_id))]
        return address("utilization.open", [*words, *cells], measure=measure)

    def range(self, key: str) -> str:
        """This page with another range."""
        return address("utilization.show", [("r", key), *self.other_words])

    def other_time(self, start: datetime, end: datetime) -> str:
        """This page about another time."""
        return address("utilization.show", [*_fixed(Window(start, end)), *self.other_words])

    def with_words(self, **words: Any) -> str:
        """This page with other words besides its range and cells; None takes one away."""
        own = [word for word in [*self.range_words, *self.other_words] if word[0] not in words]
        return address("utilization.show", [*own, *((name, str(value)) for name, value in words.items() if value)])


def _fixed(window: Window) -> Words:
    return [("start", iso(window.start) or ""), ("end", iso(window.end) or "")]


def address(endpoint: str, words: Words, **place: Any) -> str:
    # Not handed to url_for: an address may hold words that mean something to it, such as _external.
    return url_for(endpoint, **place) + ("?" + urlencode(words, safe=":") if words else "")
