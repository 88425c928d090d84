"""A proposed plan beside the plan as it was: what moves, what that does to orders, and what changed since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.cells import Cell
from webapp.orders.models import Operation
from webapp.orders.proposals.accepting import changed_since, differing, every_machine, lies_there, operations_of
from webapp.orders.proposals.models import Proposal


@dataclass(frozen=True)
class At:
    """On which cell, from when to when."""

    cell_id: int
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Difference:
    """One operation. state: there (it lies where the plan has it), changed (why: what somebody did since), or "" where
    it can be chosen."""

    ref: str
    order: str
    label: str
    was: At | None
    becomes: At
    state: str = ""
    why: str = ""


@dataclass(frozen=True)
class OrderEnd:
    """When an order is done: by the plan as it was (None: not all of it has a place), and by this one. broken, closed:
    how many of its operations broke a rule in the plan as it was, or worked when their machine does not."""

    ref: str
    product: str
    priority: int
    due: datetime | None
    was: datetime | None
    becomes: datetime | None
    broken: int = 0
    closed: int = 0

    @property
    def late_before(self) -> int:
        return _late(self.was, self.due)

    @property
    def late_after(self) -> int:
        """Seconds."""
        return _late(self.becomes, self.due)


@dataclass(frozen=True)
class Totals:
    """Of a plan: orders that are late and by how many seconds together, the end of all, operations without a place."""

    late: int
    late_seconds: int
    ends: datetime | None
    unplaced: int


@dataclass(frozen=True)
class Comparison:
    """stays: operations that lie as they lay."""

    differences: list[Difference]
    stays: int
    orders: list[OrderEnd]
    before: Totals
    after: Totals

    @property
    def changed(self) -> list[Difference]:
        """Somebody did something to them since."""
        return [one for one in self.differences if one.state == "changed"]

    @property
    def broken(self) -> int:
        """Operations that break a rule in the plan as it was."""
        return sum(order.broken for order in self.orders)

    @property
    def closed(self) -> int:
        """Operations that the plan as it was has when their machine does not work."""
        return sum(order.closed for order in self.orders)

    @property
    def open(self) -> list[Difference]:
        """Those that can still be chosen."""
        return [one for one in self.differences if not one.state]


def compared(proposal: Proposal) -> Comparison:
    """As things stand now."""
    moves = differing(proposal)
    now, machines = operations_of(moves), every_machine()
    orders = [_order(end) for end in proposal.ends]
    unplaced = sum(move["was"] is None for move in proposal.moves)
    return Comparison(
        differences=[_difference(move, now.get(move["ref"]), machines) for move in moves],
        stays=len(proposal.moves) - len(moves),
        orders=sorted(orders, key=lambda order: (-order.late_after, -order.late_before, order.ref)),
        before=totals([(order.was, order.due) for order in orders], _ends(proposal.moves, "was"), unplaced),
        after=totals([(order.becomes, order.due) for order in orders], _ends(proposal.moves, "becomes"), 0),
    )


def totals(
    orders: Iterable[tuple[datetime | None, datetime | None]], ends: Sequence[datetime], unplaced: int
) -> Totals:
    """orders: (end, due) of each. Pure."""
    late = [seconds for end, due in orders if (seconds := _late(end, due))]
    return Totals(len(late), sum(late), max(ends, default=None), unplaced)


def _late(end: datetime | None, due: datetime | None) -> int:
    return 0 if end is None or due is None else max(0, int((end - due).total_seconds()))


def _difference(move: Mapping[str, Any], operation: Operation | None, machines: Mapping[int, Cell]) -> Difference:
    there = lies_there(operation, move)
    why = "" if there else changed_since(operation, move, machines)
    state = "there" if there else "changed" if why else ""
    becomes = _at(move["becomes"])
    assert becomes
    return Difference(move["ref"], move["order"], move["label"], _at(move["was"]), becomes, state, why)


def _at(kept: Mapping[str, Any] | None) -> At | None:
    if kept is None:
        return None
    return At(kept["cell"], datetime.fromisoformat(kept["start"]), datetime.fromisoformat(kept["end"]))


def _order(end: Mapping[str, Any]) -> OrderEnd:
    due, was, becomes = (end[name] and datetime.fromisoformat(end[name]) for name in ("due", "was", "becomes"))
    faults = end.get("broken", 0), end.get("closed", 0)
    return OrderEnd(end["ref"], end["product"], end["priority"], due, was, becomes, *faults)


def _ends(moves: Iterable[Mapping[str, Any]], which: str) -> list[datetime]:
    return [datetime.fromisoformat(move[which]["end"]) for move in moves if move[which]]
