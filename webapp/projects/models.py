"""An engineer's job on a cell, and each attempt to place it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import Base
from webapp.people import User

STATUSES = ("created", "running", "finished", "failure")
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
    status: Mapped[str] = mapped_column(Enum(*STATUSES, name="status", native_enum=False, create_constraint=True, length=10))
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
    cell_id: Mapped[int | None] = mapped_column(ForeignKey("cells.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    fence: Mapped[int | None]
    waiting_code: Mapped[str | None] = mapped_column(String(30))
    waiting_message: Mapped[str | None] = mapped_column(String(300))
    waiting_needs_person: Mapped[bool] = mapped_column(default=False)
    # Being handed to its cell: asked again, with back-off, until the cell says what it has
    hand_tries: Mapped[int] = mapped_column(default=0)
    hand_after: Mapped[datetime | None]
    # Changed x-values of a running project: owed (to be offered), taken, refused
    offer: Mapped[str | None] = mapped_column(String(8))
    offer_after: Mapped[datetime | None]
    progress: Mapped[float | None]  # 0..1, as the cell last said
    # How it ended; release_at: the claim is let go then (a page's finish can be undone until that moment)
    ended_by: Mapped[str | None] = mapped_column(String(80))
    end_reason: Mapped[str | None] = mapped_column(String(300))
    release_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)  # grows with every change a reader could see: the ETag
    created_by: Mapped[User] = relationship(lazy="joined")

    @property
    def live_topics(self) -> tuple[str, ...]:
        return ("board", "queue", "floor", f"project:{self.id}")

    @property
    def label(self) -> str:
        """P-1047, as people call it."""
        return f"P-{self.id}"

    @property
    def parameters(self) -> dict[str, str | None]:
        return {name: getattr(self, name) for name in PARAMETERS}


class Decision(Base):
    """One attempt to place a project; a repeat with the same outcome only moves `last_at` and counts."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_project", "project_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[str] = mapped_column(String(10))  # placed, waiting
    cell_id: Mapped[int | None] = mapped_column(ForeignKey("cells.id"))
    code: Mapped[str] = mapped_column(String(30))
    message: Mapped[str] = mapped_column(String(300))
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # {cell_id, name, accepted, rule, message, values}


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
