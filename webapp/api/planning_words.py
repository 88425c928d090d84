"""The words programs have for the plan: machineId is a cell's short name, a cell's number stays inside."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from webapp import orders
from webapp.lib.refusal import Invalid, Refusal

#: The rooms' names of fields -> the contract's.
WORDS = {
    "ref": "id",
    "idx": "index",
    "cell_id": "machineId",
    "required_kind": "requiredKind",
    "due_at": "due",
    "duty_id": "dutyId",
    "request_id": "requestId",
    "ended_at": "endedAt",
    "qty_done": "qtyDone",
    "qty_rejected": "qtyRejected",
}
ONE_ORDER = re.compile(r"orders\.0\.")


@contextmanager
def in_our_words() -> Iterator[None]:
    """What a room says of its fields, said of those that were sent."""
    try:
        yield
    except Refusal as no:
        fields = no.details.get("fields")
        if isinstance(fields, dict):
            no.details["fields"] = {field_name(name): says for name, says in fields.items()}
        raise


def field_name(name: str) -> str:
    """orders.0.operations.2.cell_id -> operations.2.machineId"""
    path = ONE_ORDER.sub("", name).split(".")
    return ".".join(WORDS.get(part, part) for part in path)


def cell_ids(names: Iterable[str]) -> dict[str, int]:
    """short name -> the cell's number, of those that there are."""
    return orders.machines_named(set(names))


def machine(name: str | None) -> int | None:
    """The number of the machine of this name; raises Invalid."""
    if name is None:
        return None
    found = cell_ids([name])
    if name not in found:
        raise Invalid(machineId="must be a machine that there is")
    return found[name]
