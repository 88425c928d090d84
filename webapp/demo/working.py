"""And the orders go on: the operator starts, completes and serves what is due, the planner writes new orders down."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from webapp import cells, orders, upkeep
from webapp.demo.ordering import OPERATOR, PLANNER
from webapp.demo.playing import person
from webapp.extensions import db
from webapp.lib.refusal import Refusal
from webapp.orders import Job

#: Presses cycle start at the panel of a machine: (cell id, minutes).
Press = Callable[[int, float], None]

#: Orders that are planned or running: with fewer the planner writes one down.
OPEN_ORDERS = 9
AHEAD = timedelta(hours=30)
#: Product, pieces, and its steps: (name, kind of machine, minutes).
CATALOGUE = (
    ("Housing R4", 20, (("Mill", "5-axis mill", 110), ("Bend", "Press brake", 60), ("Weld", "Weld robot", 75))),
    ("Spindle nut R5", 40, (("Turn", "Turn-mill", 90), ("Grind", "Grinder", 80))),
    ("Bushing 22", 150, (("Turn", "Lathe", 70),)),
    ("Gripper jaw C", 24, (("Turn", "Lathe", 45), ("Assemble", "Assembly", 60))),
    ("Side panel 08", 80, (("Cut", "Laser", 50), ("Bend", "Press brake", 70))),
    ("Pinion Z17", 60, (("Hob", "Gear hob", 120), ("Grind", "Grinder", 60))),
    ("Crossbeam V4", 10, (("Cut", "Laser", 40), ("Weld", "Weld robot", 110), ("Test", "Test bench", 30))),
)


@dataclass
class Hands:
    """What the operator does. pressed: operations whose machine was started at its panel, by us or before us."""

    press: Press
    pressed: set[str] = field(default_factory=set)

    def work(self, now: datetime, period: int) -> None:
        """What is over is completed, what is due is started, and machines that got work are set going."""
        for job in orders.running():
            if is_over(job, now):
                _unless_refused(_complete, job, now, period)
        for job in _due(now, period):
            _unless_refused(_start, job, now, period)
        for job in orders.running():
            self._set_going(job, now)
        for window in upkeep.board(now).under_way:
            if window.ends <= now:
                upkeep.complete_window(window.id, person(OPERATOR), now, "Done as planned")

    def _set_going(self, job: Job, now: datetime) -> None:
        if job.ref in self.pressed or job.cell_id is None or job.started_at is None:
            return
        self.pressed.add(job.ref)
        left = job.started_at + took(job) - now
        self.press(job.cell_id, max(1.0, left.total_seconds() / 60))


def took(job: Job) -> timedelta:
    """How long it takes in the end: a little less or more than planned, the same whenever it is asked."""
    return timedelta(seconds=round(job.seconds * random.Random(job.ref).uniform(0.85, 1.12)))


def is_over(job: Job, now: datetime) -> bool:
    return job.started_at is not None and now >= job.started_at + took(job)


def _due(now: datetime, period: int) -> list[Job]:
    """The next one of each machine whose time has come."""
    first = [up.jobs[0] for up in orders.work_floor(now, period).ready if up.jobs]
    return [job for job in first if job.starts is not None and job.starts <= now]


def _complete(job: Job, now: datetime, period: int) -> None:
    spoilt = random.Random(job.ref).choice((0, 0, 0, 1, 2))
    good = max(0, job.qty - spoilt)
    orders.complete_operation(job.ref, person(OPERATOR), now, period, qty_done=good, qty_rejected=job.qty - good)


def _start(job: Job, now: datetime, period: int) -> None:
    orders.start_operation(job.ref, person(OPERATOR), now, period)


def _unless_refused(act: Callable[[Job, datetime, int], None], job: Job, now: datetime, period: int) -> None:
    """Visitors of the demonstration may have been quicker."""
    try:
        act(job, now, period)
    except Refusal:
        db.session.rollback()


def order_more(now: datetime, dice: random.Random) -> str | None:
    """An order for what is made often, each step at the first free time of a machine; None where enough are open."""
    if orders.order_totals(now).open >= OPEN_ORDERS:
        return None
    product, qty, steps = dice.choice(CATALOGUE)
    wanted = [
        orders.OperationSpec(name=name, required_kind=kind, seconds=minutes * 60) for name, kind, minutes in steps
    ]
    due = (now + timedelta(hours=dice.randrange(18, 60))).replace(minute=0, second=0, microsecond=0)
    spec = orders.OrderSpec(product=product, qty=qty, due_at=due, priority=dice.choice((4, 5, 5, 6)), operations=wanted)
    [order] = orders.add_orders([spec], person(PLANNER), now)
    _place(order, now)
    return order.ref


def _place(order: orders.WorkOrder, now: datetime) -> None:
    """Step after step; one that finds no place is left to people."""
    begins = now + timedelta(minutes=20)
    machines = [cell for cell in cells.all_cells() if "operation" in cell.takes]
    for step in order.operations:
        fit = [cell.id for cell in machines if cell.kind == step.required_kind]
        slots = [
            (slot, cell_id)
            for cell_id in fit
            for slot in orders.valid_slots(step, cell_id, begins, step.seconds, begins + AHEAD, 1, now)
        ]
        if not slots:
            return
        slot, cell_id = min(slots, key=lambda found: found[0].start)
        orders.reschedule(step.ref, slot.start, slot.end, cell_id, person(PLANNER), now)
        begins = slot.end
