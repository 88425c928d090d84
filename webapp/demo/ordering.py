"""The planner writes orders down, and the operator works on them: in the story, act by act."""

from collections.abc import Iterator
from datetime import datetime

from webapp import orders
from webapp.demo.playing import PATIENT, Act, Stage, person
from webapp.demo.routing import Ordered, Step
from webapp.lib.clock import moment

PLANNER, OPERATOR = "pat", "oli"


def order_acts(stage: Stage) -> Iterator[tuple[float, Act]]:
    """When each order was written down, and when its steps began and ended."""
    for number, ordered in enumerate(stage.plan.orders):
        ref = f"WO-{1001 + number}"
        yield ordered.created, _adding(stage, ordered, ref)
        for idx, step in enumerate(ordered.steps, 1):
            if step.run:
                yield step.run.start, _starting(f"{ref}-{idx}")
            if step.run and step.run.end <= stage.plan.now:
                yield step.run.end, _completing(f"{ref}-{idx}", ordered.qty)


def _adding(stage: Stage, ordered: Ordered, ref: str) -> Act:
    def act(now: datetime) -> None:
        orders.add_orders([spec_of(ordered, ref, stage.cells)], person(PLANNER), now)

    return act


def spec_of(ordered: Ordered, ref: str, numbers: dict[int, int]) -> orders.OrderSpec:
    """numbers: of a machine -> its cell."""
    steps = [_step_of(step, f"{ref}-{idx}", numbers) for idx, step in enumerate(ordered.steps, 1)]
    return orders.OrderSpec(
        ref, ordered.product, ordered.qty, moment(ordered.due), ordered.priority, ordered.note, operations=steps
    )


def _step_of(step: Step, ref: str, numbers: dict[int, int]) -> orders.OperationSpec:
    start, end = (None if at is None else moment(at) for at in (step.start, step.end))
    cell_id = None if step.cell is None else numbers[step.cell]
    return orders.OperationSpec(
        ref, None, step.name, step.kind, cell_id, start, end, step.minutes * 60
    )  # fmt: skip


def _starting(ref: str) -> Act:
    def act(now: datetime) -> None:
        started = orders.start_operation(ref, person(OPERATOR), now, PATIENT)
        if started.status != "running":
            raise RuntimeError(f"the story wants {started.label} to run: {started.waiting_message}")

    return act


def _completing(ref: str, qty: int) -> Act:
    def act(now: datetime) -> None:
        orders.complete_operation(ref, person(OPERATOR), now, PATIENT, qty_done=qty - 1, qty_rejected=1)

    return act
