"""Rows of a list of orders in the shape of GET /api/work-orders: one to an operation, one to an order without any."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from webapp.lib.lines import BadFile, Numbered

#: column -> where the answer has it: in the order, or in the operation.
ORDER = {
    "work order": "id",
    "product": "product",
    "qty": "qty",
    "order status": "status",
    "due": "due",
    "priority": "priority",
    "note": "note",
}
OPERATION = {
    "operation id": "id",
    "step": "index",
    "operation": "name",
    "machine": "machineId",
    "required kind": "requiredKind",
    "start": "start",
    "end": "end",
    "seconds": "seconds",
    "status": "status",
    "started at": "startedAt",
    "ended at": "endedAt",
    "qty done": "qtyDone",
    "qty rejected": "qtyRejected",
}
HEADER = [*ORDER, *OPERATION]
ANOTHER_SHAPE = "it is no list of orders: it must be an array as GET /api/work-orders answers it"


def listing_rows(path: Path) -> Iterator[Numbered]:
    """The first one names the columns; operations are numbered through. Raises BadFile."""
    try:
        found = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as no:
        raise BadFile(f"it is no JSON: {no.msg} in line {no.lineno}") from None
    orders = found.get("work_orders") if isinstance(found, dict) else found
    if not isinstance(orders, list) or not all(isinstance(one, dict) and "id" in one for one in orders):
        raise BadFile(ANOTHER_SHAPE)
    yield 1, HEADER
    yield from enumerate((row for order in orders for row in _rows(order)), 2)


def _rows(order: dict[str, Any]) -> Iterator[list[str] | str]:
    operations = order.get("operations")
    if not isinstance(operations, list) or not all(isinstance(one, dict) for one in operations):
        yield f"the operations of {str(order['id'])[:60]} are no list of objects"
        return
    for operation in operations or [{}]:
        yield _fields(order, operation)


def _fields(order: dict[str, Any], operation: dict[str, Any]) -> list[str] | str:
    said = [*(order.get(name) for name in ORDER.values()), *(operation.get(name) for name in OPERATION.values())]
    strange = [name for name, value in zip(HEADER, said, strict=True) if not _is_plain(value)]
    if strange:
        return f"its {strange[0]} is neither text nor a number"
    return ["" if value is None else " ".join(str(value).split()) for value in said]


def _is_plain(value: object) -> bool:
    return value is None or (isinstance(value, str | int | float) and not isinstance(value, bool))
