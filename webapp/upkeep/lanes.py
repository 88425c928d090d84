"""What the next weeks hold for each cell: when people work there, and what is booked."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from webapp import cells
from webapp.cells import OFF, WORKING, Booking, Marks
from webapp.lib.clock import epoch, moment
from webapp.lib.stretches import Stretch, merged


@dataclass(frozen=True)
class Lane:
    """start <= t < end of one cell, epoch seconds. marks None: no calendar, so all of it is working time."""

    start: int
    end: int
    marks: Marks | None
    bookings: list[Booking] = field(default_factory=list)

    def of_class(self, *classes: int) -> list[Stretch]:
        """Its stretches of these calendar classes, ascending and apart."""
        if self.marks is None:
            return [(self.start, self.end)] if WORKING in classes else []
        starts = self.marks.at.tolist()
        pieces = zip(starts, [*starts[1:], self.end], self.marks.klass.tolist(), strict=True)
        return merged((low, high) for low, high, klass in pieces if klass in classes)

    @property
    def staffed(self) -> list[Stretch]:
        """When somebody is there, breaks and other planned stops included: these suit maintenance as well as any."""
        return self.of_class(*{0, 1, 2} - {OFF})

    def booked(self, kind: str | None = None, but: str = "") -> list[Stretch]:
        """What is taken by this kind, or by any; but: without what this one holds."""
        taken = (one for one in self.bookings if one.what != but and kind in (None, one.kind))
        return merged((max(epoch(one.starts), self.start), epoch(one.ends)) for one in taken)


def lanes(cell_ids: Collection[int], start: int, end: int) -> Mapping[int, Lane]:
    marks = cells.calendar_marks(cell_ids, start, end)
    by_cell = defaultdict[int, list[Booking]](list)
    for booking in cells.bookings(moment(start), moment(end), cell_ids):
        by_cell[booking.cell_id].append(booking)
    return {cell_id: Lane(start, end, marks[cell_id], by_cell[cell_id]) for cell_id in cell_ids}
