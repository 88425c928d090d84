"""Stretches of history of many cells as columns, and their arithmetic. Pure; no loop over cells."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from webapp.ledger.states import UNSAID, State

Ids = NDArray[np.int32]
Small = NDArray[np.uint8]
Whole = NDArray[np.int64]

STATES = len(State)


class Held(NamedTuple):
    """What is held of each cell at one moment."""

    state: Small
    source: Small


class Marks(NamedTuple):
    """Changes of many cells, one element each. cell: index into the ids they go with; at: in seconds."""

    cell: NDArray[np.intp]
    at: Whole
    state: Small
    source: Small
    prev: Small

    def only(self, chosen: Any) -> "Marks":
        return Marks(*(column[chosen] for column in self))


class HourColumns:
    """An hour of all cells: what they begin with, and their changes, by cell in the order of ids, then by off.

    ids ascend; counts: changes of each; off: seconds into the hour. What holds first is what held just before it.
    """

    def __init__(
        self, ids: Ids, state: Small, source: Small, counts: Whole, off: Whole, to_state: Small, to_source: Small
    ) -> None:
        self.ids, self.state, self.source = ids, state, source
        self.counts, self.off, self.to_state, self.to_source = counts, off, to_state, to_source

    @cached_property
    def owner(self) -> NDArray[np.intp]:
        """Which cell each change is of."""
        return np.repeat(np.arange(len(self.ids)), self.counts)

    @cached_property
    def firsts(self) -> NDArray[np.intp]:
        """Where the changes of each cell that has any begin."""
        return (np.cumsum(self.counts) - self.counts)[self.counts > 0]

    @cached_property
    def prev(self) -> Small:
        """The state before each change."""
        before = np.empty_like(self.to_state)
        before[1:] = self.to_state[:-1]
        before[self.firsts] = self.state[self.counts > 0]
        return before

    def marks(self, begins: int) -> Marks:
        """The changes, with moments counted from 1970; begins: the second the hour does."""
        return Marks(self.owner, self.off + begins, self.to_state, self.to_source, self.prev)


def seconds_until(columns: HourColumns, off: int) -> Whole:
    """[state, cell]: seconds in each state from the beginning of the hour up to off, unknown ones too."""
    n, some = len(columns.ids), columns.counts > 0
    began = np.minimum(columns.off, off)
    ended = np.empty_like(began)
    ended[:-1] = began[1:]
    lasts = np.cumsum(columns.counts)[some] - 1
    ended[lasts] = off
    lengths = np.bincount(columns.to_state * np.intp(n) + columns.owner, ended - began, minlength=STATES * n)
    found = lengths.astype(np.int64).reshape(STATES, n)
    first = np.full(n, off, np.int64)
    first[some] = began[columns.firsts]
    found[columns.state, np.arange(n)] += first
    return found


def held_after(held: Held, marks: Marks, until: int) -> Held:
    """What is held just before `until`. marks: ascending for each cell."""
    state, source = held.state.copy(), held.source.copy()
    past = marks.at < until
    cells = marks.cell[past]
    state[cells], source[cells] = marks.state[past], marks.source[past]  # of several the last one stays
    return Held(state, source)


def unsaid(cells: int) -> Held:
    return Held(np.full(cells, UNSAID.state, np.uint8), np.full(cells, UNSAID.source, np.uint8))


def by_cell(marks: Marks) -> Marks:
    """In the order of cells, then of time. marks: ascending for each cell."""
    return marks.only(np.argsort(marks.cell.astype(np.uint16), kind="stable"))


def joined(parts: Sequence[Marks]) -> Marks:
    """One after the other."""
    if not parts:
        return Marks(np.zeros(0, np.intp), np.zeros(0, np.int64), *(np.zeros(0, np.uint8) for _ in range(3)))
    return Marks(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def placed(ids: Ids, among: Ids) -> NDArray[np.intp]:
    """Where each of ids is in among, which ascends and has them all."""
    return np.searchsorted(among, ids)


def those_of(values: NDArray[Any], ids: Ids, among: Ids) -> NDArray[Any]:
    """As `spread`, where ids may hold others too: theirs are left out."""
    known = np.isin(ids, among)
    return spread(values[..., known], ids[known], among)


def spread(values: NDArray[Any], ids: Ids, among: Ids) -> NDArray[Any]:
    """values, whose last axis goes with ids, with a place for each of among; zero where there is none."""
    if len(ids) == len(among):  # all of them are among those
        return values
    found = np.zeros((*values.shape[:-1], len(among)), values.dtype)
    found[..., placed(ids, among)] = values
    return found
