"""Many orders at once, pasted from a spreadsheet: a look at how each row is understood, then all of them or none."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from webapp import cells, orders
from webapp.lib.clock import utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Invalid, Refusal
from webapp.orders import OrderSpec
from webapp.screens.forms import once
from webapp.screens.orders.door import bp
from webapp.screens.orders.form import SpecForm, plant
from webapp.screens.orders.pasted import NAMES, OrderText, Pasted, Slip, read_rows
from webapp.screens.orders.typed import Slips, read_order

#: {what the room calls a field: the column that it was read from}, where they differ.
COLUMN_OF = {"due_at": "due", "required_kind": "kind", "cell_id": "cell", "seconds": "takes", "idx": "number"}
LABELS = {column: names.split("|")[0].capitalize() for column, names in NAMES.items()}
MOST_SHOWN = 200


@dataclass(frozen=True)
class Reading:
    """What was pasted as it is understood, and what is wrong with it, by row."""

    pasted: Pasted
    specs: list[OrderSpec]
    slips: list[Slip]

    @property
    def steps(self) -> int:
        return sum(len(spec.operations) for spec in self.specs)

    @property
    def wrong_rows(self) -> set[int]:
        return {slip.row for slip in self.slips}


class PasteForm(SpecForm):
    rows = TextAreaField("Rows")
    reading: Reading | None = None

    def refuse(self, no: Refusal) -> None:
        """What the room refuses is told at its row; of what cannot be read, the reading tells already."""
        if self.reading and not self.reading.slips:
            told: dict[str, list[str]] = no.details["fields"]  # type: ignore[assignment]
            self.reading = replace(self.reading, slips=list(_by_row(self.reading.pasted.orders, told)))


@bp.get("/orders/paste")
@may("plan orders")
def paste() -> str:
    return _page(PasteForm())


@bp.post("/orders/paste")
@may("plan orders")
def pasted() -> Response | tuple[str, int] | str:
    """Looked at first; the button of the preview sends the same rows again, to stay."""
    form, now, where = PasteForm(), utcnow(), ""
    form.reading = reading = understood(form.rows.data or "")
    if request.form.get("act") == "add":
        with form.heeding():
            where = once(form, f"user:{current_user.user.id}", now, lambda: _added(reading, now))
    if where:
        return redirect(where, 303)
    return _page(form), 422 if form.reading.slips or form.errors else 200


def _page(form: PasteForm) -> str:
    names = {cell.id: cell.name for cell in cells.all_cells()}
    return render_template(
        "orders/paste.html", form=form, reading=form.reading, machines=names, labels=LABELS, most=MOST_SHOWN
    )


def _added(reading: Reading, now: datetime) -> str:
    if reading.slips:
        raise Invalid(rows="cannot be taken as they stand")
    added = orders.add_orders(reading.specs, current_user, now, source="pasted")
    if len(added) == 1:
        flash(f"{added[0].ref} added, with {reading.steps} steps.", "ok")
        return url_for("orders.show", ref=added[0].ref)
    flash(f"{len(added)} orders added, with {reading.steps} steps.", "ok")
    return url_for("orders.index", sort="created", way="down")


def understood(text: str) -> Reading:
    found, known = read_rows(text), plant()
    specs, told = list[OrderSpec](), Slips()
    for n, order in enumerate(found.orders):
        slips: Slips = {}
        specs.append(read_order(order, known, slips))
        told |= {f"orders.{n}.{field}": says for field, says in slips.items()}
    # What could not be read is told once: the room would tell of what stands in its place.
    refused = {field: [says] for field, says in orders.would_refuse(specs).items()}
    slips_by_row = [*found.slips, *_by_row(found.orders, refused | told)]
    return Reading(found, specs, sorted(slips_by_row, key=lambda slip: slip.row))


def _by_row(read: list[OrderText], told: dict[str, list[str]]) -> list[Slip]:
    """ "orders.0.operations.2.start" is the Start of the row in which the third step of the first order stands."""
    return [Slip(_row(read, field.split(".")), words, _column(field)) for field, says in told.items() for words in says]


def _row(read: list[OrderText], path: list[str]) -> int:
    """The first, where it is about none of them."""
    if path[0] != "orders" or len(path) < 3:
        return 1
    order = read[int(path[1])]
    return order.steps[int(path[3])].row if path[2] == "operations" and len(path) > 4 else order.row


def _column(field: str) -> str:
    name = field.rpartition(".")[2]
    if ".operations." in field and name == "ref":
        return "op"
    return COLUMN_OF.get(name, name if name in LABELS else "")
