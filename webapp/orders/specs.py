"""What a planner asks for, and what can be accepted of it. Pure: who calls hands in what there is."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from webapp.lib.refusal import Invalid

LONGEST_REF = 60
LONGEST_PRODUCT = 200
LONGEST_NAME = 120
LONGEST_KIND = 60
LONGEST_NOTE = 1000
MOST_STEPS = 200
LARGEST_QTY = 1_000_000_000
LONGEST = timedelta(days=366)
# Control characters (a NUL among them, which PostgreSQL refuses) and halves of characters, which are no text.
NO_TEXT = ("Cc", "Cs")

#: What stands where a name of an order could: an order called so would have no address.
RESERVED = ("new", "paste", "pasted", "part", "list", "imports")

Complaints = dict[str, str]


@dataclass(frozen=True)
class OperationSpec:
    """One step as asked for. Either start and end, or the seconds it takes; ref "": it gets one. idx: its place in the
    sequence, from 1; None: where it stands in the list."""

    ref: str = ""
    idx: int | None = None
    name: str = ""
    required_kind: str | None = None
    cell_id: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    seconds: int | None = None
    pinned: bool = False

    @property
    def takes(self) -> int:
        """Seconds of work."""
        if self.seconds is None and self.start and self.end:
            return int((self.end - self.start).total_seconds())
        return self.seconds or 0


@dataclass(frozen=True)
class OrderSpec:
    """An order as asked for. ref "": it gets the next number."""

    ref: str = ""
    product: str = ""
    qty: int = 1
    due_at: datetime | None = None
    priority: int = 5
    note: str = ""
    operations: Sequence[OperationSpec] = field(default_factory=list)


def complaints_of(specs: Sequence[OrderSpec], machines: Mapping[int, str]) -> Complaints:
    """What cannot be accepted, by field: "orders.0.operations.2.start". machines: cell id -> kind, of all there are."""
    found: Complaints = {}
    for n, spec in enumerate(specs):
        complained = {**header_complaints(spec), **steps_complaints(spec.operations, machines)}
        found |= {f"orders.{n}.{name}": says for name, says in complained.items()}
    found |= _repeated((f"orders.{n}.ref", spec.ref) for n, spec in enumerate(specs))
    return found | _repeated(
        (f"orders.{n}.operations.{k}.ref", step.ref)
        for n, spec in enumerate(specs)
        for k, step in enumerate(spec.operations)
    )


def header_complaints(spec: OrderSpec) -> Complaints:
    found = {
        "ref": order_ref_complaint(spec.ref) if spec.ref else None,
        "product": _required(spec.product, LONGEST_PRODUCT),
        "qty": _whole(spec.qty, 1, LARGEST_QTY),
        "due_at": moment_complaint(spec.due_at),
        "priority": _whole(spec.priority, 0, 9),
        "note": _text(spec.note, LONGEST_NOTE, lines=True),
    }
    return {name: says for name, says in found.items() if says}


def steps_complaints(steps: Sequence[OperationSpec], machines: Mapping[int, str]) -> Complaints:
    """By field, as "operations.2.start"."""
    if len(steps) > MOST_STEPS:
        return {"operations": f"must be {MOST_STEPS} steps or fewer; there are {len(steps)}"}
    found = {
        f"operations.{k}.{name}": says for k, step in enumerate(steps) for name, says in _step(step, machines).items()
    }
    found |= _repeated((f"operations.{k}.ref", step.ref) for k, step in enumerate(steps))
    return found | _sequence([k + 1 if step.idx is None else step.idx for k, step in enumerate(steps)])


def order_ref_complaint(ref: object) -> str | None:
    """A name for an order: none that stands for a page."""
    return "must be a number such as WO-1001: pages have that word" if ref in RESERVED else ref_complaint(ref)


def ref_complaint(ref: object) -> str | None:
    """A name of its own: it stands in addresses."""
    if not isinstance(ref, str) or not ref.strip():
        return "must be a name such as WO-1001"
    if ref != ref.strip() or set(ref) & set("/\\") or ref in (".", ".."):
        return "must not hold a slash or a backslash, nor begin or end with a blank"
    return _text(ref, LONGEST_REF)


def refuse_if(complaints: Complaints) -> None:
    if complaints:
        raise Invalid(**dict(complaints.items()))


def _step(step: OperationSpec, machines: Mapping[int, str]) -> Complaints:
    found = {
        "ref": ref_complaint(step.ref) if step.ref else None,
        "name": _required(step.name, LONGEST_NAME),
        "required_kind": step.required_kind and _text(step.required_kind, LONGEST_KIND),
        "cell_id": machine_complaint(step.cell_id, step.required_kind, machines),
        "idx": None if step.idx is None else _whole(step.idx, 1, MOST_STEPS),
        "start": moment_complaint(step.start),
        "end": moment_complaint(step.end),
        "pinned": None if isinstance(step.pinned, bool) else "must be true or false",
    }
    told = {name: says for name, says in found.items() if says}
    return told if {"start", "end"} & set(told) else told | _time(step)


def machine_complaint(cell_id: int | None, kind: str | None, machines: Mapping[int, str]) -> str | None:
    if cell_id is None:
        return None
    if cell_id not in machines:
        return "must be a machine that there is"
    unfit = kind and machines[cell_id] != kind
    return f"is a {machines[cell_id]}, and the operation needs a {kind}" if unfit else None


def _time(step: OperationSpec) -> Complaints:
    if step.start is None and step.end is None:
        longest = int(LONGEST.total_seconds())
        says = _whole(step.seconds, 1, longest) if step.seconds is not None else "is required where there is no start"
        return {"seconds": says} if says else {}
    if step.start is None or step.end is None:
        return {"start" if step.start is None else "end": "is required: a slot has both ends"}
    if step.cell_id is None:
        return {"cell_id": "is required: a slot lies on a machine"}
    says = span_complaint(step.start, step.end)
    return {"end": says} if says else _seconds_in_slot(step)


def _seconds_in_slot(step: OperationSpec) -> Complaints:
    says = _whole(step.seconds, 1, int(LONGEST.total_seconds())) if step.seconds is not None else None
    return {"seconds": says} if says else {}


def span_complaint(start: datetime, end: datetime) -> str | None:
    """What is wrong with the end of a slot."""
    if end <= start:
        return "must be later than start"
    return f"must be within {LONGEST.days} days of start" if end - start > LONGEST else None


def span_complaints(start: datetime, end: datetime) -> Complaints:
    """What is wrong with a slot that is asked for; the wrong way round it may be: that is for the rules to say."""
    found = {name: says for name, at in (("start", start), ("end", end)) if (says := moment_complaint(at))}
    if found or end <= start:
        return found
    return {"end": says} if (says := span_complaint(start, end)) else {}


def _sequence(numbers: Sequence[int]) -> Complaints:
    """1 to n, each once."""
    missing = sorted(set(range(1, len(numbers) + 1)) - set(numbers))
    if not missing:
        return {}
    counted = Counter(numbers)
    wrong = [k for k, idx in enumerate(numbers) if counted[idx] > 1 or not 1 <= idx <= len(numbers)]
    return {f"operations.{k}.idx": f"must be 1 to {len(numbers)}, each once; {missing[0]} is missing" for k in wrong}


def _repeated(named: Iterable[tuple[str, str]]) -> Complaints:
    """The second of two that have the same name."""
    seen: set[str] = set()
    return dict(_twice(named, seen))


def _twice(named: Iterable[tuple[str, str]], seen: set[str]) -> Iterator[tuple[str, str]]:
    for path, ref in named:
        if ref in seen:
            yield path, f"{ref} stands here twice"
        elif ref:
            seen.add(ref)


def taken_complaints(specs: Sequence[OrderSpec], orders: Collection[str], operations: Collection[str]) -> Complaints:
    """Names that others have. orders, operations: those of the wanted ones that exist already."""
    found = {f"orders.{n}.ref": spec.ref for n, spec in enumerate(specs) if spec.ref in orders}
    found |= {
        f"orders.{n}.operations.{k}.ref": step.ref
        for n, spec in enumerate(specs)
        for k, step in enumerate(spec.operations)
        if step.ref in operations
    }
    return {path: f"{ref} exists already" for path, ref in found.items()}


def _required(text: object, limit: int) -> str | None:
    if not isinstance(text, str) or not text.strip():
        return "is required"
    return _text(text, limit)


def _text(text: object, limit: int, lines: bool = False) -> str | None:
    """lines: several are allowed."""
    if not isinstance(text, str):
        return "must be text"
    plain = text.replace("\r", "").replace("\n", "").replace("\t", "") if lines else text
    if any(unicodedata.category(character) in NO_TEXT for character in plain):
        return "must not contain control characters, such as line ends"
    return f"must be {limit} characters or fewer; it has {len(text)}" if len(text) > limit else None


def _whole(value: object, low: int, high: int) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return None
    return f"must be a whole number from {low} to {high}"


def moment_complaint(at: object) -> str | None:
    """Years beyond 9000 are slips, and leave no room to count on."""
    if at is None:
        return None
    if not isinstance(at, datetime):
        return "must be a time"
    if at.tzinfo is None:
        return "must say its zone, as 2025-08-20T09:00:00Z does"
    return None if 1970 <= at.year <= 9000 else "must be between 1970 and 9000"
