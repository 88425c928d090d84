"""Ordered work: what a customer wants, and the steps on machines that make it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.extensions import Base

ORDER_STATUSES = ("planned", "running", "held", "done", "cancelled")
OPERATION_STATUSES = ("planned", "waiting", "running", "done", "failed", "cancelled")
#: An operation that will not be worked on again.
ENDED = ("done", "failed", "cancelled")


class WorkOrder(Base):
    """Runs from the first operation that starts; held: an operation failed or a person stopped it, and it says why."""

    __tablename__ = "work_orders"
    __table_args__ = (
        CheckConstraint("status <> 'held' OR hold_reason <> ''", name="held_says_why"),
        CheckConstraint("qty > 0", name="some_are_wanted"),
        Index("ix_work_orders_status_due", "status", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(60), unique=True)  # as given: WO-1001
    product: Mapped[str] = mapped_column(String(200))
    qty: Mapped[int]
    status: Mapped[str] = mapped_column(
        Enum(*ORDER_STATUSES, name="status", native_enum=False, create_constraint=True, length=10), default="planned"
    )
    hold_reason: Mapped[str] = mapped_column(String(300), default="")
    priority: Mapped[int] = mapped_column(default=5)  # 0 last … 9 first
    due_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(1000), default="")
    source: Mapped[str] = mapped_column(String(40), default="")  # "import:3": came with that file
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)  # the ETag: grows with each change a person makes
    operations: Mapped[list["Operation"]] = relationship(
        order_by="Operation.idx", lazy="selectin", back_populates="order", cascade="all, delete-orphan"
    )

    @property
    def live_topics(self) -> tuple[str, ...]:
        return ("orders", "schedule", f"order:{self.id}")

    @property
    def what(self) -> str:
        """order:7, as the journal names it."""
        return f"order:{self.id}"


class Operation(Base):
    """One step of an order. Planned: a machine and a slot; not placed yet: neither, only how long it takes."""

    __tablename__ = "operations"
    __table_args__ = (
        UniqueConstraint("order_id", "idx"),
        CheckConstraint("starts < ends", name="starts_before_it_ends"),
        CheckConstraint("(starts IS NULL) = (ends IS NULL)", name="a_slot_has_both_ends"),
        CheckConstraint("starts IS NULL OR cell_id IS NOT NULL", name="a_slot_lies_on_a_machine"),
        CheckConstraint("status <> 'waiting' OR waiting_code IS NOT NULL", name="reason_while_waiting"),
        CheckConstraint("seconds > 0", name="takes_time"),
        Index("ix_operations_cell_starts", "cell_id", "starts"),
        Index("ix_operations_status", "status"),
        Index("ix_operations_cell_started", "cell_id", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(60), unique=True)  # as given: OP-1
    order_id: Mapped[int] = mapped_column(ForeignKey("work_orders.id"), index=True)
    idx: Mapped[int]  # place in the sequence, from 1
    name: Mapped[str] = mapped_column(String(120))
    required_kind: Mapped[str | None] = mapped_column(String(60))  # of machine; None: any that takes operations
    seconds: Mapped[int]  # of work it is planned to take
    cell_id: Mapped[int | None] = mapped_column(ForeignKey("cells.id"))  # planned on, or (once running) run on
    starts: Mapped[datetime | None]  # planned
    ends: Mapped[datetime | None]
    pinned: Mapped[bool] = mapped_column(default=False)  # a proposed plan leaves it where it is
    status: Mapped[str] = mapped_column(
        Enum(*OPERATION_STATUSES, name="status", native_enum=False, create_constraint=True, length=10),
        default="planned",
    )
    waiting_code: Mapped[str | None] = mapped_column(String(30))  # asked to start, and no machine can take it
    waiting_message: Mapped[str | None] = mapped_column(String(300))
    started_at: Mapped[datetime | None]  # actual times, from the acts
    ended_at: Mapped[datetime | None]
    started_by: Mapped[str] = mapped_column(String(80), default="")
    ended_by: Mapped[str] = mapped_column(String(80), default="")
    end_reason: Mapped[str] = mapped_column(String(300), default="")
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claims.id"))
    fence: Mapped[int | None]
    qty_done: Mapped[int | None]
    qty_rejected: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)  # the ETag: grows with each change of its plan or its status
    order: Mapped[WorkOrder] = relationship(back_populates="operations", lazy="joined", innerjoin=True)

    @property
    def live_topics(self) -> tuple[str, ...]:
        return ("orders", "schedule", "board", f"order:{self.order_id}")

    @property
    def what(self) -> str:
        """operation:7, as its claim, its booking and the journal name it."""
        return f"operation:{self.id}"

    @property
    def label(self) -> str:
        """ "WO-1006 step 3, bend", as people call it."""
        return f"{self.order.ref} step {self.idx}, {self.name}"

    @property
    def placed(self) -> bool:
        return self.starts is not None
