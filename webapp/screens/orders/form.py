"""An order as a form: a few fields, and a table of steps that grows, shrinks and changes its order with or without a
script."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from webapp import cells, orders
from webapp.lib.refusal import Conflict, Invalid, Refusal, Stale
from webapp.orders import OrderSpec, RuleViolation, WorkOrder
from webapp.screens.forms import RoomForm
from webapp.screens.orders.lines import BLANK, Line, length_text, lines_of, rearranged, sent_steps, stored_steps
from webapp.screens.orders.pasted import OrderText, StepText, read_rows
from webapp.screens.orders.typed import Plant, Slips, read_order
from webapp.screens.times import shown_time, site_zone

#: {what the room calls a step's field: (what the form calls it, its label)}
STEP_FIELDS = {
    "name": ("name", "Operation"),
    "required_kind": ("kind", "Kind of machine"),
    "cell_id": ("cell", "Machine"),
    "start": ("start", "Start"),
    "end": ("takes", "Takes"),
    "seconds": ("takes", "Takes"),
    "ref": ("name", "Number"),
    "idx": ("name", "Place"),
}
PRIORITIES = {9: "9 · first", 5: "5 · normal", 0: "0 · last"}


class SpecForm(RoomForm):
    """A form that asks for orders: of a name that is taken the room tells in a way of its own."""

    @contextmanager
    def heeding(self) -> Iterator[None]:
        try:
            with super().heeding():
                yield
        except Conflict as no:
            if "fields" in no.details:
                self.refuse(Invalid(**no.details["fields"]))  # type: ignore[arg-type]
            else:
                self.form_errors.append(no.message)


class OrderForm(SpecForm):
    """The planner's form. `lines` are its steps; those that have begun are shown beside it and cannot be changed."""

    ref = StringField("Order number")
    product = StringField("Product")
    qty = StringField("Pieces")
    due = StringField("Due")
    priority = SelectField("Priority", validate_choice=False, default="5")
    note = TextAreaField("Note")
    pasted = TextAreaField("Pasted rows")
    version = IntegerField("Version", validators=[Optional()])

    lines: list[Line]
    begun: Collection[int] = ()  # the places of steps that cannot be changed any more

    @property
    def errors(self) -> dict[str | None, Sequence[str]]:
        of_steps = {
            f"steps-{line.n}-{name}": [f"Step {line.no}: {words}"]
            for line in self.lines
            for name, words in line.errors.items()
        }
        return {**super().errors, **of_steps}

    def text(self) -> OrderText:
        """As it was typed, without the lines that hold nothing."""
        typed: dict[str, Any] = {
            name: (self[name].data or "").strip() for name in ("ref", "product", "qty", "due", "priority", "note")
        }
        return OrderText(**typed, steps=[line.step for line in self.lines if not line.is_blank])

    def spec(self, anew: bool = False) -> OrderSpec:
        """What was typed, as the room takes it; raises Invalid. anew: with all that the room would refuse of a new one,
        so that everything is told at once."""
        slips: Slips = {}
        self.set_lines([line.step for line in self.lines if not line.is_blank])
        spec = read_order(self.text(), plant(), slips)
        if not (self.qty.data or "").strip():
            slips["qty"] = ["must be a whole number"]
        if slips:
            refused = orders.would_refuse([spec]) if anew else {}
            told = {name.removeprefix("orders.0."): [says] for name, says in refused.items()} | slips
            raise Invalid(**{self._in_sequence(name): says for name, says in told.items()})
        return spec

    def _in_sequence(self, name: str) -> str:
        """ "operations.0.start", of the first line, as the room calls it, which counts the steps that have begun."""
        of, _, rest = name.partition(".")
        n, _, what = rest.partition(".")
        return f"{of}.{self.lines[int(n)].no - 1}.{what}" if of == "operations" and what else name

    def refuse(self, no: Refusal) -> None:
        """A room tells of "orders.0.operations.2.start": that is the third step's start."""
        rest: dict[str, list[str]] = {}
        for path, says in no.details["fields"].items():  # type: ignore[attr-defined]
            name = path.removeprefix("orders.0.")
            line = next((one for one in self.lines if name.startswith(f"operations.{one.no - 1}.")), None)
            if line:
                self._tell_line(line, name.rpartition(".")[2], says)
            else:
                rest[{"due_at": "due", "operations": "steps"}.get(name, name)] = says
        super().refuse(Invalid(**rest))

    @contextmanager
    def heeding(self) -> Iterator[None]:
        try:
            with super().heeding():
                yield
        except RuleViolation as no:
            self._tell_rule(no)

    def _tell_rule(self, no: RuleViolation) -> None:
        """Said at the step that breaks it, with the first start that would not."""
        first = no.details.get("earliest_start")
        free = f"; free from {shown_time(first, site_zone())}" if isinstance(first, datetime) else ""
        line = next((line for line in self.lines if line.step.op and line.step.op == no.details.get("operation")), None)
        if line:
            line.errors["start"] = f"{no.message}{free}"
        else:
            self.form_errors.append(f"A new step breaks a rule: {no.message}{free}")

    def show_both(self, no: Refusal) -> None:
        """Somebody was quicker; the fields here are called otherwise than the room calls them."""
        zone = site_zone()
        said: dict[str, Any] = dict(no.details["values"])  # type: ignore[call-overload]
        if "due_at" in said:
            both = said.pop("due_at")
            said["due"] = {who: shown_time(at, zone) if at else "" for who, at in both.items()}
        super().show_both(Stale(no.message, **{**no.details, "values": said}))

    def tell_steps(self, order: WorkOrder) -> None:
        """Where the form is shown again beside what somebody else wrote: each step that is not what was typed."""
        if self.status != Stale.status:
            return
        there = {step.op: step for step in stored_steps(order)}
        for line in self.lines:
            now = there.pop(line.step.op, None) if line.step.op else None
            for name, label in (("name", "Operation"), ("cell", "Machine"), ("start", "Start"), ("takes", "Takes")):
                yours, theirs = getattr(line.step, name), now and getattr(now, name)
                if theirs is not None and theirs != yours:
                    line.errors.setdefault(name, f"{label} is now {theirs or 'empty'}; you typed {yours or 'nothing'}")
        self.form_errors.extend(f"There is a step {step.name} that you do not have" for step in there.values())

    def _tell_line(self, line: Line, name: str, says: Sequence[str]) -> None:
        ours, label = STEP_FIELDS.get(name, ("name", name))
        line.errors.setdefault(ours, f"{label} {says[0]}")

    def set_lines(self, steps: Sequence[StepText]) -> None:
        self.lines = lines_of(steps, self.begun)

    def rearrange(self, act: str) -> None:
        self.set_lines(rearranged([line.step for line in self.lines], act))

    def take_pasted(self) -> None:
        """The pasted rows become lines behind those that are filled; what they say of the order goes into its empty
        fields."""
        found = read_rows(self.pasted.data or "")
        if len(found.orders) > 1:
            refs = ", ".join(order.ref for order in found.orders[:3])
            raise Invalid(pasted=f"are of {len(found.orders)} orders ({refs} …): paste them under Paste orders")
        if found.slips:
            raise Invalid(pasted=[f"cannot be read: row {slip.row} {slip.says}" for slip in found.slips])
        [order] = found.orders
        filled = [line.step for line in self.lines if not line.is_blank]
        self.set_lines([*filled, *(_in_form(step, site_zone()) for step in order.steps)])
        for name in ("ref", "product", "qty", "due", "priority", "note"):
            if getattr(order, name) and (name == "priority" or not (self[name].data or "").strip()):
                self[name].data = getattr(order, name)
        self.pasted.data = ""


def _in_form(step: StepText, zone: ZoneInfo) -> StepText:
    """The form has a start and a length: an end becomes one."""
    slips: Slips = {}
    if step.takes or not (step.start and step.end):
        return replace(step, end="")
    read = read_order(OrderText(steps=[step]), Plant(zone, {}), slips).operations[0]
    return replace(step, end="", takes=length_text(read.seconds)) if read.seconds else step


def plant() -> Plant:
    """Of this moment; two machines whose names differ by a capital only are told apart by it."""
    machines = cells.all_cells()
    return Plant(site_zone(), {cell.name.lower(): cell.id for cell in machines} | {c.name: c.id for c in machines})


def order_form(order: WorkOrder | None = None, ref: str = "") -> OrderForm:
    """As it was sent, or else as the order stands; ref: the number that a new one would get."""
    form = OrderForm(data=_values(order) if order else {"ref": ref, "qty": "1"})
    form.priority.choices = [SelectChoice(value=str(n), label=PRIORITIES.get(n, str(n))) for n in range(9, -1, -1)]
    form.begun = {step.idx for step in order.operations if not step.movable} if order else ()
    form.set_lines(list(sent_steps()) if request.method == "POST" else _steps(order))
    return form


def _steps(order: WorkOrder | None) -> list[StepText]:
    if order is None:
        return [StepText()] * BLANK
    return stored_steps(order) or [StepText()]


def _values(order: WorkOrder) -> dict[str, Any]:
    due = shown_time(order.due_at, site_zone()) if order.due_at else ""
    plain = {name: getattr(order, name) for name in ("ref", "product", "note", "version")}
    return {**plain, "qty": str(order.qty), "due": due, "priority": str(order.priority)}
