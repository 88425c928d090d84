"""The six states, who may say them, and how their seconds are told. Times are whole seconds since 1970, UTC."""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

HOUR, DAY = 3600, 86_400


class State(IntEnum):
    """What a cell was doing. The numbers are stored; `str()` is the word."""

    UNKNOWN = 0
    RUNNING = 1
    IDLE = 2
    SETUP = 3
    MAINTENANCE = 4
    DOWN = 5

    def __str__(self) -> str:
        return self.name.lower()


class Source(IntEnum):
    """Who said so, by rank: a lower one never overwrites a higher one. NONE: nobody, the second is unknown."""

    NONE = 0
    INFERRED = 1
    FEED = 2
    PERSON = 3

    def __str__(self) -> str:
        return self.name.lower()


KNOWN = tuple(State)[1:]
#: In the order in which they are shown.
STATES = ("running", "setup", "idle", "maintenance", "down", "unknown")

Sums = tuple[int, ...]  # seconds of each of KNOWN, in its order
NOTHING: Sums = (0,) * len(KNOWN)


class Said(NamedTuple):
    """What is held of one second: the state, and who said it."""

    state: int
    source: int


UNSAID = Said(State.UNKNOWN, Source.NONE)


class Piece(NamedTuple):
    """start <= t < end, in which all seconds hold the same."""

    start: int
    end: int
    said: Said


class Span(NamedTuple):
    """A stretch of a cell's history, start <= t < end; neighbours differ in state or source."""

    state: State
    start: int
    end: int
    source: Source


class Seconds(NamedTuple):
    """How long a cell was in each state; together the whole window."""

    running: int
    setup: int
    idle: int
    maintenance: int
    down: int
    unknown: int


def seconds_between(before: Sequence[int], after: Sequence[int], length: int) -> Seconds:
    """From the sums up to a window's two ends; what is not known of its length is unknown."""
    running, idle, setup, maintenance, down = (late - early for early, late in zip(before, after, strict=True))
    return Seconds(running, setup, idle, maintenance, down, length - running - idle - setup - maintenance - down)
