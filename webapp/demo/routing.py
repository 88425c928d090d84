"""What North Works has on order: products and their steps, what was made of them by now, what is planned. Pure.

Two machines are served by hand and work on orders only: what they did in the story were operations.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from virtualfactory.behaviour import Run

MINUTE = 60
LATHE, ASSEMBLY = 4, 10
HAND_SERVED = (LATHE, ASSEMBLY)
#: So many of the newest runs on each of them were operations of orders.
REMEMBERED = 4


@dataclass(frozen=True)
class Step:
    """start, end: epoch seconds as planned, None where it is not placed yet. run: what it became.

    cell: number of its machine; kind: what it needs, where no machine is chosen yet.
    """

    name: str
    cell: int | None
    minutes: int
    start: int | None = None
    run: Run | None = None
    kind: str | None = None

    @property
    def end(self) -> int | None:
        return None if self.start is None else self.start + self.minutes * MINUTE


@dataclass(frozen=True)
class Ordered:
    """due: epoch seconds. created: when the planner wrote it down."""

    product: str
    qty: int
    created: int
    due: int
    steps: tuple[Step, ...]
    priority: int = 5
    note: str = ""


#: What is planned: product, pieces, due in hours, priority, and its steps: (name, machine, begins in minutes, minutes).
#: Nothing overlaps, no step begins before the one before it ends, and each machine is free of its project by then.
PLANNED = (
    ("Housing R4", 40, 14, 7, (("Mill", 1, 200, 150), ("Bend", 7, 360, 80), ("Weld", 8, 460, 105))),
    ("Spindle sleeve R1", 24, 20, 5, (("Turn", 3, 130, 140), ("Grind", 5, 290, 160))),
    ("Enclosure 12", 60, 9, 8, (("Cut", 6, 80, 70), ("Bend", 7, 450, 60))),
    ("Manifold core V9", 12, 26, 5, (("Mill", 2, 240, 210), ("Test", 12, 470, 60))),
    ("Gear Z41", 80, 18, 6, (("Hob", 9, 150, 170), ("Grind", 5, 470, 110), ("Assemble", 10, 600, 90))),
    ("Frame left V4", 16, 30, 5, (("Cut", 6, 170, 60), ("Weld", 8, 250, 150), ("Test", 12, 540, 45))),
    ("Flange V3", 120, 34, 4, (("Mill", 2, 460, 130), ("Turn", 4, 620, 90))),
    ("Bracket arm V7", 200, 44, 3, (("Cut", 6, 260, 90), ("Bend", 7, 540, 140))),
    ("Valve block V3", 30, 28, 5, (("Mill", 1, 370, 180), ("Assemble", 11, 570, 120))),
)
#: Steps that no machine was chosen for yet: product, pieces, due in hours, (name, kind, minutes).
UNPLACED = (("Cover plate 12", 50, 40, (("Cut", "Laser", 45), ("Bend", "Press brake", 80))),)
TURNED = ("Nipple G38", "Bushing 22", "Spindle nut R5", "Pinion Z17", "Seal ring 40")
ASSEMBLED = ("Gripper finger B", "Gripper jaw C", "Gripper base A", "Gripper plate D", "Gripper arm E")


def work_orders(hand: dict[int, Sequence[Run]], now: int) -> list[Ordered]:
    """hand: the newest runs of each machine served by hand, oldest first; the lathe's last one is under way."""
    return sorted([*_made(hand), _under_way(hand[LATHE][-1], now), *_planned(now)], key=lambda order: order.created)


def _made(hand: dict[int, Sequence[Run]]) -> Iterator[Ordered]:
    for run, product in zip(hand[LATHE][-1 - REMEMBERED : -1], TURNED, strict=False):
        yield _one_step(product, "Turn", LATHE, run, 40)
    for run, product in zip(hand[ASSEMBLY][-REMEMBERED:], ASSEMBLED, strict=False):
        yield _one_step(product, "Assemble", ASSEMBLY, run, 12)


def _one_step(product: str, name: str, cell: int, run: Run, qty: int) -> Ordered:
    """Planned a little earlier and a little shorter than it became."""
    minutes = max(10, 5 * round((run.end - run.start) / MINUTE / 5) - 10)
    step = Step(name, cell, minutes, int(run.start) - 5 * MINUTE, run)
    return Ordered(product, qty, int(run.start) - 20 * 3600, int(run.end) + 3 * 3600, (step,))


def _under_way(run: Run, now: int) -> Ordered:
    """Turned now, assembled on the other one when that is over."""
    minutes = 5 * round((run.end - run.start) / MINUTE / 5)
    turn = Step("Turn", LATHE, minutes, int(run.start) - 3 * MINUTE, run)
    return Ordered(
        "Gripper shaft F", 18, now - 22 * 3600, now + 6 * 3600, (turn, Step("Assemble", ASSEMBLY, 75, _at(now, 60))), 7
    )


def _planned(now: int) -> Iterator[Ordered]:
    for n, (product, qty, due, priority, steps) in enumerate(PLANNED):
        placed = tuple(Step(name, cell, minutes, _at(now, begins)) for name, cell, begins, minutes in steps)
        yield Ordered(product, qty, now - (75 - 6 * n) * MINUTE, _at(now, due * 60), placed, priority)
    for product, qty, due, wanted in UNPLACED:
        loose = tuple(Step(name, None, minutes, kind=kind) for name, kind, minutes in wanted)
        yield Ordered(product, qty, now - 40 * MINUTE, _at(now, due * 60), loose, note="Sheet arrives tonight")


def _at(now: int, minutes: int) -> int:
    """So many minutes from now, on a round five minutes."""
    return -(-(now + minutes * MINUTE) // 300) * 300
