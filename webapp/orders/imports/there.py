"""What there is of the orders that a file speaks of, held while they are written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from sqlalchemy import select

from webapp import cells
from webapp.cells import Cell
from webapp.extensions import db
from webapp.orders.adding import refs_there
from webapp.orders.imports.merging import Wanted
from webapp.orders.imports.models import ImportedOperation, ImportedOrder, OrderImport
from webapp.orders.imports.telling import status_of
from webapp.orders.models import Operation, WorkOrder


class There:
    """orders: by ref. said, said_steps: what earlier files said, by order, and of operations by their keys there."""

    def __init__(self, job: OrderImport, wanted: Sequence[Wanted]) -> None:
        """The orders first, by number, then the lanes: as everybody does who changes a plan."""
        self.job, self.wanted = job, wanted
        refs = [order.ref for order in wanted]
        held = select(WorkOrder).where(WorkOrder.ref.in_(refs)).order_by(WorkOrder.id).with_for_update()
        self.orders = {order.ref: order for order in db.session.scalars(held)}
        ids = [order.id for order in self.orders.values()]
        said = db.session.scalars(select(ImportedOrder).where(ImportedOrder.order_id.in_(ids)))
        self.said = {row.order_id: row for row in said}
        steps = db.session.scalars(select(ImportedOperation).where(ImportedOperation.order_id.in_(ids)))
        self.said_steps: defaultdict[int, dict[str, ImportedOperation]] = defaultdict(dict)
        for row in steps:
            self.said_steps[row.order_id][row.key] = row
        cells.hold_lanes(self._lanes())

    def _lanes(self) -> set[int]:
        """Of what is to come: history lies on no lane."""
        there = {op.cell_id for order in self.orders.values() for op in order.operations if op.movable and op.cell_id}
        steps = [
            step for order in self.wanted for step in order.steps if status_of(step, self.job.read_at) == "planned"
        ]
        return there | {self.cells[step.machine].id for step in steps if step.machine in self.cells}

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """By what the file calls them."""
        machines = self.job.settled.machines
        there = {cell.name: cell for cell in cells.all_cells(retired=True)}
        return {text: there[name] for text, (name, _) in machines.items() if name in there}

    @cached_property
    def taken(self) -> set[str]:
        """Names of operations that are gone."""
        usual = {f"{order.ref}-{n}" for order in self.wanted for n in range(1, len(order.steps) + 1)}
        return refs_there(Operation.ref, usual | {step.op for order in self.wanted for step in order.steps if step.op})
