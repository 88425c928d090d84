"""What adding orders would refuse, before anybody asks for it: by the very checks that decide then."""

from collections.abc import Sequence

from webapp.orders.adding import machines, refs_there
from webapp.orders.models import Operation, WorkOrder
from webapp.orders.specs import Complaints, OrderSpec, complaints_of, taken_complaints


def would_refuse(specs: Sequence[OrderSpec]) -> Complaints:
    """{field: what is wrong with it}, as add_orders names them: "orders.0.operations.2.start"."""
    found = complaints_of(specs, machines(step.cell_id for spec in specs for step in spec.operations))
    orders = refs_there(WorkOrder.ref, {spec.ref for spec in specs})
    steps = refs_there(Operation.ref, {step.ref for spec in specs for step in spec.operations})
    return taken_complaints(specs, orders, steps) | found
