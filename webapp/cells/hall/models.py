"""The hall plan of a site: places of cells, aisles between them, names of bays."""

from sqlalchemy import Enum, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base

#: bay: a name over the places from its column on; across: an aisle above its row; along: one left of its column.
MARKS = ("bay", "across", "along")


class CellPlace(Base):
    """Where a cell stands, counted from the upper left corner. One cell in a place: the key decides.

    site_id: of the plan it was put on. A cell that has moved to another site since is on no plan until it is placed.
    """

    __tablename__ = "cell_places"
    __table_args__ = (UniqueConstraint("site_id", "row", "column"),)
    live_topics = ("floor", "floor-list")

    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    row: Mapped[int]
    column: Mapped[int]


class PlanMark(Base):
    """What is drawn between the cells. 0 stands where its kind has no row or no column."""

    __tablename__ = "plan_marks"
    __table_args__ = (UniqueConstraint("site_id", "kind", "row", "column"),)
    live_topics = ("floor",)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    kind: Mapped[str] = mapped_column(Enum(*MARKS, name="kind", native_enum=False, create_constraint=True, length=8))
    row: Mapped[int]
    column: Mapped[int]
    label: Mapped[str] = mapped_column(String(40), default="")
