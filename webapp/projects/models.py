"""An engineer's job on a cell, and each attempt to place it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.cells import Claim
from webapp.extensions import Base
from webapp.lib.clock import iso, whole
from webapp.lib.refusal import WrongState
from webapp.people import User
from webapp.projects.reasons import Reason
from webapp.projects.rules import Ask

STATUSES = ("created", "running", "finished", "failure")
ENDED = ("finished", "failure")
PARAMETERS = tuple(f"x{n}" for n in range(1, 11))
# A project that waits always says why: the database refuses the row otherwise.
REASON_WHILE_WAITING = "status <> 'created' OR cell_id IS NOT NULL OR waiting_code IS NOT NULL"


class Project(Base):
    """`created` covers waiting (no cell yet) and being handed to its cell (cell_id set, the claim open)."""

    __tablename__ = "projects"
    __table_args__ = (
        CheckConstraint(REASON_WHILE_WAITING, name="reason_while_waiting"),
        Index("ix_projects_status_id", "status", "id"),
        Index("ix_projects_ended", "ended_at"),
        Index("ix_projects_cell_ended", "cell_id", "ended_at"),
        Index("ix_projects_created_by", "created_by_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), default="project")
    name: Mapped[str] = mapped_column(String(120), default="")
    cad_model: Mapped[str] = mapped_column(String(1000))
    config: Mapped[str] = mapped_column(String(1000))
    x1: Mapped[str | None] = mapped_column(String(200))
    x2: Mapped[str | None] = mapped_column(String(200))
    x3: Mapped[str | None] = mapped_column(String(200))
    x4: Mapped[str | None] = mapped_column(String(200))
    x5: Mapped[str | None] = mapped_column(String(200))
    x6: Mapped[str | None] = mapped_column(String(200))
    x7: Mapped[str | None] = mapped_column(String(200))
    x8: Mapped[str | None] = mapped_column(String(200))
    x9: Mapped[str | None] = mapped_column(String(200))
    x10: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(
        Enum(*STATUSES, name="status", native_enum=False, create_constraint=True, length=10)
    )
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # What it asks of a cell
    cell_kind: Mapped[str | None] = mapped_column(String(60))
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    requested_cell_id: Mapped[int | None] = mapped_column(ForeignKey("cells.id"))
    priority: Mapped[int] = mapped_column(default=5)  # 0 last … 9 first
    expected_minutes: Mapped[int | None]
    # Where it is
    cell_id: Mapped[int | None] = mapped_column(ForeignKey("cells.id"))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    fence: Mapped[int | None]
    waiting_code: Mapped[str | None] = mapped_column(String(30))
    waiting_message: Mapped[str | None] = mapped_column(String(300))
    waiting_needs_person: Mapped[bool] = mapped_column(default=False)
    waiting_cell_id: Mapped[int | None]  # where one act would help
    # Being handed to its cell: asked again, with back-off, until the cell says what it has. Waiting: no cell is looked
    # for before hand_after.
    hand_tries: Mapped[int] = mapped_column(default=0)
    hand_after: Mapped[datetime | None]
    refusals: Mapped[int] = mapped_column(default=0)  # in a row, by whichever cells
    # Changed x-values of a running project: owed (to be offered), taken, refused
    offer: Mapped[str | None] = mapped_column(String(8))
    offer_after: Mapped[datetime | None]
    progress: Mapped[float | None]  # 0..1, as the cell last said
    progress_at: Mapped[datetime | None]  # when it said so
    # How it ended; release_at: the claim is let go then (a page's finish can be undone until that moment)
    ended_by: Mapped[str | None] = mapped_column(String(80))
    end_reason: Mapped[str | None] = mapped_column(String(300))
    release_at: Mapped[datetime | None]
    # The ETag: grows with each change of what somebody wrote or decided. Finding a cell, starting and progress are not
    # among them: nobody's edit is stale because a cell was found meanwhile.
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[User] = relationship(lazy="joined", innerjoin=True)

    @property
    def live_topics(self) -> tuple[str, ...]:
        return ("board", "queue", "floor", f"project:{self.id}")

    @property
    def label(self) -> str:
        """P-1047, as people call it."""
        return f"P-{self.id}"

    @property
    def title(self) -> str:
        """Its name, or the last part of where its model lies."""
        return self.name or self.cad_model.replace("\\", "/").rstrip("/").rpartition("/")[2] or self.cad_model

    @property
    def parameters(self) -> dict[str, str | None]:
        return {name: getattr(self, name) for name in PARAMETERS}

    @property
    def given(self) -> dict[str, str]:
        """The parameters that have a value, as a cell is told them."""
        return {name: value for name, value in self.parameters.items() if value is not None}

    @property
    def what(self) -> str:
        """project:7, as its claims name it."""
        return f"project:{self.id}"

    @property
    def ask(self) -> Ask:
        return Ask(self.cell_kind, frozenset(self.tags), self.requested_cell_id, self.expected_minutes or 0)

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def waiting(self) -> Reason | None:
        """Why it waits; None where it does not."""
        if self.waiting_code is None:
            return None
        return Reason(self.waiting_code, self.waiting_message or "", self.waiting_cell_id)

    def wait(self, reason: Reason | None) -> None:
        """None: it does not wait, or not any more."""
        self.waiting_code = reason.code if reason else None
        self.waiting_message = reason.message if reason else None
        self.waiting_needs_person = reason is not None and reason.needs_person
        self.waiting_cell_id = reason.cell_id if reason else None

    def hand_to(self, claim: Claim) -> None:
        """It has a cell, which is to be told."""
        self.cell_id, self.claim_id, self.fence = claim.cell_id, claim.id, claim.fence
        self.hand_tries, self.hand_after = 0, None
        self.wait(None)

    def give_back(self, reason: Reason, again: datetime | None) -> None:
        """It has no cell any more and waits. again: no cell is looked for before that."""
        self.wait(reason)
        self.cell_id = self.claim_id = self.fence = None
        self.hand_tries, self.hand_after = 0, again

    def start(self, now: datetime) -> None:
        self.status, self.started_at, self.updated_at = "running", whole(now), whole(now)
        self.hand_tries, self.hand_after, self.refusals = 0, None, 0
        self.wait(None)

    def end(self, status: str, by: str, reason: str, now: datetime, release_at: datetime | None) -> None:
        """finished or failure; raises WrongState where that cannot follow what it is now."""
        if self.ended:
            raise self.already_ended()
        if status == "finished" and self.status == "created":
            raise WrongState(f"{self.label} does not run yet: it can only fail", status=self.status)
        self.status, self.ended_by, self.end_reason = status, by, reason or None
        self.ended_at, self.release_at = whole(now), release_at
        self.wait(None)
        self.changed(now)

    def already_ended(self) -> WrongState:
        """What the second one is told who wants to end it."""
        word = "finished" if self.status == "finished" else "failed"
        return WrongState(
            f"{self.label} was already marked {word} by {self.ended_by}",
            status=self.status,
            ended_by=self.ended_by,
            ended_at=iso(self.ended_at),
        )

    def resume(self, now: datetime) -> None:
        """As if it had not been ended."""
        self.status = "running" if self.started_at else "created"
        self.ended_by = self.end_reason = self.ended_at = self.release_at = None
        self.hand_after = None
        self.changed(now)

    def changed(self, now: datetime) -> None:
        """Somebody wrote or decided something."""
        self.version += 1
        self.updated_at = whole(now)


class Decision(Base):
    """One attempt to place a project; a repeat with the same outcome only moves `last_at` and counts."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_project", "project_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[str] = mapped_column(String(10))  # placed, waiting, refused
    cell_id: Mapped[int | None] = mapped_column(ForeignKey("cells.id"))
    code: Mapped[str] = mapped_column(String(30))
    message: Mapped[str] = mapped_column(String(300))
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # {cell_id, name, accepted, rule, message, values}
    digest: Mapped[str] = mapped_column(String(16))  # of outcome, code and each cell's rule: equal ones are one row


class Parameter(Base):
    """What x1…x10 mean here: set by an administrator; unused ones are hidden from forms."""

    __tablename__ = "parameters"

    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(String(60), default="")
    unit: Mapped[str] = mapped_column(String(20), default="")
    help: Mapped[str] = mapped_column(String(200), default="")
    allowed: Mapped[list[str]] = mapped_column(JSON, default=list)  # empty: any text
    low: Mapped[float | None]  # a range, where the value is a number
    high: Mapped[float | None]
    in_use: Mapped[bool] = mapped_column(default=True)


class Pace(Base):
    """How long projects take on a cell: of its newest finished ones; derived, rewritten at each finish."""

    __tablename__ = "paces"

    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"), primary_key=True)
    runs: Mapped[int]
    median: Mapped[int]  # seconds
    low: Mapped[int]  # seconds, tenth percentile
    high: Mapped[int]  # seconds, ninetieth percentile
