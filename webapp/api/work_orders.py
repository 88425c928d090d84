"""Work orders: what is ordered, its steps in sequence, and what of its plan breaks a rule."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response, request, url_for
from flask_login import current_user

from webapp import orders
from webapp.api import plan_results, plan_shapes, schemas
from webapp.api.answering import answer, seen_version, tagged
from webapp.api.document import WRITER, tells
from webapp.api.door import bp
from webapp.api.idempotency import HEADER, once
from webapp.api.planning_words import cell_ids, in_our_words
from webapp.api.reading import body, query
from webapp.extensions import held_open
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid
from webapp.orders import OperationSpec, OrderFilters, OrderSpec, WorkOrder

Sent = Mapping[str, Any]


@bp.get("/work-orders")
@tells(
    "Work orders with their operations, in the order in which they came",
    plan_results.WorkOrders,
    query=schemas.WorkOrderQuery,
    headers=["Link"],
    refuses=[400],
    more="A bare array; `Link` says where it goes on.",
)
@may("see orders")
def list_work_orders() -> Response:
    asked = query(schemas.WorkOrderQuery)
    filters = OrderFilters(status=asked.get("status"), due_before=asked.get("due_before"))
    page = orders.orders_page(filters, limit=asked["limit"], after=asked.get("after"))
    names = orders.machine_names(step for order in page.orders for step in order.operations)
    given = answer([plan_shapes.work_order(order, names) for order in page.orders])
    if page.next is not None:
        following = urlencode({**request.args.to_dict(), "after": page.next})
        given.headers["Link"] = f'<{request.path}?{following}>; rel="next"'
    return given


@bp.post("/work-orders")
@tells(
    "Create a work order with the times it brings; what breaks a rule is listed",
    plan_results.OneWorkOrder,
    201,
    body=schemas.NewWorkOrder,
    asking=[HEADER],
    headers=["Location", "ETag", "Idempotent-Replayed"],
    refuses=[409],
    needs=WRITER,
)
@may("plan orders")
@once
def create_work_order() -> Response:
    sent = body(schemas.NewWorkOrder)
    with in_our_words():
        [order] = orders.add_orders([_spec(sent)], by=current_user, now=utcnow())
    return _told(order, 201, Location=url_for("api.show_work_order", id=order.ref))


@bp.get("/work-orders/<ref:id>")
@tells("One work order", plan_results.OneWorkOrder, asking=["If-None-Match"], headers=["ETag"], refuses=[404])
@may("see orders")
def show_work_order(id: str) -> Response:
    return _told(orders.one_order(id))


@bp.patch("/work-orders/<ref:id>")
@tells(
    "Change what an order is, or set its steps; cancel it",
    plan_results.OneWorkOrder,
    body=schemas.WorkOrderChanges,
    asking=["If-Match"],
    headers=["ETag"],
    refuses=[404, 409],
    needs=WRITER,
    more="`operations` names every step in sequence: one that is left out goes, unless it has begun. "
    "A step that gets another time or turn has to keep the rules (`RULE_VIOLATION`).",
)
@may("plan orders")
def change_work_order(id: str) -> Response:
    version, sent = seen_version(orders.one_order(id).version), body(schemas.WorkOrderChanges)
    with in_our_words(), held_open():
        order = _changed(id, sent, version)
    return _told(order)


def _changed(id: str, sent: Sent, version: int | None) -> WorkOrder:
    """Header, steps and end in one commit; the version is asked about once."""
    now, steps = utcnow(), sent.get("operations")
    header = {name: value for name, value in sent.items() if name not in ("operations", "status")}
    order = orders.change_order(id, header, by=current_user, now=now, version=version)
    if steps is not None:
        order = orders.set_operations(id, _steps(id, steps), by=current_user, now=now)
    if "status" in sent:
        order = orders.cancel_order(id, by=current_user, now=now)
    return order


def _told(order: WorkOrder, status: int = 200, **headers: str) -> Response:
    names = orders.machine_names(order.operations)
    found = orders.order_violations(order, utcnow())
    return tagged(plan_shapes.one_work_order(order, names, found), order.version, status, **headers)


def _spec(sent: Sent) -> OrderSpec:
    header = {name: value for name, value in sent.items() if name != "operations"}
    return OrderSpec(**header, operations=_steps(sent.get("ref", ""), sent["operations"]))


def _steps(order_ref: str, sent: Sequence[Sent]) -> list[OperationSpec]:
    """Machines by their short names become cells; one that nobody knows becomes none, and is refused by the room."""
    _refuse_strangers(order_ref, sent)
    known = cell_ids(step["machine"] for step in sent if step.get("machine") is not None)
    return [
        OperationSpec(
            **{name: value for name, value in step.items() if name not in ("machine", "order_ref")},
            cell_id=None if step.get("machine") is None else known.get(step["machine"], 0),
        )
        for step in sent
    ]


def _refuse_strangers(order_ref: str, sent: Sequence[Sent]) -> None:
    """A step may say whose it is, as it is told when it is read; of another order it is a slip."""
    strange = [k for k, step in enumerate(sent) if step.get("order_ref", order_ref) != order_ref]
    if strange:
        raise Invalid(**{f"operations.{k}.workOrderId": "must be the order it stands in" for k in strange})
