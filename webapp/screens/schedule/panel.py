"""The panel of one operation: where it is, where somebody would have it, and what the rules say of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from webapp import cells, orders
from webapp.cells import Cell
from webapp.lib.clock import whole
from webapp.lib.refusal import Invalid
from webapp.orders import Operation, Planned, Span
from webapp.screens.forms import number_in
from webapp.screens.schedule.layout import short
from webapp.screens.schedule.verdicts import Verdict, Wish, verdict
from webapp.screens.times import A_TIME, shown_minute, site_zone, typed_time

#: Days ahead in which a first place is looked for.
AHEAD = 30
#: Machines on which it is looked for: of more, any will do.
MOST_TRIED = 12
#: Letters of a time.
LONGEST = 40


@dataclass(frozen=True)
class Asked:
    """What an address or a form says of a place, as text; "" where it says nothing. start_at, end_at: the very second
    that stands for the text of a field, as long as nobody changed that."""

    cell: str = ""
    start: str = ""
    end: str = ""
    start_at: str = ""
    end_at: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> "Asked":
        return cls(*(said.get(name, "").strip() for name in ("cell", "start", "end", "start_at", "end_at")))


class Panel:
    """Asked piece by piece by the page."""

    def __init__(self, operation: Operation, asked: Asked, now: datetime) -> None:
        self.op, self.asked, self.now = operation, asked, now

    @property
    def short(self) -> str:
        return short(self.op.order.ref, self.op.idx)

    @property
    def movable(self) -> bool:
        return self.op.movable

    @cached_property
    def lanes(self) -> list[Cell]:
        """Machines it may be put on: those of its kind, and where it is now."""
        kind = self.op.required_kind
        fit = [c for c in cells.all_cells() if "operation" in c.takes and (kind is None or c.kind == kind)]
        return fit if self.cell_now is None or self.cell_now in fit else [self.cell_now, *fit]

    @cached_property
    def cell_now(self) -> Cell | None:
        return cells.one(self.op.cell_id) if self.op.cell_id else None

    @cached_property
    def slot(self) -> Span | None:
        """Where it is planned."""
        return Span(self.op.starts, self.op.ends) if self.op.starts and self.op.ends else None

    @cached_property
    def wish(self) -> Wish | None:
        """Where somebody would have it, else where it is, else the first place there is for it. Raises Invalid."""
        if not (self.asked.start or self.asked.cell) and not (self.slot and self.cell_now):
            return first_place(self.op, self.lanes, self.now) if self.movable else None
        cell = self._asked_cell() or (self.lanes[0] if self.lanes else None)
        return Wish(cell, self._asked_span(cell)) if cell else None

    def _asked_cell(self) -> Cell | None:
        number = number_in(self.asked.cell)
        return cells.one(number) if number else self.cell_now

    def _asked_span(self, cell: Cell) -> Span:
        """A missing start is where it is, a missing end as much later as it takes."""
        start = read_at(self.asked.start, "start", self.asked.start_at, self.slot.start if self.slot else None)
        if start is None:
            legal = free_on(self.op, cell, self.now) if cell in self.lanes else None
            start = legal.start if legal else whole(self.now)
        kept = self.slot.end if self.slot and start == self.slot.start else None
        end = read_at(self.asked.end, "end", self.asked.end_at, kept)
        return Span(start, end or start + self._length)

    @property
    def _length(self) -> timedelta:
        return self.slot.length if self.slot else timedelta(seconds=self.op.seconds)

    @cached_property
    def verdict(self) -> Verdict | None:
        return verdict(self.op, self.wish, self.now) if self.wish and self.movable else None

    @property
    def moved(self) -> bool:
        """It is not where it was."""
        here = (self.op.cell_id, self.slot)
        return self.wish is not None and (self.wish.cell.id, self.wish.span) != here

    @cached_property
    def steps(self) -> Sequence[Planned]:
        return orders.steps(self.op.order_id)

    @cached_property
    def names(self) -> dict[int, str]:
        return {cell.id: cell.name for cell in cells.all_cells(retired=True)}

    @staticmethod
    def typed(at: datetime) -> str:
        """As a field shows it; the second stands in the one beside it."""
        return shown_minute(at, site_zone())


def read_at(text: str, field: str, exact: str, known: datetime | None) -> datetime | None:
    """What was typed, in site time; exact: the second that stood for it, which a field of minutes does not show.
    Nothing typed: what is known. Raises Invalid."""
    if not text:
        return known
    if max(len(text), len(exact)) > LONGEST:
        raise Invalid(**{field: A_TIME})
    stood = typed_time(exact, field, site_zone()) if exact else known
    return stood if stood and text == shown_minute(stood, site_zone()) else typed_time(text, field, site_zone())


def first_place(operation: Operation, lanes: Sequence[Cell], now: datetime) -> Wish | None:
    """The earliest legal one on any of these machines."""
    found = [Wish(cell, span) for cell in lanes[:MOST_TRIED] if (span := free_on(operation, cell, now))]
    return min(found, key=lambda wish: (wish.span.start, wish.cell.name), default=None)


def free_on(operation: Operation, cell: Cell, now: datetime) -> Span | None:
    """The first legal place on a machine."""
    until = now + timedelta(days=AHEAD)
    return next(iter(orders.valid_slots(operation, cell.id, now, operation.seconds, until, 1, now)), None)
