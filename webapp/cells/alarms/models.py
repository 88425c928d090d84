"""A cell that wants somebody, and how long a site waits before it tells the next ones."""

from datetime import datetime, timedelta

from sqlalchemy import Enum, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base

OPEN = text("repaired_at IS NULL")
KINDS = ("stop", "call")
OUTCOMES = ("works", "closed", "ended")
#: The last step: whoever it reaches is told whatever the hour.
LAST_STEP = 3


class Alarm(Base):
    """A cell that stands (stop) or to which somebody called help (call), until it works or the call is ended.

    At most one of each kind is open on a cell: the index decides. Its four times are those a factory can work at:
    how long until somebody knew, until somebody came, until it was put right.
    """

    __tablename__ = "alarms"
    __table_args__ = (
        Index("one_open_alarm_per_cell", "cell_id", "kind", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_alarms_cell_detected", "cell_id", "detected_at"),
        Index("ix_alarms_detected", "detected_at"),
        # Notices name an alarm by its number: one that is gone must not come to mean another.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"))
    kind: Mapped[str] = mapped_column(Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=8))
    state: Mapped[str] = mapped_column(String(12), default="")  # down or unknown, as it began; a call has none
    words: Mapped[str] = mapped_column(String(200), default="")  # the cell's own, or those of who called
    called_by: Mapped[str] = mapped_column(String(80), default="")
    detected_at: Mapped[datetime]  # from when on it stood while somebody wanted it to work, or the call
    step: Mapped[int] = mapped_column(default=0)  # up to which step people were told
    told_at: Mapped[datetime | None]  # the first of them
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str] = mapped_column(String(80), default="")
    repaired_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(8), default="")  # one of OUTCOMES once it is over
    ended_by: Mapped[str] = mapped_column(String(80), default="")  # of a call

    @property
    def live_topics(self) -> tuple[str, ...]:
        return topics_of(self.cell_id)

    @property
    def name(self) -> str:
        """stop:3, as notices say what they are about."""
        return f"stop:{self.id}"

    @property
    def until_told(self) -> timedelta | None:
        return self.told_at - self.detected_at if self.told_at else None

    @property
    def until_acknowledged(self) -> timedelta | None:
        """From when somebody was told; who came unbidden is counted from the beginning."""
        if self.acknowledged_at is None:
            return None
        told = self.told_at is not None and self.told_at <= self.acknowledged_at
        return self.acknowledged_at - (self.told_at if told and self.told_at else self.detected_at)

    @property
    def until_repaired(self) -> timedelta | None:
        """From when somebody came. A cell that was closed was not repaired by then, whoever closed it."""
        if self.acknowledged_at is None or self.repaired_at is None or self.outcome == "closed":
            return None
        return max(self.repaired_at - self.acknowledged_at, timedelta(0))


class Escalation(Base):
    """Who is told when, at one site. No row: the values below."""

    __tablename__ = "escalations"

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    active: Mapped[bool] = mapped_column(default=True)  # False: stops are kept, and nobody is told
    grace: Mapped[int] = mapped_column(default=30)  # seconds: a shorter stop is nobody's errand
    second: Mapped[int] = mapped_column(default=5)  # minutes after the first were told
    third: Mapped[int] = mapped_column(default=15)  # minutes after the first were told


def usual(site_id: int) -> Escalation:
    """What holds where nobody said anything else."""
    return Escalation(site_id=site_id, active=True, grace=30, second=5, third=15)


def topics_of(cell_id: int) -> tuple[str, ...]:
    """The boards on which an alarm of this cell is seen."""
    return ("attention", "board", "floor", f"cell:{cell_id}")
