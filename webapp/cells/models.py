"""Where work runs, what it says of itself, and who holds it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import Base

OPEN = text("closed IS NULL")
STOP_OWED = text("stop_owed")
OWED = text("owed")
MODES = ("open", "draining", "closed")
DRIVERS = ("http", "push")
WORK = ("project", "operation", "simulation")


class Site(Base):
    """A place with a clock on its wall. People's times, days and shifts are read in its zone."""

    __tablename__ = "sites"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    zone: Mapped[str] = mapped_column(String(60))
    target: Mapped[int] = mapped_column(default=80)  # utilization aimed at, per cent


class Cell(Base):
    """A place where work runs. Retired, never deleted: history refers to it. Its book is chosen once, for life."""

    __tablename__ = "cells"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)  # short: C01
    kind: Mapped[str] = mapped_column(String(60))  # "5-axis mill", "robot cell", "compute"
    location: Mapped[str] = mapped_column(String(120), default="")  # the bay, as people call it
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    book_id: Mapped[int]  # the ledger's book that keeps its history
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    specs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    takes: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["project"])  # which WORK may be placed here
    mode: Mapped[str] = mapped_column(
        Enum(*MODES, name="mode", native_enum=False, create_constraint=True, length=10), default="open"
    )
    mode_why: Mapped[str] = mapped_column(String(200), default="")
    in_service_from: Mapped[datetime]
    in_service_to: Mapped[datetime | None]  # retired at this moment
    created_at: Mapped[datetime]
    refused_until: Mapped[datetime | None]  # it refused work: not asked again before this moment
    refused_why: Mapped[str] = mapped_column(String(200), default="")
    tended_since: Mapped[datetime | None]  # a person is at work on it: it is in maintenance, whatever its feed says
    site: Mapped[Site] = relationship(lazy="joined")
    feeds: Mapped[list["Feed"]] = relationship(order_by="Feed.rank", lazy="selectin", back_populates="cell")

    @property
    def live_topics(self) -> tuple[str, ...]:
        return ("floor", "board", "queue", f"cell:{self.id}")


class Feed(Base):
    """One source of a cell's state. The first by rank that answers is believed; jobs are handed through it."""

    __tablename__ = "feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"), index=True)
    kind: Mapped[str] = mapped_column(Enum(*DRIVERS, name="kind", native_enum=False, create_constraint=True, length=10))
    address: Mapped[str] = mapped_column(String(500), default="")  # http: the cell's base address
    heartbeat: Mapped[int] = mapped_column(default=60)  # push: seconds within which the next reading is due
    rank: Mapped[int] = mapped_column(default=1)
    cell: Mapped[Cell] = relationship(back_populates="feeds")


class Sighting(Base):
    """What a cell last said of itself. Made with the cell: silent until it first answers.

    Rewritten only when that changes; while it answers, the ledger's tail is its age.
    """

    __tablename__ = "sightings"

    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(12))  # a ledger state name: the last one it gave
    since: Mapped[datetime]  # from when it has been giving this state
    detail: Mapped[str] = mapped_column(String(200), default="")  # its own words: "Spindle overload E-417"
    # {project_id, fence, progress?, outcome?, reason?}
    job: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    silent_since: Mapped[datetime | None]  # from when it gave no answer that could be used; None while it answers
    fault: Mapped[str] = mapped_column(String(200), default="")  # why the last answer could not be used
    flapping_since: Mapped[datetime | None]  # it changes its state so often that its feed wants looking at
    flaps: Mapped[int | None]  # changes a minute, as counted last

    @property
    def live_topics(self) -> tuple[str, ...]:
        return ("floor", "board", f"cell:{self.cell_id}")

    @property
    def never(self) -> bool:
        """It has not answered since it was added."""
        return self.state == "unknown" and self.silent_since is not None and self.silent_since <= self.since

    def hear(self, state: str, detail: str, job: dict[str, Any] | None, at: datetime, gone: timedelta) -> None:
        """It answered. After a silence longer than `gone` nobody knows since when, so the state counts from now."""
        lost = self.silent_since is not None and at - self.silent_since > gone
        since = at if state != self.state or lost else self.since
        self._settle(state=state, since=since, detail=detail, job=job, silent_since=None, fault="")

    def name_job(self, job: dict[str, Any] | None) -> None:
        self._settle(job=job)

    def miss(self, fault: str, at: datetime) -> None:
        """It gave no answer that could be used: what it said last stays, with its age."""
        self._settle(silent_since=self.silent_since or at, fault=fault)

    def _settle(self, **said: Any) -> None:
        """Only what differs: an attribute set to what it was would still count as news."""
        for name, value in said.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


class Remark(Base):
    """What a pulled cell said with a state, at the slot in which it began to say so: the reasons of its history.

    An empty one says that the words before it are over.
    """

    __tablename__ = "remarks"

    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    detail: Mapped[str] = mapped_column(String(200))


class Reading(Base):
    """A state a cell pushed, as it came: late and repeated ones are welcome, the key tells them apart."""

    __tablename__ = "readings"
    __table_args__ = (Index("ix_readings_owed", "cell_id", sqlite_where=OWED, postgresql_where=OWED),)

    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    detail: Mapped[str] = mapped_column(String(200), default="")
    received_at: Mapped[datetime]
    owed: Mapped[bool] = mapped_column(default=False)  # it reaches past the sampled time: the next tick asserts it


class Claim(Base):
    """Who holds a cell, from opened up to closed. The indexes decide, however many ask."""

    __tablename__ = "claims"
    __table_args__ = (
        Index("one_open_claim_per_cell", "cell_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("one_open_claim_per_what", "what", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_claims_cell_opened", "cell_id", "opened"),
        Index("ix_claims_opened", "opened"),
        Index("ix_claims_stop_owed", "cell_id", sqlite_where=STOP_OWED, postgresql_where=STOP_OWED),
        UniqueConstraint("cell_id", "fence"),
    )
    live_topics = ("floor", "board", "queue")

    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"))
    what: Mapped[str] = mapped_column(String(40))  # "project:5": cells know no holder
    opened: Mapped[datetime]
    closed: Mapped[datetime | None]
    fence: Mapped[int]  # grows with each claim of a cell: an older holder is refused
    stop_owed: Mapped[bool] = mapped_column(default=False)  # the cell has yet to be told that this job is over
    stop_after: Mapped[datetime | None]  # not told before this moment (back-off)
    stop_tries: Mapped[int] = mapped_column(default=0)
    why: Mapped[str] = mapped_column(Text, default="")  # why it was closed: finished, failed, refused, released


class Correction(Base):
    """What a person changed in a cell's history, and why."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"), index=True)
    start: Mapped[datetime]
    end: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12))
    by: Mapped[str] = mapped_column(String(80))
    why: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    # [[state, start, end, source], …] in epoch seconds, so that it can be taken back; None: too much to keep
    was: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[str] = mapped_column(String(80), default="", server_default="")
