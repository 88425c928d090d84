"""Ordered work: what a customer wants, and the steps on machines that make it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Enum, ForeignKey, Index, Select, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.cells import Claim
from webapp.extensions import Base
from webapp.lib.clock import whole
from webapp.orders.rules import Span
from webapp.orders.runs.reasons import Reason

ORDER_STATUSES = ("planned", "running", "held", "done", "cancelled")
OPERATION_STATUSES = ("planned", "waiting", "running", "done", "failed", "cancelled")
#: An operation that will not be worked on again.
ENDED = ("done", "failed", "cancelled")
#: What comes after an operation may start only once that is one of these.
OVER = ("done", "cancelled")
#: One whose plan still matters: it neither runs nor is over.
MOVABLE = ("planned", "waiting")


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

    def begin(self, now: datetime) -> None:
        """An operation of it runs, the first one or another: by the version a file of orders sees that it is begun."""
        self.started_at = self.started_at or whole(now)
        self.turn("running", now)

    def turn(self, status: str, now: datetime, hold_reason: str = "") -> None:
        """Into another status; hold_reason: why, where that is held."""
        self.status, self.hold_reason = status, hold_reason
        self.ended_at = whole(now) if status in ("done", "cancelled") else None
        self.updated_at = whole(now)
        self.version += 1


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

    @property
    def movable(self) -> bool:
        return self.status in MOVABLE

    def reach(self, now: datetime) -> Span | None:
        return reach(self, now)

    @property
    def still_before(self) -> list["Operation"]:
        """What has to be over before it may start; none: it has its turn."""
        return [step for step in self.order.operations if step.idx < self.idx and step.status not in OVER]

    @property
    def waiting(self) -> Reason | None:
        """Why it waits; None where it does not."""
        return Reason(self.waiting_code, self.waiting_message or "") if self.waiting_code else None

    def wait(self, reason: Reason) -> None:
        """It was asked to start and cannot yet. Another reason is no other version: nobody decided anything."""
        if self.status != "waiting":
            self.status = "waiting"
            self.version += 1
        self.waiting_code, self.waiting_message = reason.code, reason.message

    def stop_waiting(self) -> None:
        """It starts once somebody says so again."""
        self.status = "planned"
        self._look_forward()

    def run(self, claim: Claim, by: str, now: datetime) -> None:
        self.status, self.started_at, self.started_by = "running", whole(now), by
        self.cell_id, self.claim_id, self.fence = claim.cell_id, claim.id, claim.fence
        self._look_forward()

    def end(self, status: str, by: str, now: datetime, reason: str = "") -> None:
        """done, failed or cancelled."""
        self.status, self.ended_at, self.ended_by, self.end_reason = status, whole(now), by, reason
        self._look_forward()

    def plan_again(self) -> None:
        """As if it had never run: it keeps its machine, and its time is used up."""
        self.status, self.started_by, self.ended_by, self.end_reason = "planned", "", "", ""
        self.started_at = self.ended_at = self.starts = self.ends = None
        self.claim_id = self.fence = self.qty_done = self.qty_rejected = None
        self._look_forward()

    def _look_forward(self) -> None:
        self.waiting_code = self.waiting_message = None
        self.version += 1


def reach(step: Any, now: datetime) -> Span | None:
    """The time an operation takes of its order and its machine: as it was worked, or else as it is planned; what runs
    takes all its seconds, and at least up to now. step: an operation, or a row with its columns."""
    if step.status == "cancelled":
        return None
    if step.started_at and step.ended_at:
        return Span(step.started_at, step.ended_at)
    if step.started_at:
        return Span(step.started_at, max(step.started_at + timedelta(seconds=step.seconds), whole(now)))
    return Span(step.starts, step.ends) if step.starts and step.ends else None


def step_rows() -> Select[Any]:
    """Steps as rows, thousands at once: all that `reach` reads, and what they are called."""
    step = Operation
    columns = (
        *(step.id, step.ref, step.idx, step.name, step.order_id, step.cell_id, step.status, step.pinned, step.seconds),
        *(step.starts, step.ends, step.started_at, step.ended_at, WorkOrder.ref.label("order_ref")),
    )
    asked: Any = select(*columns).join(WorkOrder, WorkOrder.id == step.order_id)
    return asked  # type: ignore[no-any-return]


class PlanChange(Base):
    """What one press moved, together, so that it can be taken back."""

    __tablename__ = "plan_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(String(80))
    why: Mapped[str] = mapped_column(String(300), default="")
    # [{ref, was: {cell, start, end} or null, becomes: the same}]: cell ids, ISO times; null: not placed
    moves: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[str] = mapped_column(String(80), default="")
