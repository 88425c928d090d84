"""One reading as a machine sends it, and the rules it must keep. Pure: what a rule may see comes with it."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from webapp.cells.drivers.answers import LARGEST_ID, plain
from webapp.cells.drivers.base import STATE_WORDS
from webapp.cells.models import Cell, Claim
from webapp.lib.refusal import Invalid, Refusal, WrongState

AHEAD = timedelta(seconds=60)
OUTCOMES = ("finished", "failure")
NOT_TEXT = "must be text"


@dataclass(frozen=True)
class ReadingItem:
    """A state and from when it held. project_id and fence: the job it is about; outcome: how that ended."""

    state: str
    at: datetime | None = None  # None: when it arrives
    detail: str = ""
    project_id: int | None = None
    fence: int | None = None
    outcome: str | None = None
    progress: float | None = None
    reason: str = ""

    @property
    def job(self) -> dict[str, Any] | None:
        """As Sighting.job keeps it."""
        if self.project_id is None:
            return None
        progress = None if self.progress is None else round(self.progress, 2)
        said = {"project_id": self.project_id, "fence": self.fence, "progress": progress}
        return {**said, "outcome": self.outcome, "reason": plain(self.reason)}


@dataclass(frozen=True)
class Around:
    """What a rule may see beside the reading."""

    cell: Cell
    claim: Claim | None  # the open one
    now: datetime
    keep: timedelta
    exact: datetime  # before it only whole days are known


def read_item(raw: object) -> ReadingItem:
    """A reading from JSON; raises Invalid naming each field that cannot be accepted, and what would be."""
    if isinstance(raw, ReadingItem):
        return raw
    if not isinstance(raw, dict):
        raise Invalid(state='must be given: a reading is an object such as {"state": "running"}')
    known = [field.name for field in fields(ReadingItem)]
    wrong = {plain(name, 40): "is not a field of a reading: " + ", ".join(known) for name in raw if name not in known}
    given = {name: value for name, value in raw.items() if value is not None}
    wrong |= {name: says for name, (right, says) in SHAPES.items() if name in given and not right(given[name])}
    if "state" not in given:
        wrong["state"] = "must be one of " + ", ".join(STATE_WORDS)
    if wrong:
        raise Invalid(**wrong)
    if "at" in given:
        given["at"] = _time(given["at"])
    return ReadingItem(**given)


def _time(text: object) -> datetime | None:
    """A time with its zone, in UTC; None where it is none."""
    try:
        at = datetime.fromisoformat(str(text))
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LARGEST_ID


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _is_text(value: object) -> bool:
    return isinstance(value, str)


SHAPES: dict[str, tuple[Callable[[object], bool], str]] = {
    "state": (_is_text, "must be one of " + ", ".join(STATE_WORDS)),
    "at": (lambda v: isinstance(v, str) and _time(v) is not None, "must be a time with a zone: 2025-09-16T14:32:05Z"),
    "detail": (_is_text, NOT_TEXT),
    "project_id": (_is_id, "must be a project's number"),
    "fence": (_is_id, "must be the number that came with the job"),
    "outcome": (lambda value: value in OUTCOMES, "must be finished or failure"),
    "progress": (_is_share, "must be a number from 0 to 1"),
    "reason": (_is_text, NOT_TEXT),
}


def known_state(item: ReadingItem, at: datetime, around: Around) -> Refusal | None:
    if item.state in STATE_WORDS:
        return None
    return Invalid(state="must be one of " + ", ".join(STATE_WORDS))


def not_ahead(item: ReadingItem, at: datetime, around: Around) -> Refusal | None:
    if at <= around.now + AHEAD:
        return None
    return Invalid(at="must not be later than now; set the machine's clock")


def not_too_old(item: ReadingItem, at: datetime, around: Around) -> Refusal | None:
    if at >= around.now - around.keep:
        return None
    return Invalid(at=f"must not be older than {around.keep.days} days")


def of_known_seconds(item: ReadingItem, at: datetime, around: Around) -> Refusal | None:
    if at >= around.exact:
        return None
    first = f"{around.exact:%Y-%m-%dT%H:%M:%SZ}"
    return Invalid(at=f"must be {first} or later: of the time before only whole days are known")


def in_service(item: ReadingItem, at: datetime, around: Around) -> Refusal | None:
    if at >= around.cell.in_service_from:
        return None
    return Invalid(
        at=f"must not be before the cell went into service, {around.cell.in_service_from:%Y-%m-%dT%H:%M:%SZ}"
    )


def job_with_its_fence(item: ReadingItem, at: datetime, around: Around) -> Refusal | None:
    if item.project_id is None:
        return Invalid(project_id="must be given with an outcome") if item.outcome else None
    return None if item.fence is not None else Invalid(fence="must be given with project_id")


def fence_still_open(item: ReadingItem, at: datetime, around: Around) -> Refusal | None:
    if item.project_id is None:
        return None
    claim = around.claim
    if claim and claim.fence == item.fence and claim.what == f"project:{item.project_id}":
        return None
    return WrongState(
        f"{around.cell.name} does not hold project {item.project_id} with the fence {item.fence} any more"
    )


RULES = [known_state, not_ahead, not_too_old, of_known_seconds, in_service, job_with_its_fence, fence_still_open]


def refusal_of(item: ReadingItem, at: datetime, around: Around) -> Refusal | None:
    """The first rule it breaks, in the order of RULES."""
    return next((no for rule in RULES if (no := rule(item, at, around))), None)
