"""Issues, every step they took, what they are about, and their photos."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.cells import Cell
from webapp.extensions import Base

#: The worst first: what stopped a cell, what will, and what one ought to know.
SEVERITIES = ("stopped", "care", "info")
STEPS = ("reported", "taken", "handed over", "let go", "updated", "closed", "reopened")
OPEN = text("closed_at IS NULL")


class Issue(Base):
    """Something wrong, seen by somebody. Its number is its id: people say it aloud, so none is given twice."""

    __tablename__ = "issues"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (closed_by = '')", name="closed_by_somebody"),
        CheckConstraint("owner = '' OR taken_at IS NOT NULL", name="owned_since"),
        Index("ix_issues_open", "cell_id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_issues_cell_reported", "cell_id", "reported_at"),
        Index("ix_issues_reported", "reported_at"),
        Index("ix_issues_closed", "closed_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int | None] = mapped_column(ForeignKey("cells.id"))  # None: of no cell, such as a door
    severity: Mapped[str] = mapped_column(
        Enum(*SEVERITIES, name="severity", native_enum=False, create_constraint=True, length=8)
    )
    words: Mapped[str] = mapped_column(String(1000), default="")
    reported_by: Mapped[str] = mapped_column(String(80))
    reported_at: Mapped[datetime]
    owner: Mapped[str] = mapped_column(String(80), default="")  # a username; "": nobody has it
    taken_at: Mapped[datetime | None]  # when somebody first had it, whoever has it now
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(80), default="")
    done: Mapped[str] = mapped_column(String(1000), default="")  # what was done, once it is closed
    changed_at: Mapped[datetime]
    cell: Mapped[Cell | None] = relationship(lazy="joined")
    steps: Mapped[list["Step"]] = relationship(order_by="Step.id", cascade="all, delete-orphan")
    links: Mapped[list["Link"]] = relationship(order_by="Link.id", lazy="selectin", cascade="all, delete-orphan")

    @property
    def live_topics(self) -> tuple[str, ...]:
        return ("issues", *([f"cell:{self.cell_id}"] if self.cell_id else []))

    @property
    def what(self) -> str:
        """issue:7, as the journal names it."""
        return f"issue:{self.id}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def stops_unowned(self) -> bool:
        """What nobody may overlook: it stops a cell, and nobody has it."""
        return self.is_open and self.severity == "stopped" and not self.owner

    @property
    def until_taken(self) -> timedelta | None:
        return self.taken_at - self.reported_at if self.taken_at else None

    @property
    def until_closed(self) -> timedelta | None:
        return self.closed_at - self.reported_at if self.closed_at else None

    def time_open(self, now: datetime) -> timedelta:
        """Up to now, or to when it was closed."""
        return max((self.closed_at or now) - self.reported_at, timedelta(0))


class Step(Base):
    """What somebody did about an issue, in order."""

    __tablename__ = "issue_steps"
    __table_args__ = (Index("ix_issue_steps_issue", "issue_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(Enum(*STEPS, name="kind", native_enum=False, create_constraint=True, length=12))
    words: Mapped[str] = mapped_column(String(1000), default="")
    owner: Mapped[str] = mapped_column(String(80), default="")  # who has it from then on, where that changed
    severity: Mapped[str] = mapped_column(String(8), default="")  # from then on, where that changed
    photos: Mapped[list["Photo"]] = relationship(order_by="Photo.id", lazy="selectin")


class Photo(Base):
    """A photo as it may be shown, in the database, so that one backup holds it (docs/adr/0018)."""

    __tablename__ = "issue_photos"
    __table_args__ = (UniqueConstraint("issue_id", "digest"), Index("ix_issue_photos_step", "step_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"))
    step_id: Mapped[int] = mapped_column(ForeignKey("issue_steps.id"))
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of data: the same photo sent twice is one
    kind: Mapped[str] = mapped_column(String(20))  # image/jpeg, image/png, image/webp
    width: Mapped[int]
    height: Mapped[int]
    # Read only by who sends it to a browser: lists of issues stay small.
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Link(Base):
    """What an issue is about besides its cell: "project:7", "operation:3", "order:2", by the names claims use."""

    __tablename__ = "issue_links"
    __table_args__ = (UniqueConstraint("issue_id", "what"), Index("ix_issue_links_what", "what"))

    id: Mapped[int] = mapped_column(primary_key=True)
    issue_id: Mapped[int] = mapped_column(ForeignKey("issues.id"))
    what: Mapped[str] = mapped_column(String(60))
