"""Whose turn it is: the order of the queue, and what is left for somebody further back. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.projects.rules import Ask, Scene

#: What a step of priority is worth: a project goes before all that were created up to this much earlier.
STEP = timedelta(minutes=30)


@dataclass(frozen=True)
class Turn:
    """A waiting project, as far as its place in the queue goes."""

    project_id: int
    priority: int
    created_at: datetime
    ask: Ask

    @property
    def label(self) -> str:
        return f"P-{self.project_id}"

    @property
    def order(self) -> tuple[datetime, int]:
        """Sort by this: the moment of creation, half an hour earlier for each step of priority; then the number.

        Half an hour of waiting is so worth a step of priority, without end. All wait at the same rate, hence two
        projects never swap unless somebody changes a priority; and nothing starves: of what is created more than
        4 h 30 later (nine steps), nothing goes before a project, whatever its priority.
        """
        return self.created_at - self.priority * STEP, self.project_id


def in_order(turns: Iterable[Turn]) -> list[Turn]:
    return sorted(turns, key=lambda turn: turn.order)


def ahead_of(mine: Turn, turns: Iterable[Turn]) -> list[Turn]:
    """Those whose turn comes before mine, first in the queue first."""
    return [turn for turn in in_order(turns) if turn.project_id != mine.project_id and turn.order < mine.order]


def leave_to(turns: Iterable[Turn], scene: Scene) -> None:
    """Give each of them the cell it would get now, so that nobody further back takes it."""
    for turn in turns:
        cell = scene.find(turn.ask).best
        if cell is not None:
            scene.take(cell.cell_id, f"{turn.label} is ahead in the queue and gets it")
