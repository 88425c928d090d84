"""Planned time on a cell, and the row by which two planners take turns at it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base

KINDS = ("operation", "maintenance")


class Booking(Base):
    """A cell is taken for start <= t < end. Imported history may overlap; what is planned here never begins to."""

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint("starts < ends", name="starts_before_it_ends"),
        Index("ix_bookings_cell_starts", "cell_id", "starts"),
        Index("ix_bookings_ends", "ends"),
    )
    live_topics = ("schedule",)

    id: Mapped[int] = mapped_column(primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"))
    what: Mapped[str] = mapped_column(String(40), unique=True)  # "operation:5", "window:3": cells know no holder
    kind: Mapped[str] = mapped_column(Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=12))
    label: Mapped[str] = mapped_column(String(160), default="")  # as people call it: "WO-1006 step 3, bend"
    starts: Mapped[datetime]
    ends: Mapped[datetime]


class Lane(Base):
    """One row per cell whose plan was ever changed. Holding it is the turn to change that plan."""

    __tablename__ = "lanes"

    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"), primary_key=True)
    turns: Mapped[int] = mapped_column(default=0)  # how often its plan was changed
