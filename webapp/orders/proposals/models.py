"""A proposed plan as a row: what was asked, how far the search is, and what it would change."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Enum, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base

#: discarded: nobody wants it any more; failed: it could not be made, and `problem` says why.
PROPOSAL_STATUSES = ("waiting", "planning", "ready", "discarded", "failed")
UNDER_WAY = ("waiting", "planning")
_UNDER_WAY = text("status IN ('waiting', 'planning')")


class Proposal(Base):
    """The row is the job: whoever finds it under way and with nobody at work goes on with it."""

    __tablename__ = "proposals"
    __table_args__ = (
        Index("ix_proposals_status", "status"),
        # Over a constant: of all that are under way there is one, whichever of the two it is.
        Index("one_plan_at_a_time", text("(1)"), unique=True, sqlite_where=_UNDER_WAY, postgresql_where=_UNDER_WAY),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(
        Enum(*PROPOSAL_STATUSES, name="status", native_enum=False, create_constraint=True, length=10), default="waiting"
    )
    by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    orders: Mapped[list[str]] = mapped_column(JSON)  # refs of those to plan; empty: all that are open
    days: Mapped[int]  # orders that begin or are due within them
    seconds: Mapped[int]  # of search, at most
    begins: Mapped[datetime]  # it places nothing before: there is time to read it, and to accept it
    stop_asked: Mapped[bool] = mapped_column(default=False)
    turn: Mapped[int] = mapped_column(default=0)  # grows each time somebody goes to work on it
    lost_turns: Mapped[int] = mapped_column(default=0, server_default="0")  # begun and never ended, one after the other
    turn_until: Mapped[datetime | None]  # up to when nobody else does
    spent: Mapped[int] = mapped_column(default=0)  # seconds of search so far
    aim: Mapped[str] = mapped_column(String(10), default="")  # what is being made less: lateness | end
    bound: Mapped[int | None] = mapped_column(BigInteger)  # no plan has less of it
    proven: Mapped[bool] = mapped_column(default=False)  # no plan is better
    plans: Mapped[int] = mapped_column(default=0)  # better ones found, one after the other
    # [{ref, order, label, version, was: {cell, start, end} or null, becomes: the same}], cell ids and ISO times
    moves: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # [{ref, product, priority, due, was, becomes}]: when each order is done, ISO times or null
    ends: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    left_out: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)  # [{ref, why}]
    accepted: Mapped[list[str]] = mapped_column(JSON, default=list)  # refs of operations
    problem: Mapped[str] = mapped_column(String(300), default="")

    @property
    def live_topics(self) -> tuple[str, ...]:
        return (f"proposal:{self.id}",)

    @property
    def under_way(self) -> bool:
        return self.status in UNDER_WAY

    @property
    def what(self) -> str:
        """proposal:3, as the journal names it."""
        return f"proposal:{self.id}"

    def end(self, status: str, now: datetime, problem: str = "") -> None:
        self.status, self.ended_at, self.turn_until, self.problem = status, now, None, problem[:300]
