"""Calendars as they are kept: what is scheduled, and which cell follows which."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import Base


class Calendar(Base):
    """Shifts in a local zone. Retired, never deleted: history refers to it."""

    __tablename__ = "calendars"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    zone: Mapped[str] = mapped_column(String(60))
    # Names this content and no other, also in another database: whoever edits says which one was seen, and what is
    # derived of it is kept by it.
    version: Mapped[str] = mapped_column(String(16))
    changed_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    weeks: Mapped[list["CalendarWeek"]] = relationship(order_by="CalendarWeek.since", lazy="selectin")
    days: Mapped[list["CalendarDay"]] = relationship(order_by="CalendarDay.day", lazy="selectin")


class CalendarWeek(Base):
    """The week's pattern from a local date on, so that a change from next Monday leaves the past alone."""

    __tablename__ = "calendar_weeks"
    __table_args__ = (UniqueConstraint("calendar_id", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    since: Mapped[date]
    shifts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class CalendarDay(Base):
    """One local date that differs. shifts: null where nobody works; extra: they come beside the week's own."""

    __tablename__ = "calendar_days"
    __table_args__ = (UniqueConstraint("calendar_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(60))
    shifts: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    extra: Mapped[bool] = mapped_column(default=False)


class CalendarUse(Base):
    """Which calendar a cell follows from a moment on; null: none, all its hours count."""

    __tablename__ = "calendar_uses"
    __table_args__ = (UniqueConstraint("cell_id", "since"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"))
    since: Mapped[datetime]
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendars.id"))


class CalendarEdition(Base):
    """One row, whose token is another one after each change of any calendar or of who follows it.

    Changing it first also makes those who change calendars wait for each other.
    """

    __tablename__ = "calendar_edition"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(String(16))
