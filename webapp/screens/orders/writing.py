"""Writing orders: a new one, the same again, and changes of one that there is."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import cells, orders
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.numbers import whole_in
from webapp.lib.refusal import Invalid, WrongState
from webapp.orders import OperationSpec, OrderSpec, WorkOrder
from webapp.screens.forms import once
from webapp.screens.orders.door import bp
from webapp.screens.orders.form import OrderForm, order_form
from webapp.screens.orders.lines import step_text
from webapp.screens.orders.pasted import StepText
from webapp.screens.times import site_zone, written

LONGEST_SHIFT = 3660


@bp.get("/orders/new")
@may("plan orders")
def new() -> str:
    form, earlier = order_form(ref=orders.next_ref()), _earlier()
    if earlier:
        _same_again(form, earlier, _days(request.args.get("days", "")))
    return _new_page(form, earlier)


def _earlier() -> WorkOrder | None:
    ref = request.args.get("from", "").strip()
    return orders.one_order(ref) if ref else None


def _days(text: str) -> int | None:
    """By how many days all times are moved; None: the copy has no times yet."""
    plain = text.strip().removeprefix("+")
    if not plain:
        return None
    days = whole_in(plain.removeprefix("-"), LONGEST_SHIFT)
    if days is None:
        raise Invalid(days=f"must be a whole number of days, at most {LONGEST_SHIFT}")
    return -days if plain.startswith("-") else days


def _same_again(form: OrderForm, earlier: WorkOrder, days: int | None) -> None:
    names = {cell.id: cell.name for cell in cells.all_cells(retired=True)}
    form.product.data, form.qty.data, form.note.data = earlier.product, str(earlier.qty), earlier.note
    form.priority.data, form.due.data = str(earlier.priority), _shifted(earlier.due_at, days)
    steps = [replace(step_text(step, names), op="", start=_shifted(step.starts, days)) for step in earlier.operations]
    form.set_lines(steps or [StepText()])


def _shifted(at: datetime | None, days: int | None) -> str:
    """By the clock on the wall: a week later is the same hour. Where there is none such that night, the form asks."""
    if at is None or days is None:
        return ""
    local = at.astimezone(site_zone()).replace(tzinfo=None) + timedelta(days=days)
    return written(local)


def _new_page(form: OrderForm, earlier: WorkOrder | None = None) -> str:
    return render_template("orders/new.html", **_around(form), earlier=earlier, days=request.args.get("days", ""))


def _around(form: OrderForm) -> dict[str, Any]:
    """What a form of an order offers beside its fields."""
    machines = [cell for cell in cells.all_cells() if "operation" in cell.takes]
    return {"form": form, "machines": machines, "kinds": sorted({cell.kind for cell in machines})}


@bp.post("/orders")
@may("plan orders")
def create() -> Response | tuple[str, int] | str:
    now, form = utcnow(), order_form()
    if _rearranged(form):
        return _new_page(form)
    with form.heeding():
        spec = form.spec(anew=True)
        where = once(form, _owner(), now, lambda: _created(spec, now))
    if form.errors:
        return _new_page(form), form.status
    return redirect(where, 303)


def _rearranged(form: OrderForm) -> bool:
    """A button of the table was pressed, and not the one that saves."""
    act = request.form.get("act", "save")
    if act == "paste":
        with form.heeding():
            form.take_pasted()
    elif act != "save":
        form.rearrange(act)
    return act != "save"


def _owner() -> str:
    """Whose keys a form's key is one of."""
    return f"user:{current_user.user.id}"


def _created(spec: OrderSpec, now: datetime) -> str:
    [order] = orders.add_orders([spec], current_user, now)
    flash(f"{order.ref} added{'' if order.operations else ', without steps'}.", "ok")
    return url_for("orders.show", ref=order.ref)


@bp.get("/orders/<ref>/edit")
@may("plan orders")
def edit(ref: str) -> str:
    order = orders.one_order(ref)
    if order.status in ("done", "cancelled"):
        raise WrongState(f"{order.ref} is {order.status}: it is not changed any more", status=order.status)
    return _edit_page(order, order_form(order))


def _edit_page(order: WorkOrder, form: OrderForm) -> str:
    begun = [step for step in order.operations if not step.movable]
    return render_template("orders/edit.html", order=order, begun=begun, **_around(form))


@bp.post("/orders/<ref>/changes")
@may("plan orders")
def change(ref: str) -> Response | tuple[str, int] | str:
    now, order = utcnow(), orders.one_order(ref)
    form = order_form(order)
    if _rearranged(form):
        return _edit_page(order, form)
    with form.heeding():
        spec = replace(form.spec(), ref=order.ref)
        where = once(form, _owner(), now, lambda: _changed(order, spec, form.version.data, now))
    if form.errors:
        order = orders.one_order(ref)
        form.tell_steps(order)
        return _edit_page(order, form), form.status
    return redirect(where, 303)


def _changed(order: WorkOrder, spec: OrderSpec, version: int | None, now: datetime) -> str:
    """One commit: what the order is, then its steps, where these are not what they were."""
    ref = order.ref
    fields = {name: getattr(spec, name) for name in ("product", "qty", "due_at", "priority", "note")}
    changed = orders.change_order(ref, fields, current_user, now, version)
    steps = with_begun(changed, spec.operations)
    if steps != with_begun(changed, as_it_stands(changed)):
        orders.set_operations(ref, steps, current_user, now)
    flash(f"{ref} saved.", "ok")
    return url_for("orders.show", ref=ref)


def as_it_stands(order: WorkOrder) -> list[OperationSpec]:
    """Its steps that can be changed, as they would be sent back unread."""
    return [_spec(step) for step in order.operations if step.movable]


def _spec(step: orders.Operation) -> OperationSpec:
    seconds = int((step.ends - step.starts).total_seconds()) if step.starts and step.ends else step.seconds
    place = (step.cell_id, step.starts, step.ends)
    return OperationSpec(step.ref, None, step.name, step.required_kind, *place, seconds, step.pinned)


def with_begun(order: WorkOrder, specs: list[OperationSpec] | Any) -> list[OperationSpec]:
    """All steps in sequence: what has begun keeps its place, the others fill the places between."""
    pinned = {step.ref: step.pinned for step in order.operations}
    rest = [replace(spec, idx=None, pinned=pinned.get(spec.ref, False)) for spec in specs]
    steps: list[OperationSpec] = []
    for begun in (step for step in order.operations if not step.movable):
        while rest and len(steps) < begun.idx - 1:
            steps.append(rest.pop(0))
        steps.append(_spec(begun))
    return [*steps, *rest]
