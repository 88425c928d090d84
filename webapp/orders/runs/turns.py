"""Whose turn it is among operations that wait. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.orders.runs.machines import Need, Shop

#: What a step of priority is worth: an order goes before those due up to so much earlier.
STEP = timedelta(days=1)
#: An order without a due date is taken for one that is due so long after it was written down.
NO_HURRY = timedelta(days=14)


@dataclass(frozen=True)
class Turn:
    """A waiting operation, as far as its place goes. label: as people call it; says: why it waits, as is known."""

    operation_id: int
    order_id: int
    label: str
    priority: int
    due_at: datetime | None
    created_at: datetime
    need: Need
    says: str = ""

    @property
    def order(self) -> tuple[datetime, datetime, int]:
        """Sort by this: when it is due, a day earlier for each step of priority; of equals the older order.

        None of it moves with time, so two never swap unless somebody changes a date or a priority; and none starves: of
        what is due nine days later, nothing goes before it.
        """
        due = self.due_at or self.created_at + NO_HURRY
        return due - self.priority * STEP, self.created_at, self.operation_id


def in_order(turns: Iterable[Turn]) -> list[Turn]:
    return sorted(turns, key=lambda turn: turn.order)


def leave_to(turns: Iterable[Turn], shop: Shop) -> None:
    """Give each of them, in their order, the machine it would get now, so that nobody further back takes it."""
    for turn in in_order(turns):
        fit = shop.fit(turn.need)
        if fit:
            shop.take(fit[0].cell_id, f"{turn.label} is ahead and gets it")
