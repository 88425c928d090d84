"""The rows of one order become an order, whatever the sequence they stood in. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from webapp.lib.spool import Refused
from webapp.orders.imports.understanding import Told, digest_of
from webapp.orders.specs import LARGEST_QTY, MOST_STEPS

T = TypeVar("T", bound=Hashable)
Numbered = tuple[int, Told]
UNTOLD = "Not stated"


@dataclass(frozen=True)
class Step:
    """One operation as the file has it. Times: epoch seconds; status "": its times say it."""

    key: str
    op: str
    place: tuple[Any, ...]  # in the sequence of its order
    name: str
    machine: str
    kind: str
    start: int | None
    end: int | None
    seconds: int
    status: str
    began: int | None
    ended: int | None
    done: int | None
    rejected: int | None

    @property
    def digest(self) -> str:
        return digest_of(vars(self))


@dataclass(frozen=True)
class Wanted:
    """An order as the file has it. disagree: its rows say different things of it, and most of them are believed."""

    ref: str
    product: str
    qty: int
    due: int | None
    priority: int
    note: str
    status: str
    disagree: bool
    steps: Sequence[Step] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return digest_of({name: value for name, value in vars(self).items() if name != "steps"})


def merged(rows: Sequence[Told]) -> Wanted:
    """rows: all of one order, after `disagreements` had its say."""
    by_key: defaultdict[str, list[Told]] = defaultdict(list)
    for row in rows:
        by_key[row.key].append(row)
    steps = [_step(key, same) for key, same in by_key.items() if key]
    said = {role: [getattr(row, role) for row in rows] for role in ("product", "qty", "due", "priority", "note")}
    told = {role: _most(value for value in values if value not in ("", 0, None)) for role, values in said.items()}
    return Wanted(
        ref=rows[0].order,
        product=told["product"] or UNTOLD,
        qty=told["qty"] or 1,
        due=told["due"],
        priority=_most(value for value in said["priority"] if value is not None) if _any(said["priority"]) else 5,
        note=told["note"] or "",
        status=_most(row.order_status for row in rows if row.order_status) or "",
        disagree=any(len({*values} - {"", 0, None}) > 1 for role, values in said.items() if role != "note"),
        steps=sorted(steps, key=lambda step: step.place),
    )


def _any(values: Iterable[object]) -> bool:
    return any(value is not None for value in values)


def _most(values: Iterable[Any]) -> Any:
    """What most say; of two as frequent the smaller, so that shuffled rows come to the same. None: nobody says it."""
    counted = Counter(values)
    return min(counted, key=lambda value: (-counted[value], value)) if counted else None


def _step(key: str, rows: Sequence[Told]) -> Step:
    """Several rows of one operation: a shift each, or a person each. It lasts from the first to the last of them."""
    first = min(rows, key=lambda row: row.digest)
    start, began = _of(min, rows, "start"), _of(min, rows, "began")
    return Step(
        key=key,
        op=first.op,
        place=(first.step or 0, start or began or 0, _of(max, rows, "end") or 0, first.name, first.machine, key),
        name=first.name,
        machine=first.machine,
        kind=_most(row.kind for row in rows if row.kind) or "",
        start=start,
        end=_of(max, rows, "end"),
        seconds=max(row.seconds for row in rows),
        status=_status({row.status for row in rows}),
        began=began,
        ended=_of(max, rows, "ended"),
        done=_of(sum, rows, "done"),
        rejected=_of(sum, rows, "rejected"),
    )


def _of(pick: Callable[[list[int]], int], rows: Sequence[Told], role: str) -> int | None:
    values = [value for row in rows if (value := getattr(row, role)) is not None]
    return pick(values) if values else None


def _status(words: set[str]) -> str:
    """Of several rows: what is not over in one of them is not over."""
    return next((word for word in ("planned", "failed", "", "done", "cancelled") if word in words), "")


def disagreements(rows: Sequence[Numbered]) -> list[Refused]:
    """Rows of one order that contradict each other: each of them is refused, since nobody can say which is right."""
    steps = [(line, row) for line, row in rows if row.key]
    by_key = _by(steps, lambda row: row.key)
    told = _too_many(by_key) | _two_things(by_key, "is told of twice, and differently")
    told |= _two_things(_by([one for one in steps if one[1].step], lambda row: row.step), "is two operations")
    if len(by_key) > MOST_STEPS:
        told |= {line: f"{row.order} has more than {MOST_STEPS} operations" for line, row in steps}
    accepted = f"each operation of an order once, up to {MOST_STEPS} of them, and of each up to {LARGEST_QTY:,} pieces"
    return [(line, why, accepted) for line, why in sorted(told.items())]


def _by(rows: Sequence[Numbered], of: Callable[[Told], T]) -> Mapping[T, list[Numbered]]:
    found: defaultdict[T, list[Numbered]] = defaultdict(list)
    for line, row in rows:
        found[of(row)].append((line, row))
    return found


def _two_things(groups: Mapping[Any, list[Numbered]], says: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for rows in groups.values():
        if len({(row.key, row.step, row.name, row.machine) for _, row in rows}) > 1:
            found |= {line: f"step {row.step or row.op} of {row.order} {says} ({_lines(rows)})" for line, row in rows}
    return found


def _too_many(groups: Mapping[Any, list[Numbered]]) -> dict[int, str]:
    """Each row says what can be; together they come to more than an operation can hold."""
    found: dict[int, str] = {}
    for rows in groups.values():
        for role in ("done", "rejected"):
            if (count := _of(sum, [row for _, row in rows], role) or 0) > LARGEST_QTY:
                why = f"{_lines(rows)} add up to a quantity {role} of {count:,}"
                found |= {line: why for line, _ in rows}
    return found


def _lines(rows: Sequence[Numbered]) -> str:
    lines = sorted(line for line, _ in rows)
    return "rows " + ", ".join(str(line) for line in lines[:4]) + (" …" if len(lines) > 4 else "")
