"""Rows as people copy them out of a spreadsheet: split, their columns known by name, gathered into orders. Pure."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from webapp.lib.numbers import whole_in

#: What a column may be called, plainly written; the first name of each is the one the page tells.
NAMES = {
    "ref": "order|work order|work order no|order no|order number|order id|wo|wo no|work order id|job|case id|auftrag",
    "product": "product|part|item|article|material|part name|part desc|part description|description|artikel",
    "qty": "quantity|qty|pieces|pcs|amount|order qty|work order qty|menge|stück",
    "due": "due|due date|deadline|due at|deliver by|delivery|delivery date|needed by|termin|fällig",
    "priority": "priority|prio|urgency|priorität",
    "note": "note|notes|remark|remarks|comment|comments|bemerkung",
    "number": "step|step no|no|nr|seq|sequence|index|idx|op no|operation no|operation number|position|pos|schritt",
    "name": "operation|operation name|step name|activity|task|process|work step|arbeitsgang",
    "op": "operation id|step id|op id|operation ref|op",
    "kind": "kind|kind of machine|machine kind|machine type|type|needs|needed kind",
    "cell": "machine|cell|lane|resource|work center|work centre|workcenter|station|machine id|maschine",
    "start": "start|start time|starts|begin|from|planned start|start timestamp|beginn",
    "end": "end|end time|ends|finish|to|until|planned end|complete timestamp|ende",
    "takes": "takes|duration|span|time|minutes|min|mins|hours|hrs|run time|runtime|processing time|dauer",
}
KNOWN = {name: column for column, names in NAMES.items() for name in names.split("|")}
#: How the columns are taken where no row names them.
USUAL = ("ref", "product", "qty", "due", "number", "name", "cell", "start", "takes")
OF_ORDER, OF_STEP = (
    ("product", "qty", "due", "priority", "note"),
    ("op", "name", "kind", "cell", "start", "end", "takes"),
)
#: A unit in a column's head is meant for bare numbers below it.
UNITS = {"min": "min", "mins": "min", "minutes": "min", "h": "h", "hrs": "h", "hours": "h", "s": "s", "seconds": "s"}
MOST_ROWS, MOST_WIDE = 2000, 300
_BARE = re.compile(r"\d+([.,]\d+)?", re.ASCII)
_PLAIN = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True)
class Slip:
    """Something that cannot be taken as it stands. row: as the spreadsheet counts what was pasted, from 1."""

    row: int
    says: str
    column: str = ""


@dataclass(frozen=True)
class StepText:
    """A step as somebody wrote it; row: where it stands."""

    op: str = ""
    name: str = ""
    kind: str = ""
    cell: str = ""
    start: str = ""
    end: str = ""
    takes: str = ""
    row: int = 0


@dataclass
class OrderText:
    ref: str = ""
    product: str = ""
    qty: str = ""
    due: str = ""
    priority: str = ""
    note: str = ""
    steps: list[StepText] = field(default_factory=list)
    row: int = 0


@dataclass
class Pasted:
    """orders: as far as they could be read. taken: (column, what it was called); unused: heads nobody knows."""

    orders: list[OrderText] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    named: bool = True
    rows: int = 0


Row = tuple[int, dict[str, str]]


def read_rows(text: str) -> Pasted:
    """One order or many, of tab, semicolon or comma separated rows, with or without a head."""
    found = Pasted()
    lines = list(_split(text, found.slips))
    if not lines:
        found.slips.append(Slip(1, "nothing was pasted"))
        return found
    columns, units, rest = _columns(lines, found)
    found.rows = len(rest)
    if len(rest) > MOST_ROWS:
        found.slips.append(Slip(rest[MOST_ROWS][0], f"is the first of too many: at most {MOST_ROWS} rows at once"))
        rest = rest[:MOST_ROWS]
    rows = [(number, _named(cells, columns, units)) for number, cells in rest]
    found.orders = _gathered(rows, "ref" in columns, found.slips)
    found.slips.sort(key=lambda slip: slip.row)
    return found


def _split(text: str, slips: list[Slip]) -> Iterator[tuple[int, list[str]]]:
    """(number, its cells) of each row that holds anything. A quoted cell may hold line breaks, as spreadsheets write
    them, so a row may be several lines: rows are counted, not lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    first = next((line for line in text.split("\n") if line.strip()), "")
    separator = "\t" if "\t" in first else max(";,", key=first.count)
    number = 0
    try:
        read = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        for number, cells in enumerate(read, 1):
            plain = [" ".join(cell.split()) for cell in cells]
            if any(plain):
                yield number, plain
    except csv.Error:
        slips.append(Slip(number + 1, "has quotes that do not close, or more behind them; a quote inside is doubled"))


def _columns(
    lines: Sequence[tuple[int, list[str]]], found: Pasted
) -> tuple[dict[str, int], dict[str, str], Sequence[tuple[int, list[str]]]]:
    """Which column stands where, the units their heads name, and the rows below."""
    number, head = lines[0]
    known = [_column_of(cell) for cell in head]
    filled = sum(bool(cell) for cell in head)
    if sum(map(bool, known)) * 2 < filled or not any(known):
        found.named = False
        found.taken = [(column, "") for column in USUAL[: max(len(cells) for _, cells in lines)]]
        return {column: place for place, column in enumerate(USUAL)}, {}, lines
    columns: dict[str, int] = {}
    for place, column in enumerate(known):
        if column and column in columns:
            slip = f"names {head[columns[column]]!r} and {head[place]!r}, which mean the same; leave one of them out"
            found.slips.append(Slip(number, slip))
        elif column:
            columns[column] = place
    found.taken = [(column, head[place]) for column, place in columns.items()]
    found.unused = [cell for cell, column in zip(head, known, strict=True) if cell and not column]
    units = {column: unit for column, place in columns.items() if (unit := _unit_of(head[place]))}
    return columns, units, lines[1:]


def _plain(head: str) -> str:
    return _PLAIN.sub(" ", head.lower()).strip()


def _column_of(head: str) -> str:
    """ "Duration (min)" and "due_date" are known as well as "Duration" and "Due date"."""
    words = _plain(head)
    bare = " ".join(word for word in words.split() if word not in UNITS)
    return KNOWN.get(words) or KNOWN.get(bare, "")


def _unit_of(head: str) -> str:
    return next((UNITS[word] for word in _plain(head).split() if word in UNITS), "")


def _named(cells: Sequence[str], columns: dict[str, int], units: dict[str, str]) -> dict[str, str]:
    row = {column: cells[place][:MOST_WIDE] if place < len(cells) else "" for column, place in columns.items()}
    if "takes" in units and _BARE.fullmatch(row["takes"]):
        row["takes"] += f" {units['takes']}"
    return row


def _gathered(rows: Sequence[Row], have_refs: bool, slips: list[Slip]) -> list[OrderText]:
    """Rows of the same order, wherever they stand. An empty cell under Order means the order above."""
    orders: dict[str, OrderText] = {}
    members: dict[str, list[Row]] = {}
    ref = ""
    for number, row in rows:
        ref = row.get("ref", "") or ref
        if have_refs and not ref:
            slips.append(Slip(number, "must name its order", "ref"))
            continue
        order = orders.setdefault(ref, OrderText(ref=ref, row=number))
        _tell(order, number, row, slips)
        members.setdefault(ref, []).append((number, row))
    for ref, order in orders.items():
        order.steps = _steps(members[ref], slips)
    return list(orders.values())


def _tell(order: OrderText, number: int, row: dict[str, str], slips: list[Slip]) -> None:
    """What a row says of the order as a whole: once is enough, but twice must be the same."""
    for column in OF_ORDER:
        said, known = row.get(column, ""), getattr(order, column)
        if said and known and said != known:
            slips.append(Slip(number, f"says {said}; another row of the same order says {known}", column))
        elif said:
            setattr(order, column, said)


def _steps(rows: Sequence[Row], slips: list[Slip]) -> list[StepText]:
    """In the order of their numbers, or as they stand where they have none."""
    placed = [(row.get("number", ""), _step(number, row)) for number, row in rows if any(map(row.get, OF_STEP))]
    if not any(number for number, _ in placed):
        return [step for _, step in placed]
    counted = [(whole_in(text) or 0, step) for text, step in placed]
    bad = [Slip(step.row, "must be a whole number from 1", "number") for count, step in counted if not count]
    counted.sort(key=lambda one: one[0])
    slips.extend(bad or _gaps(counted))
    return [step for _, step in counted]


def _step(number: int, row: dict[str, str]) -> StepText:
    return StepText(**{column: row.get(column, "") for column in OF_STEP}, row=number)


def _gaps(counted: Sequence[tuple[int, StepText]]) -> Iterator[Slip]:
    """1, 2, 3 and 10, 20, 30 are sequences; 1, 2, 4 misses one, and nobody can know which."""
    stride = counted[0][0] if counted[0][0] in (1, 5, 10, 100) else 1
    for (before, _), (count, step) in pairwise([(0, counted[0][1]), *counted]):
        if count == before:
            yield Slip(step.row, f"is {count}, as another step of its order", "number")
        elif count != before + stride:
            yield Slip(step.row, f"is {count} where {before + stride} would follow", "number")
