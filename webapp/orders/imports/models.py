"""Imports of orders as rows: what was asked and how far it is; and what files said of each order and operation."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Enum, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.extensions import Base
from webapp.orders.imports.rules import Rules, rules_from

#: offered: uploaded, not begun; refused: the file, or too many of its rows: nothing of it was written.
STATUSES = ("offered", "waiting", "reading", "writing", "done", "refused", "cancelled")
UNDER_WAY = ("waiting", "reading", "writing")


class OrderImport(Base):
    """A file of orders. The row is the job: whoever finds it under way and with nobody at work goes on with it."""

    __tablename__ = "order_imports"
    __table_args__ = (Index("ix_order_imports_status", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))  # of the file, as it was called where it came from
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    status: Mapped[str] = mapped_column(
        Enum(*STATUSES, name="status", native_enum=False, create_constraint=True, length=10), default="offered"
    )
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)  # Rules, as plain values
    by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]  # what ends before it is history, what comes after it is a plan
    ended_at: Mapped[datetime | None]
    turn: Mapped[int] = mapped_column(default=0)  # grows each time somebody goes to work on it
    lost_turns: Mapped[int] = mapped_column(default=0, server_default="0")  # begun and never ended, one after the other
    turn_until: Mapped[datetime | None]  # up to when nobody else does
    lines: Mapped[int] = mapped_column(default=0)  # rows that were read
    good: Mapped[int] = mapped_column(default=0)
    spare: Mapped[int] = mapped_column(default=0)  # the same row once more
    refused: Mapped[int] = mapped_column(default=0)
    orders: Mapped[int] = mapped_column(default=0)  # it speaks of so many
    orders_done: Mapped[int] = mapped_column(default=0)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # what came of them: a Tally, as plain numbers
    remarks: Mapped[list[list[str]]] = mapped_column(JSON, default=list)  # [order, what was left as it is, and why]
    problem: Mapped[str] = mapped_column(String(400), default="")  # why it was refused as a whole

    @property
    def settled(self) -> Rules:
        return rules_from(self.rules)

    @property
    def under_way(self) -> bool:
        return self.status in UNDER_WAY

    @property
    def read_at(self) -> datetime:
        """The moment that tells what is over from what is to come."""
        return self.begun_at or self.created_at

    @property
    def source(self) -> str:
        """import:3, as the orders that it makes name it."""
        return f"import:{self.id}"


class ImportedOrder(Base):
    """What a file last said of an order, and the order's version then: one that was changed since is a person's."""

    __tablename__ = "imported_orders"

    order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    import_id: Mapped[int] = mapped_column(ForeignKey("order_imports.id"), index=True)  # the last one that told it


class ImportedOperation(Base):
    """The same of an operation, by the words that tell it from the others of its order. None: it was taken out here."""

    __tablename__ = "imported_operations"

    order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(70), primary_key=True)
    operation_id: Mapped[int | None] = mapped_column(ForeignKey("operations.id", ondelete="SET NULL"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
