"""What an engineer asks for, and what can be accepted of it."""

import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from webapp.cells import Cell
from webapp.lib.refusal import Invalid
from webapp.projects.models import PARAMETERS, Parameter
from webapp.projects.rules import Ask

LONGEST_LOCATION = 1000
LONGEST_VALUE = 200
LONGEST_NAME = 120
LONGEST_KIND = 60
LONGEST_TAG = 40
MOST_TAGS = 20
LONGEST_RUN = 100_000  # minutes
LARGEST_ID = 2**31 - 1
# Control characters (a NUL among them, which PostgreSQL refuses) and halves of characters, which are no text.
NO_TEXT = ("Cc", "Cs")

Complaints = dict[str, str | list[str]]


@dataclass(frozen=True)
class ProjectSpec:
    """A project as asked for. parameters: {"x1": text or None}."""

    cad_model: str
    config: str
    parameters: Mapping[str, str | None] = field(default_factory=dict)
    name: str = ""
    cell_kind: str | None = None
    tags: Sequence[str] = ()
    requested_cell_id: int | None = None
    priority: int = 5
    expected_minutes: int | None = None

    @property
    def ask(self) -> Ask:
        return Ask(self.cell_kind or None, frozenset(self.tags), self.requested_cell_id, self.expected_minutes or 0)

    def check(self, parameters: Iterable[Parameter], requested: Cell | None, now: datetime) -> None:
        """Raise Invalid naming each field that cannot be accepted. requested: the cell asked for, if there is one."""
        found = {
            "cad_model": _location(self.cad_model, "of the CAD model"),
            "config": _location(self.config, "of the configuration"),
            "name": short(self.name, LONGEST_NAME),
            "cell_kind": self.cell_kind and short(self.cell_kind, LONGEST_KIND),
            "tags": _tags(self.tags),
            "requested_cell_id": _requested(self.requested_cell_id, requested, now),
            "priority": whole_number(self.priority, 0, 9),
            "expected_minutes": expected(self.expected_minutes),
        }
        complaints = value_complaints(self.parameters, parameters)
        refuse_if(complaints | {name: says for name, says in found.items() if says})


def refuse_if(complaints: Complaints) -> None:
    if complaints:
        raise Invalid(**complaints)


def value_complaints(values: Mapping[str, str | None], parameters: Iterable[Parameter]) -> Complaints:
    """What is wrong with which x-value; an unknown name is named."""
    rules = {f"x{parameter.n}": parameter for parameter in parameters if parameter.in_use}
    strange: Complaints = {name: "is not a parameter: there are x1 to x10" for name in values if name not in PARAMETERS}
    known = {name: _value(values[name], rules.get(name)) for name in PARAMETERS if name in values}
    return strange | {name: says for name, says in known.items() if says}


def expected(minutes: object) -> str | None:
    return None if minutes is None else whole_number(minutes, 1, LONGEST_RUN)


def whole_number(value: object, low: int, high: int) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return None
    return f"must be a whole number from {low} to {high}"


def _location(text: object, what: str) -> str | None:
    if not isinstance(text, str) or not text.strip():
        return f"must be the location {what}, such as s3:plant-models/housing_r4.step"
    return short(text, LONGEST_LOCATION)


def short(text: object, limit: int) -> str | None:
    """What is wrong with one line of text; None: nothing."""
    if not isinstance(text, str):
        return "must be text"
    if any(unicodedata.category(character) in NO_TEXT for character in text):
        return "must not contain control characters, such as line ends"
    return f"must be {limit} characters or fewer; it has {len(text)}" if len(text) > limit else None


def _value(value: object, rule: Parameter | None) -> str | None:
    """An empty value is none; else the parameter's allowed values, then its range."""
    if value is None or value == "":
        return None
    return short(value, LONGEST_VALUE) or (_breaks(str(value), rule) if rule else None)


def _breaks(value: str, rule: Parameter) -> str | None:
    if rule.allowed:
        return None if value in rule.allowed else f"must be one of {', '.join(rule.allowed)}"
    if rule.low is None and rule.high is None:
        return None
    low, high = _bound(rule.low, -math.inf), _bound(rule.high, math.inf)
    return None if low <= _number(value) <= high else f"must be a number {_range(rule)}"


def _bound(bound: float | None, otherwise: float) -> float:
    return otherwise if bound is None else bound


def _number(value: str) -> float:
    """NaN, which no range holds, for what is no plain number."""
    try:
        number = float(value) if value.isascii() and "_" not in value else math.nan
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _range(rule: Parameter) -> str:
    if rule.low is None:
        return f"up to {rule.high:g}"
    return f"from {rule.low:g}" if rule.high is None else f"from {rule.low:g} to {rule.high:g}"


def _tags(tags: object) -> str | None:
    if not isinstance(tags, list | tuple) or len(tags) > MOST_TAGS:
        return f"must be a list of up to {MOST_TAGS} texts"
    if any(not isinstance(tag, str) or not tag.strip() for tag in tags):
        return "must be texts that are not empty"
    return next((f"holds one that {says}" for tag in tags if (says := short(tag, LONGEST_TAG))), None)


def _requested(cell_id: object, cell: Cell | None, now: datetime) -> str | None:
    if cell_id is None:
        return None
    if cell is None:
        return "must be the number of a cell"
    gone = cell.in_service_to is not None and cell.in_service_to <= now
    return f"is {cell.name}, which is retired" if gone else None
