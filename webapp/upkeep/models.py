"""What keeps a cell fit: duties that come again, windows in which they are done, and what people at it ask for."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.cells import Cell
from webapp.extensions import Base
from webapp.lib.refusal import WrongState

HOUR = 3600
URGENCIES = ("stands", "soon", "sometime")
ANSWERS = ("planned", "done", "declined")
UNDER_WAY = text("began_at IS NOT NULL AND done_at IS NULL AND cancelled_at IS NULL")


class Duty(Base):
    """Something to be done to a cell again and again: every so many days, or every so many hours that it ran.

    run_seconds, unseen_seconds and, of a duty by hours, due_at are derived from the ledger by the slow worker and may
    be a few minutes old (counted_at); a duty by days falls due at last_done_at + every_days to the second.
    """

    __tablename__ = "duties"
    __table_args__ = (
        CheckConstraint("(every_hours IS NULL) <> (every_days IS NULL)", name="by_hours_or_by_days"),
        CheckConstraint("every_hours > 0", name="hours_pass"),
        CheckConstraint("every_days > 0", name="days_pass"),
        CheckConstraint("minutes > 0", name="takes_time"),
        Index("ix_duties_cell", "cell_id"),
        Index("ix_duties_counted", "counted_at"),
    )
    live_topics = ("maintenance",)

    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"))
    name: Mapped[str] = mapped_column(String(120))
    every_hours: Mapped[int | None]
    every_days: Mapped[int | None]
    minutes: Mapped[int]  # it takes
    stops_work: Mapped[bool] = mapped_column(default=True)  # overdue: nothing starts; else it is only said
    note: Mapped[str] = mapped_column(String(500), default="")  # how it is done, with what
    last_done_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    counted_at: Mapped[datetime | None]  # up to when the ledger was read; None: it is to be read first
    run_seconds: Mapped[int] = mapped_column(default=0)  # since it was last done
    unseen_seconds: Mapped[int] = mapped_column(default=0)  # of that time nobody knows what the cell did
    due_at: Mapped[datetime | None]  # by hours: as foreseen; None: at this use nobody can say
    cell: Mapped[Cell] = relationship(lazy="joined")

    @property
    def what(self) -> str:
        """duty:7, as the journal names it."""
        return f"duty:{self.id}"

    @property
    def by_hours(self) -> bool:
        return self.every_hours is not None

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def left_seconds(self) -> int | None:
        """Running time until it is due, below zero once it is; None: it goes by days."""
        return None if self.every_hours is None else self.every_hours * HOUR - self.run_seconds

    def left(self, now: datetime) -> timedelta:
        """Of running, or of days; below zero once it is overdue."""
        if self.left_seconds is not None:
            return timedelta(seconds=self.left_seconds)
        return self.last_done_at + timedelta(days=self.every_days or 0) - now

    def is_overdue(self, now: datetime) -> bool:
        return self.left(now) <= timedelta(0)

    def used(self, now: datetime) -> float:
        """How much of the interval is used up: 1 when it falls due, more than that once it is overdue."""
        whole = timedelta(hours=self.every_hours) if self.every_hours else timedelta(days=self.every_days or 1)
        return max(0.0, 1 - self.left(now) / whole)


class Window(Base):
    """Time in which a cell is maintained: planned, begun, done; or cancelled, and by whom."""

    __tablename__ = "upkeep_windows"
    __table_args__ = (
        CheckConstraint("starts < ends", name="starts_before_it_ends"),
        CheckConstraint("done_at IS NULL OR began_at IS NOT NULL", name="done_once_begun"),
        CheckConstraint("done_at IS NULL OR cancelled_at IS NULL", name="done_or_cancelled"),
        Index(
            "one_upkeep_under_way_per_cell", "cell_id", unique=True, sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY
        ),
        Index("ix_upkeep_windows_cell_starts", "cell_id", "starts"),
        Index("ix_upkeep_windows_done", "done_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"))
    duty_id: Mapped[int | None] = mapped_column(ForeignKey("duties.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))  # what for
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    planned_by: Mapped[str] = mapped_column(String(80))
    planned_at: Mapped[datetime]
    began_at: Mapped[datetime | None]
    began_by: Mapped[str] = mapped_column(String(80), default="")
    done_at: Mapped[datetime | None]
    done_by: Mapped[str] = mapped_column(String(80), default="")
    done_note: Mapped[str] = mapped_column(String(500), default="")  # what was found, what was changed
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str] = mapped_column(String(80), default="")
    cancel_why: Mapped[str] = mapped_column(String(200), default="")
    cell: Mapped[Cell] = relationship(lazy="joined")
    duty: Mapped[Duty | None] = relationship(lazy="joined")

    @property
    def live_topics(self) -> tuple[str, ...]:
        return ("maintenance", "schedule", "floor", "board", f"cell:{self.cell_id}")

    @property
    def what(self) -> str:
        """window:7, as its booking and the journal name it."""
        return f"window:{self.id}"

    @property
    def status(self) -> str:
        if self.cancelled_at:
            return "cancelled"
        if self.done_at:
            return "done"
        return "under way" if self.began_at else "planned"


class Request(Base):
    """What somebody at a cell wants seen to, until whoever does maintenance has answered."""

    __tablename__ = "upkeep_requests"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="an_answer_says_something"),
        Index("ix_upkeep_requests_open", "answered_at", "at"),
        Index("ix_upkeep_requests_cell", "cell_id"),
    )
    live_topics = ("maintenance",)

    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"))
    what: Mapped[str] = mapped_column(String(200))
    urgency: Mapped[str] = mapped_column(
        Enum(*URGENCIES, name="urgency", native_enum=False, create_constraint=True, length=10)
    )
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(
        Enum(*ANSWERS, name="answer", native_enum=False, create_constraint=True, length=10)
    )
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str] = mapped_column(String(80), default="")
    answer_note: Mapped[str] = mapped_column(String(200), default="")
    window_id: Mapped[int | None] = mapped_column(ForeignKey("upkeep_windows.id"))
    cell: Mapped[Cell] = relationship(lazy="joined")

    @property
    def subject(self) -> str:
        """request:7, as the journal names it."""
        return f"request:{self.id}"

    def settle(self, answer: str, note: str, by: str, now: datetime) -> None:
        """Raises WrongState where somebody else answered it; what is planned may still be done."""
        if self.answer is not None and (self.answer, answer) != ("planned", "done"):
            raise WrongState(f"{self.answered_by} answered this request already: {self.answer}")
        self.answer, self.answer_note, self.answered_by, self.answered_at = answer, note, by, now

    def open_again(self) -> None:
        """What was planned for it does not take place."""
        self.answer, self.answer_note, self.answered_by, self.answered_at = None, "", "", None
        self.window_id = None
