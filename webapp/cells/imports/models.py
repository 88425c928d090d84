"""Imports as rows: what was asked and how far it is; what each cell got; and every row that was ever brought in."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Enum, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from webapp.cells.imports.rules import SOURCES, Rules, rules_from
from webapp.extensions import Base

#: offered: uploaded, not begun; refused: the file, or too many of its rows: nothing of it was written.
STATUSES = ("offered", "waiting", "reading", "writing", "done", "refused", "cancelled")
UNDER_WAY = ("waiting", "reading", "writing")


class StateImport(Base):
    """A file of history. The row is the job: whoever finds it under way and with nobody at work goes on with it."""

    __tablename__ = "state_imports"
    __table_args__ = (Index("ix_state_imports_status", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))  # of the file, as it was called where it came from
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    status: Mapped[str] = mapped_column(
        Enum(*STATUSES, name="status", native_enum=False, create_constraint=True, length=10), default="offered"
    )
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)  # Rules, as plain values
    by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    turn: Mapped[int] = mapped_column(default=0)  # grows each time somebody goes to work on it
    lost_turns: Mapped[int] = mapped_column(default=0, server_default="0")  # begun and never ended, one after the other
    turn_until: Mapped[datetime | None]  # up to when nobody else does
    lines: Mapped[int] = mapped_column(BigInteger, default=0)  # read, without the header
    good: Mapped[int] = mapped_column(BigInteger, default=0)
    spare: Mapped[int] = mapped_column(BigInteger, default=0)  # of keys that say nothing of the state
    refused: Mapped[int] = mapped_column(BigInteger, default=0)
    cells: Mapped[int] = mapped_column(default=0)  # it speaks of so many
    cells_done: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(String(400), default="")  # why it was refused as a whole

    @property
    def live_topics(self) -> tuple[str, ...]:
        return (f"import:{self.id}",)

    @property
    def settled(self) -> Rules:
        return rules_from(self.rules)

    @property
    def why(self) -> str:
        return self.settled.why or f"import of {self.name}"

    @property
    def under_way(self) -> bool:
        return self.status in UNDER_WAY


class ImportResult(Base):
    """What an import told of one cell. seconds: by state, as the file says, whatever ranks higher."""

    __tablename__ = "import_results"

    import_id: Mapped[int] = mapped_column(ForeignKey("state_imports.id"), primary_key=True)
    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"), primary_key=True)
    rows: Mapped[int]
    start: Mapped[datetime | None]
    end: Mapped[datetime | None]
    seconds: Mapped[dict[str, int]] = mapped_column(JSON)


class ImportedRow(Base):
    """A row as it was understood. Kept, so that a file in two halves comes to the same as the whole.

    kind: states, or a vocabulary; at, until: microseconds since 1970; until 0: as long as nothing else is said.
    """

    __tablename__ = "imported_rows"
    __table_args__ = {"sqlite_with_rowid": False}

    cell_id: Mapped[int] = mapped_column(ForeignKey("cells.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    source: Mapped[str] = mapped_column(
        Enum(*SOURCES, name="source", native_enum=False, create_constraint=True, length=10), primary_key=True
    )
    at: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(10), primary_key=True)
    value: Mapped[str] = mapped_column(String(24), primary_key=True)
    until: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    import_id: Mapped[int] = mapped_column(ForeignKey("state_imports.id"), index=True)  # the last one that had it


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table


#: They come and go in sets: without an object for each.
imported_rows = _table(ImportedRow)
