"""Any sequence of changes that is accepted leaves no violation that was not there, and whatever is offered is taken."""

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from tests.orders.plans import machine, order, rules_broken, step
from tests.world import NOW
from webapp import cells, orders
from webapp.cells import Slot
from webapp.extensions import db, transaction
from webapp.lib.refusal import Refusal
from webapp.orders import Move, Operation

QUARTER = timedelta(minutes=15)


class Story:
    """A small shop whose first plan came in as history does: with conflicts."""

    def __init__(self, seed: int) -> None:
        self.rnd, self.now, self.accepted = Random(seed), NOW, 0
        for n in range(6):
            begins, steps = self.rnd.randrange(0, 40), []
            for _ in range(3):
                begins, length = begins + self.rnd.randrange(-1, 8), self.rnd.randrange(1, 8)
                steps.append(step(self.at(begins), self.at(begins + length), on=f"M{self.rnd.randrange(3)}"))
                begins += length
            order(*steps, ref=f"WO-{n}")
        with transaction():
            cells.book([Slot("window:1", "maintenance", machine("M1").id, self.at(20), self.at(24), "Oil")])

    def at(self, quarter: int):
        return NOW + quarter * QUARTER

    def refs(self, count: int) -> list[str]:
        return self.rnd.sample(list(db.session.scalars(select(Operation.ref).order_by(Operation.id))), count)

    def slot(self):
        start = self.rnd.randrange(-2, 60)
        return self.at(start), self.at(start + self.rnd.randrange(1, 9)), machine(f"M{self.rnd.randrange(3)}").id

    def act(self) -> None:
        """One change; a refusal is an answer, too."""
        acts = [
            self.move,
            self.move,
            self.ripple,
            self.together,
            self.take_back,
            self.reorder,
            self.unplace,
            self.offer,
        ]
        try:
            self.rnd.choice(acts)()
            self.accepted += 1
        except Refusal:
            pass
        self.now += timedelta(minutes=self.rnd.randrange(3))

    def move(self) -> None:
        start, end, cell = self.slot()
        orders.reschedule(self.refs(1)[0], start, end, cell, "pat", self.now)

    def ripple(self) -> None:
        [ref], (start, end, cell) = self.refs(1), self.slot()
        checked = orders.check(ref, start, end, cell, self.now)
        moves = [Move(one.ref, one.cell_id, one.becomes.start, one.becomes.end) for one in checked.ripple]
        if moves:  # then it mends what the move would break
            orders.reschedule_all([Move(ref, cell, start, end), *moves], "pat", self.now)
            self.accepted += 10

    def together(self) -> None:
        moves = [Move(ref, cell, start, end) for ref in self.refs(2) for start, end, cell in [self.slot()]]
        orders.reschedule_all(moves, "pat", self.now)

    def take_back(self) -> None:
        if changes := orders.plan_changes(5):
            orders.take_back(self.rnd.choice(changes).id, "pat", self.now)

    def reorder(self) -> None:
        found = orders.one_order(f"WO-{self.rnd.randrange(6)}")
        specs = [
            orders.OperationSpec(
                ref=one.ref, name=one.name, cell_id=one.cell_id, start=one.starts, end=one.ends, seconds=one.seconds
            )
            for one in found.operations
        ]
        orders.set_operations(found.ref, self.rnd.sample(specs, len(specs)), "pat", self.now)

    def unplace(self) -> None:
        orders.unplace(self.refs(1)[0], "pat", self.now)

    def offer(self) -> None:
        """What is offered is taken, whatever it is."""
        operation = orders.one_operation(self.refs(1)[0])
        start, _, cell = self.slot()
        found = orders.valid_slots(operation, cell, start, 1800, self.at(80), 9, self.now)
        near = orders.check(operation.ref, start, start + QUARTER, cell, self.now, rippling=False).nearest.spans
        if spans := [*found, *near]:
            span = self.rnd.choice(spans)
            assert orders.check(operation.ref, span.start, span.end, cell, self.now).valid
            orders.reschedule(operation.ref, span.start, span.end, cell, "pat", self.now)


@pytest.mark.parametrize("seed", [1, 2])
def test_no_sequence_of_changes_leaves_a_new_violation(app, seed):
    story = Story(seed)
    broken = set(rules_broken())

    for _ in range(40):
        story.act()
        after = set(rules_broken())
        assert after <= broken
        broken = after
        assert booked_as_planned()

    assert story.accepted > 10


def booked_as_planned() -> bool:
    """What machines have booked is what the plan says."""
    placed = {
        (one.what, one.cell_id, one.starts, one.ends) for one in db.session.scalars(select(Operation)) if one.starts
    }
    found = cells.bookings(NOW - timedelta(days=9), NOW + timedelta(days=9))
    return placed == {(row.what, row.cell_id, row.starts, row.ends) for row in found if row.kind == "operation"}
