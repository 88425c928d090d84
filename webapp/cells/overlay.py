"""Seconds of each kind from three facts laid over each other: state, calendar class, and whether somebody holds the
cell. Pure: columns in, columns out, whole seconds.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from webapp.cells.calendars.shifts import OFF, PLANNED_STOP, WORKING
from webapp.ledger import Source, State

#: A fourth class beside those of the calendar: the cell is not in service, nothing of it counts.
ABSENT = 3
CLASSES, HELD, STATES, SOURCES = 4, 2, 6, 4

Ints = NDArray[np.int64]
Bytes = NDArray[np.uint8]


class Axis(NamedTuple):
    """One fact of every cell: what holds at first, and its changes within the time.

    cell: index of the cell. Of several changes of a cell at one moment the last one stands; else their order is free.
    """

    first: Bytes
    cell: NDArray[np.int32]
    at: Ints
    value: Bytes


class Second(NamedTuple):
    """A second as the four facts tell of it."""

    state: int
    source: int
    klass: int
    held: int

    @property
    def scheduled(self) -> bool:
        return self.klass in (WORKING, PLANNED_STOP)

    @property
    def claimed(self) -> bool:
        """Held in working time: only there do claims count."""
        return self.klass == WORKING and bool(self.held)


#: What is counted, and of which seconds: docs/utilization.md in code. Scheduled and none of the five is unknown.
RULES: dict[str, Callable[[Second], object]] = {
    "window": lambda s: s.klass != ABSENT,
    "scheduled": lambda s: s.scheduled,
    "running": lambda s: s.scheduled and s.state == State.RUNNING,
    "setup": lambda s: s.scheduled and s.state == State.SETUP,
    "idle": lambda s: s.scheduled and s.state == State.IDLE,
    "maintenance": lambda s: s.scheduled and s.state == State.MAINTENANCE,
    "down": lambda s: s.scheduled and s.state == State.DOWN,
    "running_off": lambda s: s.klass == OFF and s.state == State.RUNNING,
    "planned_stop": lambda s: s.klass == PLANNED_STOP,
    "running_claimed": lambda s: s.claimed and s.state == State.RUNNING,
    "running_in_stops": lambda s: s.klass == PLANNED_STOP and s.held and s.state == State.RUNNING,
    "idle_in_stops": lambda s: s.klass == PLANNED_STOP and s.state == State.IDLE,
    "setup_in_stops": lambda s: s.klass == PLANNED_STOP and s.state == State.SETUP,
    "down_in_stops": lambda s: s.klass == PLANNED_STOP and s.state == State.DOWN,
    "occupied": lambda s: s.claimed,
    "delayed": lambda s: s.claimed and s.state in (State.IDLE, State.DOWN),
    "entered": lambda s: s.scheduled and s.state != State.UNKNOWN and s.source == Source.PERSON,
    "inferred": lambda s: s.scheduled and s.state != State.UNKNOWN and s.source == Source.INFERRED,
}
COUNTED = tuple(RULES)
KINDS = [Second(*facts) for facts in product(range(STATES), range(SOURCES), range(CLASSES), range(HELD))]
#: Which kind of second counts for what.
MATRIX = np.array([[bool(rule(kind)) for kind in KINDS] for rule in RULES.values()])
#: Another word once anything is counted otherwise: what was added up by other rules is not read by these.
EDITION = sha256(repr(COUNTED).encode() + MATRIX.tobytes()).hexdigest()[:16]


def overlay(states: Axis, sources: Bytes, classes: Axis, holds: Axis, edges: Sequence[int]) -> Ints:
    """Seconds [what is COUNTED, stretch between neighbouring edges, cell]; changes lie between the first and last edge.

    sources: who said each change of `states`, the first ones in front.
    """
    cells, stretches = len(states.first), len(edges) - 1
    said = _with_sources(states, sources)
    axes = [said, classes, holds, _stretches(cells, edges)]
    cell, at, order = _in_order(axes, cells, edges)
    of_state, klass, held, stretch = (_filled(axis, n, axes, cell, order) for n, axis in enumerate(axes))
    seconds = _lengths(cell, at, edges[-1])
    kind = (of_state.astype(np.int32) * CLASSES + klass) * HELD + held
    place = stretch.astype(np.int64) * cells + cell
    return np.stack([_sum(counts[kind], place, seconds, stretches * cells) for counts in MATRIX]).reshape(
        len(COUNTED), stretches, cells
    )


def _with_sources(states: Axis, sources: Bytes) -> Axis:
    """State and source as one number."""
    cells = len(states.first)
    first = states.first * SOURCES + sources[:cells]
    return Axis(first, states.cell, states.at, states.value * SOURCES + sources[cells:])


def _stretches(cells: int, edges: Sequence[int]) -> Axis:
    """Each inner edge is a change of every cell: the next stretch begins."""
    inner = np.array(edges[1:-1], np.int64)
    numbers = np.arange(1, len(edges) - 1, dtype=np.int32)
    cell = np.repeat(np.arange(cells, dtype=np.int32), len(inner))
    return Axis(np.zeros(cells, np.int32), cell, np.tile(inner, cells), np.tile(numbers, cells))


def _in_order(axes: Iterable[Axis], cells: int, edges: Sequence[int]) -> tuple[NDArray[np.int32], Ints, Ints]:
    """(cell, at, where it came from) of every change of any fact, and of every cell's beginning, by cell and time."""
    begins = np.arange(cells, dtype=np.int32)
    cell = np.concatenate([begins, *(axis.cell for axis in axes)])
    at = np.concatenate([np.full(cells, edges[0], np.int64), *(axis.at for axis in axes)])
    # Facts mostly come in order, and then a stable sort only merges them.
    order = np.argsort(cell.astype(np.int64) * (edges[-1] - edges[0] + 1) + (at - edges[0]), kind="stable")
    return cell[order], at[order], order


def _filled(axis: Axis, number: int, axes: Sequence[Axis], cell: NDArray[np.int32], order: Ints) -> NDArray[np.integer]:
    """What the fact is from each moment on: its newest change of that cell, else what held at first."""
    held = axis.first[cell]
    if not len(axis.at):
        return held
    begin = len(axis.first) + sum(len(other.at) for other in axes[:number])
    mine = np.flatnonzero((order >= begin) & (order < begin + len(axis.at)))
    newest = np.zeros(len(order), np.int64)
    newest[mine] = mine
    np.maximum.accumulate(newest, out=newest)
    # The first of all is a beginning, so that 0 means: no change so far.
    told = (newest > 0) & (cell[newest] == cell)
    value = np.zeros(len(order), axis.value.dtype)
    value[mine] = axis.value[order[mine] - begin]
    return np.where(told, value[newest], held)


def _lengths(cell: NDArray[np.int32], at: Ints, end: int) -> NDArray[np.float64]:
    """Seconds up to the cell's next change; as floats, which hold whole numbers of this size exactly."""
    until = np.append(at[1:], end)
    until[:-1][cell[1:] != cell[:-1]] = end
    return (until - at).astype(np.float64)


def _sum(counts: NDArray[np.bool_], place: Ints, seconds: NDArray[np.float64], places: int) -> Ints:
    """Of the changes that count, the seconds by place."""
    if not counts.any():
        return np.zeros(places, np.int64)
    return np.bincount(place[counts], seconds[counts], places).astype(np.int64)
