"""The lines of the table in which an order's steps are typed: as they come, as they stand, and moved about."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from flask import request

from webapp import cells
from webapp.lib.numbers import whole_in
from webapp.orders import Operation, WorkOrder
from webapp.screens.orders.pasted import StepText
from webapp.screens.times import shown_time, site_zone

COLUMNS = ("op", "name", "kind", "cell", "start", "takes")
BLANK = 3  # lines for steps on a new form


@dataclass
class Line:
    """n: which line it is, from 0; no: the place of its step in the order, from 1. errors: {column: what is wrong}."""

    n: int
    step: StepText
    no: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not any(getattr(self.step, column) for column in COLUMNS)

    @property
    def all(self) -> str:
        return " ".join(f"{words}." for words in self.errors.values())


def lines_of(steps: Sequence[StepText], begun: Collection[int]) -> list[Line]:
    """begun: the places of steps that cannot be changed any more; the lines have those that are left."""
    free = (no for no in count(1) if no not in begun)
    return [Line(n, step, no) for n, (step, no) in enumerate(zip(steps, free, strict=False))]


def rearranged(steps: Sequence[StepText], act: str) -> list[StepText]:
    """What the buttons of the table ask for where no script runs: "add", "up-2", "down-2", "drop-2"."""
    verb, _, place = act.partition("-")
    n, made = whole_in(place), list(steps)
    if verb == "add":
        made.append(StepText())
    if n is None or n >= len(made):
        return made
    there = {"up": n - 1, "down": n + 1}.get(verb, n)
    if verb == "drop":
        del made[n]
    elif 0 <= there < len(made):
        made[n], made[there] = made[there], made[n]
    return made


def sent_steps() -> Iterator[StepText]:
    """Each column comes as often as there are lines, in their order."""
    columns = [[text.strip() for text in request.form.getlist(f"step_{column}")] for column in COLUMNS]
    for cells_of_line in zip(*columns, strict=False):
        yield StepText(**dict(zip(COLUMNS, cells_of_line, strict=True)))


def stored_steps(order: WorkOrder) -> list[StepText]:
    """Those that can be changed."""
    names = {cell.id: cell.name for cell in cells.all_cells(retired=True)}
    return [step_text(step, names) for step in order.operations if step.movable]


def step_text(step: Operation, names: dict[int, str]) -> StepText:
    """As somebody would have typed it."""
    return StepText(
        op=step.ref,
        name=step.name,
        kind=step.required_kind or "",
        cell=names.get(step.cell_id or 0, ""),
        start=shown_time(step.starts, site_zone()) if step.starts else "",
        takes=length_text(
            int((step.ends - step.starts).total_seconds()) if step.starts and step.ends else step.seconds
        ),
    )


def length_text(seconds: int) -> str:
    """45 min, 1 h 30, 90 s: read back, it is the same length."""
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    if rest:
        return f"{hours}:{minutes:02}:{rest:02}" if seconds >= 60 else f"{rest} s"
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes:02}" if minutes else f"{hours} h"
