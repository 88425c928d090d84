"""Looking orders and operations up by their own names, and taking hold of them before they are changed."""

from collections.abc import Collection, Iterable

from sqlalchemy import select

from webapp.cells import Cell
from webapp.extensions import db
from webapp.lib.refusal import NotFound
from webapp.orders.models import Operation, WorkOrder
from webapp.orders.placing import names_of
from webapp.orders.specs import ref_complaint


def one_order(ref: str) -> WorkOrder:
    """Raises NotFound."""
    order = db.session.scalar(select(WorkOrder).where(WorkOrder.ref == ref)) if _may_be(ref) else None
    if order is None:
        raise NotFound(f"There is no work order {ref}")
    return order


def one_operation(ref: str) -> Operation:
    """Raises NotFound."""
    operation = db.session.scalar(select(Operation).where(Operation.ref == ref)) if _may_be(ref) else None
    if operation is None:
        raise NotFound(f"There is no operation {ref}")
    return operation


def machine_names(operations: Iterable[Operation]) -> dict[int, str]:
    """cell id -> short name, of the machines that these lie on."""
    return names_of(operation.cell_id for operation in operations)


def machines_named(names: Collection[str]) -> dict[str, int]:
    """short name -> cell id, of those that there are."""
    return dict(db.session.execute(select(Cell.name, Cell.id).where(Cell.name.in_(list(names)))).all()) if names else {}


def held_order(ref: str) -> WorkOrder:
    """The order as it is at this moment, locked until the transaction ends. A move."""
    hold_orders([one_order(ref).id])
    return one_order(ref)


def held_operations(refs: Collection[str]) -> dict[str, Operation]:
    """These operations, their orders locked until the transaction ends. Raises NotFound. A move."""
    hold_orders({operation.order_id for operation in _by_ref(refs).values()})
    return _by_ref(refs)


def hold_orders(order_ids: Iterable[int]) -> None:
    """In the order of their numbers, so that two who want the same cannot wait for each other; what was read of them
    before is read again. A move."""
    ids = sorted(set(order_ids))
    query = select(WorkOrder).where(WorkOrder.id.in_(ids)).order_by(WorkOrder.id).with_for_update(of=WorkOrder)
    db.session.scalars(query.execution_options(populate_existing=True)).all()


def _by_ref(refs: Collection[str]) -> dict[str, Operation]:
    rows = db.session.scalars(select(Operation).where(Operation.ref.in_([ref for ref in refs if _may_be(ref)])))
    found = {operation.ref: operation for operation in rows}
    for ref in refs:
        if ref not in found:
            raise NotFound(f"There is no operation {ref}")
    return found


def _may_be(ref: str) -> bool:
    """PostgreSQL refuses to be asked for a NUL."""
    return ref_complaint(ref) is None
