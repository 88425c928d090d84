"""Some orders of a file become orders here, in one transaction: new ones, and those that earlier files brought.

What a person has changed since it was brought in stays as it is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from webapp import cells, journal
from webapp.extensions import db, touch, transaction
from webapp.lib.turns import Turn
from webapp.orders.adding import fresh_step, slots_of
from webapp.orders.imports.merging import Step, Wanted
from webapp.orders.imports.models import ImportedOperation, ImportedOrder, OrderImport
from webapp.orders.imports.offering import one_import
from webapp.orders.imports.sequence import put_in_sequence
from webapp.orders.imports.telling import conclude, describe, describe_step, spec_of
from webapp.orders.imports.there import There
from webapp.orders.models import Operation, WorkOrder

MOST_REMARKS = 500
#: No order has so many operations: new ones of an order that is there stand beyond, until they get their place.
BEYOND = 100_000


def write_orders(turn: Turn, wanted: Sequence[Wanted], done: int) -> None:
    """done: how many of the import's orders are written with these."""
    with transaction():
        job = one_import(turn.id)
        desk = Desk(job, There(job, wanted))
        for order in wanted:
            desk.write(order)
        desk.finish()
        turn.go_on(orders_done=done, counts=dict(+desk.counts), remarks=desk.remarks)
        touch("orders", "schedule", f"order-import:{turn.id}")


class Desk:
    """What becomes of these orders. counts, remarks: of the whole import, as it is told to people.

    told: each order that is new or other than it was, what the file says of it, and its new operations.
    moved: operations whose time is booked anew or given back.
    """

    def __init__(self, job: OrderImport, there: There) -> None:
        self.job, self.there, self.begun = job, there, job.read_at
        self.counts, self.remarks = Counter(job.counts), list(job.remarks)
        self.told: list[tuple[WorkOrder, Wanted, dict[str, Operation]]] = []
        self.moved: set[Operation] = set()

    def write(self, wanted: Wanted) -> None:
        order = self.there.orders.get(wanted.ref)
        self.counts["disagree"] += wanted.disagree
        if order is None:
            self._add(wanted)
        elif order.id in self.there.said:
            self._fill_up(order, wanted)
        else:
            self._remark(wanted, "it was made here, and is left as it is")
            self.counts["orders_left"] += 1
            self.counts["operations_left"] += len(wanted.steps)

    def _add(self, wanted: Wanted) -> None:
        order = WorkOrder(ref=wanted.ref, source=self.job.source, created_by=self.job.by, version=1)
        order.created_at = order.updated_at = self.begun
        describe(order, wanted)
        made = self._steps(order, wanted, wanted.steps, 1)
        order.operations = list(made.values())
        conclude(order, wanted.status, self.job.by, self.begun)
        db.session.add(order)
        self.counts["orders_new"] += 1
        self.told.append((order, wanted, made))

    def _steps(self, order: WorkOrder, wanted: Wanted, steps: Sequence[Step], first: int) -> dict[str, Operation]:
        """New rows, numbered from `first`."""
        made: dict[str, Operation] = {}
        for step in steps:
            if why := self._hindrance(step):
                self._leave(wanted, step, why)
                continue
            cell = self.there.cells.get(step.machine)
            made[step.key] = fresh_step(order, spec_of(step, cell), first + len(made), self.there.taken)
            describe_step(made[step.key], step, cell, self.begun)
        self.counts["operations_new"] += len(made)
        self.moved |= set(made.values())
        return made

    def _hindrance(self, step: Step) -> str:
        if step.op and step.op in self.there.taken:
            return f"{step.op} is an operation of another order"
        return self._missing_cell(step)

    def _missing_cell(self, step: Step) -> str:
        gone = step.machine and step.machine not in self.there.cells
        return f"the cell that {step.machine} was taken for is gone" if gone else ""

    def _fill_up(self, order: WorkOrder, wanted: Wanted) -> None:
        """What earlier files said of it, this one may say differently, and may add to."""
        said = self.there.said[order.id]
        others, news = _others(order, said), said.digest != wanted.digest
        if news and others:
            self._remark(wanted, others)
        elif news:
            describe(order, wanted)
        made, changed = self._new_steps(order, wanted), self._change_steps(order, wanted)
        if made or changed or (news and not others):
            self._conclude(order, wanted, not others, made)
        else:
            said.import_id = self.job.id
            self.counts["orders_left" if news else "orders_same"] += 1

    def _conclude(self, order: WorkOrder, wanted: Wanted, ours: bool, made: dict[str, Operation]) -> None:
        """Something of it is other than it was. ours: its status is what the file makes it."""
        said = self.there.said[order.id]
        order.version, order.updated_at = order.version + 1, self.begun
        if ours:
            self._drop(order, conclude(order, wanted.status, self.job.by, self.begun))
            said.version, said.digest = order.version, wanted.digest
        said.import_id = self.job.id
        self.counts["orders_filled"] += 1
        self.told.append((order, wanted, made))

    def _drop(self, order: WorkOrder, dropped: Sequence[Operation]) -> None:
        """Cancelled with their order: still the file's, though what it said of them is not how they are."""
        known = {said.operation_id: said for said in self.there.said_steps[order.id].values()}
        for op in dropped:
            self.moved.add(op)
            if said := known.get(op.id):
                said.version, said.digest = op.version, ""

    def _new_steps(self, order: WorkOrder, wanted: Wanted) -> dict[str, Operation]:
        known = self.there.said_steps[order.id]
        made = self._steps(order, wanted, [step for step in wanted.steps if step.key not in known], BEYOND)
        order.operations.extend(made.values())
        return made

    def _change_steps(self, order: WorkOrder, wanted: Wanted) -> int:
        """How many are other than they were."""
        known, there = self.there.said_steps[order.id], {op.id: op for op in order.operations if op.id}
        before = self.counts["operations_changed"]
        for step in wanted.steps:
            if said := known.get(step.key):
                self._change_step(there.get(said.operation_id or 0), wanted, step, said)
        return self.counts["operations_changed"] - before

    def _change_step(self, op: Operation | None, wanted: Wanted, step: Step, said: ImportedOperation) -> None:
        if said.digest == step.digest or (op and op.status == wanted.status == "cancelled"):
            self.counts["operations_same"] += 1
        elif op is None or op.version != said.version:
            self._leave(wanted, step, f"{step.name} was {'changed' if op else 'taken out'} here since")
        elif why := self._missing_cell(step):
            self._leave(wanted, step, why)
        else:
            self._change(op, step, said)

    def _change(self, op: Operation, step: Step, said: ImportedOperation) -> None:
        describe_step(op, step, self.there.cells.get(step.machine), self.begun)
        op.version += 1
        said.version, said.digest = op.version, step.digest
        self.moved.add(op)
        self.counts["operations_changed"] += 1

    def _leave(self, wanted: Wanted, step: Step, why: str) -> None:
        self.counts["operations_left"] += 1
        self._remark(wanted, why)

    def _remark(self, wanted: Wanted, why: str) -> None:
        if len(self.remarks) < MOST_REMARKS:
            self.remarks.append([wanted.ref, why])

    def finish(self) -> None:
        """Numbers are known now: what was said is kept, and what is to come is booked."""
        db.session.flush()
        for order, wanted, made in self.told:
            self._note(order, wanted, made)
            if order.id in self.there.said and made:
                turned = put_in_sequence(order, wanted, self.there.said_steps[order.id], made)
                self.moved |= {op for op in turned if op.movable}
            told = {"file": self.job.name, "operations": len(wanted.steps)}
            journal.record("imported order", order.what, self.job.by, self.begun, **told)
        slots = slots_of(sorted(self.moved, key=lambda op: op.id))
        cells.unbook({op.what for op in self.moved if op.version > 1} - {slot.what for slot in slots})
        cells.book(slots)

    def _note(self, order: WorkOrder, wanted: Wanted, made: Mapping[str, Operation]) -> None:
        if order.id not in self.there.said:
            digest = wanted.digest
            db.session.add(
                ImportedOrder(order_id=order.id, digest=digest, version=order.version, import_id=self.job.id)
            )
        kept = {step.key: "" if _dropped(made.get(step.key), step) else step.digest for step in wanted.steps}
        db.session.add_all(
            ImportedOperation(order_id=order.id, key=key, operation_id=op.id, digest=kept[key], version=op.version)
            for key, op in made.items()
        )


def _others(order: WorkOrder, said: ImportedOrder) -> str:
    """Why the order is a person's by now; empty: what a file says of it counts."""
    if running := next((op for op in order.operations if op.status == "running"), None):
        return f"{running.name} runs here"
    return "" if said.version == order.version else "it was changed here since"


def _dropped(op: Operation | None, step: Step) -> bool:
    """Its order is cancelled, and it with it: the file says nothing of the kind of the operation itself."""
    return op is not None and op.status == "cancelled" != step.status
