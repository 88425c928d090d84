"""What the tests of orders' pages share: a planner at the desk, machines, and orders with steps."""

from datetime import timedelta
from typing import Any

from tests.screens.desk import tree
from tests.tree import Element
from tests.world import idle_cell, person
from webapp import orders
from webapp.lib.clock import utcnow
from webapp.orders import OperationSpec, OrderSpec

HOUR = timedelta(hours=1)


#: The same all the time: a minute may turn in the middle of a test.
TOMORROW = (utcnow() + timedelta(days=1)).replace(second=0, microsecond=0)


def soon(hours: float = 0) -> Any:
    """A full minute, tomorrow and so many hours."""
    return TOMORROW + timedelta(hours=hours)


def make_machine(name: str = "C01", **given: Any) -> Any:
    """Idle, and takes operations."""
    return idle_cell(name, **{"takes": ["operation"], **given})


def make_order(ref: str = "WO-1", *steps: Any, **given: Any) -> Any:
    """steps: names, or OperationSpecs; a name takes an hour and is not placed."""
    specs = [step if isinstance(step, OperationSpec) else OperationSpec(name=step, seconds=3600) for step in steps]
    now = given.pop("now", utcnow())
    return orders.add_orders([OrderSpec(ref, **{"product": "Housing", **given}, operations=specs)], person("pat"), now)[
        0
    ]


def placed(name: str, cell: Any, hours: float = 0, length: timedelta = HOUR) -> OperationSpec:
    start = soon(hours)
    return OperationSpec(name=name, cell_id=cell.id, start=start, end=start + length)


def fields(page: Any) -> list[tuple[str, str]]:
    """What the order's form would send: a column of the steps comes once for each line."""
    form = next(e for e in tree(page) if e.tag == "form" and "data-order-form" in e.attrs)
    inputs = [e for e in form if e.tag in ("input", "select", "textarea") and e.attrs["name"] != "csrf_token"]
    return [(e.attrs["name"], _value(e)) for e in inputs]


def _value(field: Element) -> str:
    if field.tag != "select":
        return field.attrs.get("value", field.text)
    options = [option for option in field if option.tag == "option"]
    return next((o.attrs["value"] for o in options if "selected" in o.attrs), options[0].attrs["value"])


def send(client: Any, path: str, sent: list[tuple[str, str]], **changes: str) -> Any:
    """changes: of the order's own fields, and act: which button."""
    data: dict[str, list[str]] = {}
    for name, value in sent:
        data.setdefault(name, []).append(value)
    return client.post(path, data=data | {name: [value] for name, value in changes.items()})


def lines(page: Any) -> list[dict[str, str]]:
    """Of the steps' table, as far as something stands in them."""
    columns = ("op", "name", "kind", "cell", "start", "takes")
    found = {column: [value for name, value in fields(page) if name == f"step_{column}"] for column in columns}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*found.values(), strict=True)]
    return [row for row in rows if any(row.values())]


def with_lines(sent: list[tuple[str, str]], *rows: dict[str, str]) -> list[tuple[str, str]]:
    """The same form with these lines in its table."""
    columns = ("op", "name", "kind", "cell", "start", "takes")
    rest = [(name, value) for name, value in sent if not name.startswith("step_")]
    return rest + [(f"step_{column}", row.get(column, "")) for row in rows for column in columns]
