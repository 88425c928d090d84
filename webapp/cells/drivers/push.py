"""Cells that report by themselves: nothing is sent to them, and what they said holds for a while. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from webapp.cells.drivers.base import Job, Seen, Silent, Told

HEARTBEATS = 3


def held(
    readings: Sequence[tuple[int, str | None]], heartbeat: int, start: int, end: int
) -> list[tuple[str, int, int]]:
    """(state, from, to) within start <= t < end, in order, without overlap; what none covers is unknown.

    readings: (second, state), oldest first; None as state: only the end of the one before. Each holds until the next,
    at most three heartbeats (seconds); of several in one second the last prevails.
    """
    pieces: list[tuple[str, int, int]] = []
    for (at, state), (following, _) in pairwise([*readings, (end, None)]):
        low, high = max(at, start), min(following, at + HEARTBEATS * heartbeat, end)
        if state is None or low >= high:
            continue
        if pieces and pieces[-1][0] == state and pieces[-1][2] == low:
            low = pieces.pop()[1]
        pieces.append((state, low, high))
    return pieces


@dataclass(frozen=True)
class PushDriver:
    """A cell that can be watched but not told: people start its work, at the machine."""

    async def read(self) -> Seen | Silent:
        return Silent("it reports by itself")

    async def start(self, job: Job) -> Told:
        return Told("taken", "This cell only reports: its work is started at the machine")

    async def change(self, job: Job) -> Told:
        return Told("refused", "This cell only reports: change the values at the machine")

    async def ask(self) -> Told:
        return Told("silent", "This cell only reports: look at the machine")

    async def stop(self, project_id: int, fence: int) -> Told:
        return Told("taken")
