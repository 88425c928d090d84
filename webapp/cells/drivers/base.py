"""The one small interface of all drivers, and the words in which a cell answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

#: What a cell may say of itself, and the state it is kept as: "held" is idle with work in the machine.
STATE_WORDS = {
    "running": "running",
    "setup": "setup",
    "idle": "idle",
    "held": "idle",
    "maintenance": "maintenance",
    "down": "down",
    "unknown": "unknown",
}
Outcome = Literal["taken", "refused", "silent"]


@dataclass(frozen=True)
class Job:
    """What a cell is asked to do. A newer fence replaces an older job; the same one again changes nothing."""

    project_id: int
    fence: int
    cad_model: str = ""
    config: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)  # {"x1": "0.2"}
    expected_minutes: int | None = None


@dataclass(frozen=True)
class Told:
    """How a cell took it. `silent` is any answer that cannot be relied on: it may have started.

    job: what the cell has, where it was asked (`ask`), as in Sighting.job; None: nothing.
    """

    outcome: Outcome
    why: str = ""
    job: dict[str, Any] | None = None


@dataclass(frozen=True)
class Seen:
    """A cell's answer: a ledger state's name, its own words, and the job it has."""

    state: str
    detail: str = ""
    job: dict[str, Any] | None = None


@dataclass(frozen=True)
class Silent:
    """No answer that could be used, and why, in a few words."""

    fault: str


class Driver(Protocol):
    """One way to reach one cell. What a cell does wrong is never raised: it is a Silent, or a Told that says so."""

    async def read(self) -> Seen | Silent: ...
    async def start(self, job: Job) -> Told: ...
    async def change(self, job: Job) -> Told: ...
    async def ask(self) -> Told: ...
    async def stop(self, project_id: int, fence: int) -> Told: ...
