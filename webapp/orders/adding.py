"""Orders come in: all of them or none, with the times they bring. What breaks a rule is shown, never refused."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count
from uuid import uuid4

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from webapp import cells, journal
from webapp.cells import Cell, Slot
from webapp.extensions import db, transaction
from webapp.lib.clock import whole
from webapp.lib.refusal import Conflict
from webapp.orders.models import Operation, WorkOrder
from webapp.orders.specs import LONGEST_REF, OperationSpec, OrderSpec, complaints_of, refuse_if, taken_complaints
from webapp.people import Caller, name_of

#: The first number given, as in the source document.
FIRST = 1001
#: As numbers are given here. What others number, WO-00042 or WO-202611220001, is no place to go on from.
NUMBERED = "^WO-[1-9][0-9]{0,7}$"
#: How many numbers are looked up at once.
FEW = 50


def add_orders(specs: Sequence[OrderSpec], by: Caller | str, now: datetime, source: str = "") -> list[WorkOrder]:
    """Raises Invalid naming each field, as "orders.0.operations.2.start"; Conflict where only names are taken.

    source: where they came from, such as "import:3".
    """
    refuse_if(complaints_of(specs, machines(spec.cell_id for order in specs for spec in order.operations)))
    with transaction():
        cells.hold_lanes({step.cell_id for spec in specs for step in spec.operations if step.cell_id is not None})
        _refuse_taken(specs)
        added = _written(specs, name_of(by), now, source)
        cells.book([slot for order in added for slot in slots_of(order.operations)])
        for order in added:
            journal.record("added order", order.what, name_of(by), now, **_told(order))
    return added


def next_ref() -> str:
    """The number after the largest one given: WO-1007. Another may take it meanwhile: the database decides."""
    return next(_free_refs())


def _free_refs() -> Iterator[str]:
    """From the largest one given on, those that nobody has."""
    largest = select(WorkOrder.ref).where(WorkOrder.ref.regexp_match(NUMBERED))
    last = db.session.scalar(largest.order_by(func.length(WorkOrder.ref).desc(), WorkOrder.ref.desc()).limit(1))
    for low in count(max(FIRST, int(last.removeprefix("WO-")) + 1) if last else FIRST, FEW):
        refs = [f"WO-{n}" for n in range(low, low + FEW)]
        gone = refs_there(WorkOrder.ref, refs)
        yield from (ref for ref in refs if ref not in gone)


def machines(cell_ids: Iterable[int | None]) -> dict[int, str]:
    """cell id -> kind, of those of them that there are, retired ones too: history happened on them."""
    ids = {id for id in cell_ids if isinstance(id, int) and 0 < id < 2**31}
    return dict(db.session.execute(select(Cell.id, Cell.kind).where(Cell.id.in_(ids))).all())


def slots_of(operations: Iterable[Operation]) -> list[Slot]:
    """What these want of their machines' time: nothing once they are over, or have no place."""
    return [
        Slot(op.what, "operation", op.cell_id, op.starts, op.ends, op.label)
        for op in operations
        if op.movable and op.cell_id and op.starts and op.ends
    ]


def fresh_step(order: WorkOrder, spec: OperationSpec, idx: int, taken: set[str]) -> Operation:
    """A row for a step. taken: the names that are gone, to which its own is added."""
    taken.add(ref := spec.ref or _free_ref(f"{order.ref}-{idx}", taken))
    placed = spec.start is not None and spec.end is not None
    return Operation(
        ref=ref,
        idx=idx,
        name=spec.name.strip(),
        required_kind=spec.required_kind or None,
        seconds=spec.takes,
        cell_id=spec.cell_id,
        starts=whole(spec.start) if placed and spec.start else None,
        ends=whole(spec.end) if placed and spec.end else None,
        pinned=spec.pinned,
        status="planned",
        version=1,
    )


def refs_there(column: InstrumentedAttribute[str], refs: Collection[str]) -> set[str]:
    """Those of these names that exist."""
    wanted, found = list(refs), set()
    for low in range(0, len(wanted), 5000):
        asked: ColumnElement[bool] = column.in_(wanted[low : low + 5000])
        found |= set(db.session.scalars(select(column).where(asked)))
    return found


def _refuse_taken(specs: Sequence[OrderSpec]) -> None:
    orders = refs_there(WorkOrder.ref, {spec.ref for spec in specs})
    steps = refs_there(Operation.ref, {step.ref for spec in specs for step in spec.operations})
    if found := taken_complaints(specs, orders, steps):
        raise Conflict(next(iter(found.values())), fields={path: [says] for path, says in found.items()})


def _written(specs: Sequence[OrderSpec], by: str, now: datetime, source: str) -> list[WorkOrder]:
    names = _names(specs)
    usual = {f"{name}-{k}" for name, spec in zip(names, specs, strict=True) for k in range(1, len(spec.operations) + 1)}
    taken = refs_there(Operation.ref, usual) | {step.ref for spec in specs for step in spec.operations}
    added = [_order(spec, name, by, now, source, taken) for name, spec in zip(names, specs, strict=True)]
    try:
        db.session.add_all(added)
        db.session.flush()
    except IntegrityError:
        raise Conflict("Somebody just took one of these numbers; send it again") from None
    return added


def _names(specs: Sequence[OrderSpec]) -> list[str]:
    """As given, else the next numbers."""
    given = {spec.ref for spec in specs}
    free = (ref for ref in _free_refs() if ref not in given)
    return [spec.ref or next(free) for spec in specs]


def _order(spec: OrderSpec, ref: str, by: str, now: datetime, source: str, taken: set[str]) -> WorkOrder:
    order = WorkOrder(
        ref=ref,
        product=spec.product.strip(),
        qty=spec.qty,
        due_at=spec.due_at and whole(spec.due_at),
        priority=spec.priority,
        note=spec.note.strip(),
        source=source,
        status="planned",
        created_by=by,
        created_at=whole(now),
        updated_at=whole(now),
        version=1,
    )
    steps = [(k + 1 if step.idx is None else step.idx, step) for k, step in enumerate(spec.operations)]
    order.operations = [fresh_step(order, step, idx, taken) for idx, step in sorted(steps, key=lambda one: one[0])]
    return order


def _free_ref(wanted: str, taken: Collection[str]) -> str:
    return wanted if wanted not in taken and len(wanted) <= LONGEST_REF else f"OP-{uuid4().hex[:12]}"


def _told(order: WorkOrder) -> dict[str, object]:
    """What the journal keeps of how it began."""
    return {"order": order.ref, "product": order.product, "qty": order.qty, "steps": len(order.operations)}
