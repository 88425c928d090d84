"""Whether an order is late, will be, or was: its planned end against its due date. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Lateness:
    """kind: late (due, and not done), will be (planned beyond its due date), was (done after it), in time, open
    (nobody can say: a step has no slot yet), or "" (it has no due date, or is cancelled). seconds: by how much."""

    kind: str
    seconds: int = 0

    @property
    def is_trouble(self) -> bool:
        """Somebody can still do something about it."""
        return self.kind in ("late", "will be")


class Step(Protocol):
    """As much of an operation as counts here."""

    @property
    def status(self) -> str: ...
    @property
    def ends(self) -> datetime | None: ...


def planned_end(steps: Iterable[Step], ended: Iterable[str]) -> datetime | None:
    """When the last step that is still to come or runs should end; None where none has a slot."""
    over = set(ended)
    return max((step.ends for step in steps if step.status not in over and step.ends), default=None)


def lateness(
    status: str, due: datetime | None, ended: datetime | None, planned: datetime | None, unplaced: int, now: datetime
) -> Lateness:
    """planned: when its last placed step should end; unplaced: how many steps have no slot yet."""
    if due is None or status == "cancelled":
        return Lateness("")
    if status == "done":
        return _at_least("was", ended, due) or Lateness("in time")
    return (
        _at_least("late", now, due)
        or _at_least("will be", planned, due)
        or Lateness("open" if unplaced or planned is None else "in time")
    )


def _at_least(kind: str, at: datetime | None, due: datetime) -> Lateness | None:
    """Due at twelve and done at twelve is in time."""
    return Lateness(kind, int((at - due).total_seconds())) if at is not None and at > due else None
