"""How a file of orders is to be read, as a form: which column is which, and which cell each of its machines is."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice

from webapp import cells
from webapp.lib.refusal import Invalid
from webapp.orders import ImportRules, OrderImport
from webapp.screens.forms import RoomForm
from webapp.screens.project_forms import whole

ROLES = {
    "order": "Order number",
    "product": "Product",
    "qty": "Quantity",
    "due": "Due",
    "priority": "Priority",
    "step": "Step number",
    "name": "Operation",
    "machine": "Machine",
    "kind": "Kind of machine",
    "start": "Start",
    "end": "End",
    "duration": "Duration",
    "status": "Status of the operation",
    "began": "Really began",
    "ended": "Really ended",
    "done": "Quantity done",
    "rejected": "Quantity rejected",
    "op": "Operation's own id",
    "order_status": "Status of the order",
    "note": "Note",
}
#: What an empty choice means, where it means something.
NONE = {"step": "By time", "status": "Past is done, the rest is planned", "qty": "1 each"}
DATES = {"": "Refuse them", "day": "The day: 3 April", "month": "The month: 4 March"}
UNITS = {"minutes": "Minutes", "hours": "Hours", "seconds": "Seconds"}
#: A form has its limit of fields; machines beyond are taken as they are guessed.
MOST_MACHINES = 100


class OrderRulesForm(RoomForm):
    """A field for each role is added by `order_rules_form`, and machines come as lines."""

    zone = StringField("Time zone")
    dates = SelectField("In 03/04/2026 comes first", validate_choice=False)
    unit = SelectField("Durations are", validate_choice=False)
    site_id = SelectField("Site of cells that are made", validate_choice=False)
    most_bad = StringField("All or nothing")

    def rules(self, job: OrderImport) -> ImportRules:
        return ImportRules(
            columns={role: name for role in ROLES if (name := self[f"column_{role}"].data or "")},
            zone=(self.zone.data or "").strip(),
            dates=self.dates.data or "",
            unit=self.unit.data or "",
            machines={**job.settled.machines, **_machines()},
            site_id=whole(self.site_id.data, "site_id"),
            most_bad=whole(self.most_bad.data, "most_bad"),
        )


def _machines() -> dict[str, Sequence[str]]:
    """As the file calls each -> the cell and the kind that somebody typed beside it."""
    typed = request.form
    found: dict[str, Sequence[str]] = {}
    for n in range(MOST_MACHINES):
        if text := typed.get(f"machines-{n}-text"):
            cell, kind = (" ".join(typed.get(f"machines-{n}-{part}", "").split()) for part in ("cell", "kind"))
            if cell and not kind:
                raise Invalid(machines=f"must have a kind: what is {text[:40]}?")
            found[text] = [cell, kind]
    return found


def order_rules_form(job: OrderImport, header: Sequence[str]) -> OrderRulesForm:
    form = _with_columns()(data=_values(job))
    for role in ROLES:
        names = {name: name for name in header if name}
        form[f"column_{role}"].choices = _choices({"": NONE.get(role, "–"), **names})
    form.dates.choices, form.unit.choices = _choices(DATES), _choices(UNITS)
    form.site_id.choices = _choices({str(site.id): site.name for site in cells.sites()})
    return form


def _with_columns() -> type[OrderRulesForm]:
    fields = {f"column_{role}": SelectField(label, validate_choice=False) for role, label in ROLES.items()}
    return type("OrderColumnsForm", (OrderRulesForm,), fields)


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in words.items()]


def _values(job: OrderImport) -> dict[str, Any]:
    rules = job.settled
    columns = {f"column_{role}": name for role, name in rules.columns.items()}
    numbers = {name: "" if (n := getattr(rules, name)) is None else str(n) for name in ("site_id", "most_bad")}
    return {"zone": rules.zone, "dates": rules.dates, "unit": rules.unit, **columns, **numbers}
