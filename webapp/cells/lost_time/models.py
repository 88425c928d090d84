"""What people say of a cell's history: why time was lost, and which figures read differently since."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import Base

#: Time in these states is lost and wants a reason.
LOSING = ("idle", "down", "setup")
KINDS = ("correction", "calendar", "import", "late")
UNCOUNTED = text("counted = false")
GOING_ON = text("going_on")


class Reason(Base):
    """Why time is lost, in the factory's own words. Retired, never deleted: notes refer to it."""

    __tablename__ = "reasons"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    states: Mapped[list[str]] = mapped_column(JSON)  # which of LOSING it may explain
    position: Mapped[int]  # people see them in this order
    in_use: Mapped[bool] = mapped_column(default=True)


class IntervalNote(Base):
    """Why a cell lost time from start up to end. Notes of a cell never overlap; they outlive the rows they speak of.

    idle, setup, down: its seconds inside working time, so that adding up a year does not read the year; while it is
    not counted they are worked out by whoever asks.
    """

    __tablename__ = "interval_notes"
    __table_args__ = (
        UniqueConstraint("cell_id", "start"),
        Index("ix_interval_notes_uncounted", "cell_id", sqlite_where=UNCOUNTED, postgresql_where=UNCOUNTED),
        Index("ix_interval_notes_going_on", "cell_id", sqlite_where=GOING_ON, postgresql_where=GOING_ON),
        # An undo pressed twice must not take back another note that came to have the same number.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"))
    start: Mapped[datetime]
    end: Mapped[datetime]
    reason_id: Mapped[int] = mapped_column(ForeignKey("reasons.id"))
    comment: Mapped[str] = mapped_column(String(200), default="")
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(12), default="person")
    going_on: Mapped[bool] = mapped_column(default=False)  # said while the stop lasted: it grows to the stop's end
    counted: Mapped[bool] = mapped_column(default=False)
    stale: Mapped[int] = mapped_column(default=0)  # grows when its time changes: a count that began before is too late
    idle: Mapped[int] = mapped_column(default=0)
    setup: Mapped[int] = mapped_column(default=0)
    down: Mapped[int] = mapped_column(default=0)
    # [[start, end, reason_id, comment, by, at], …] in epoch seconds: what it covered, for whoever takes it back
    replaced: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    reason: Mapped[Reason] = relationship(lazy="joined")

    @property
    def words(self) -> str:
        """Tool broke: the spare is on its way"""
        return f"{self.reason.name}: {self.comment}" if self.comment else self.reason.name

    @property
    def live_topics(self) -> tuple[str, ...]:
        return (f"cell:{self.cell_id}",)


class Restatement(Base):
    """Figures for this time read differently since `at`: a person, a calendar, an import or a late batch changed it."""

    __tablename__ = "restatements"
    __table_args__ = (Index("ix_restatements_end", "end"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=12))
    cell_id: Mapped[int | None] = mapped_column(ForeignKey("cells.id"), index=True)
    calendar_id: Mapped[int | None]  # every cell that keeps this calendar
    start: Mapped[datetime]
    end: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
    why: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
