"""One row of a file, understood or refused. Pure: what it may know of the factory comes with it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from webapp.lib.clock import epoch, iso, moment
from webapp.lib.moments import BadTime
from webapp.lib.numbers import whole_in
from webapp.lib.spool import BadRow
from webapp.orders.imports.clocks import LENGTH, read_at, read_length
from webapp.orders.imports.rules import Rules
from webapp.orders.specs import (
    LARGEST_QTY,
    LONGEST,
    LONGEST_KIND,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_PRODUCT,
    LONGEST_REF,
    MOST_STEPS,
    order_ref_complaint,
    ref_complaint,
)

LONGEST_FIELD = 2000
YEARS_BACK, YEARS_AHEAD = 50, 20
#: Words of a status as programs have them, without blanks and marks.
_DONE = "done completed complete finished finish closed confirmed ended erledigt fertig"
_OPEN = "planned open new released scheduled waiting running inprogress started wip held onhold geplant"
STATUS_WORDS = {
    **dict.fromkeys(_DONE.split(), "done"),
    **dict.fromkeys(_OPEN.split(), "planned"),
    **dict.fromkeys(("failed", "failure"), "failed"),
    **dict.fromkeys(("cancelled", "canceled", "withdrawn", "storniert"), "cancelled"),
}
ORDER_WORDS = {"held": "held", "onhold": "held", "cancelled": "cancelled", "canceled": "cancelled"}


@dataclass(frozen=True)
class Told:
    """A row as it is understood. key: which operation of its order; "": it tells of none. Times: epoch seconds.

    digest: of the row as it stands in the file: the same one twice counts once. status "": its times say it.
    """

    order: str
    key: str
    digest: str
    product: str = ""
    qty: int = 0
    due: int | None = None
    priority: int | None = None
    note: str = ""
    order_status: str = ""
    op: str = ""
    step: int | None = None
    name: str = ""
    machine: str = ""
    kind: str = ""
    start: int | None = None
    end: int | None = None
    seconds: int = 0
    status: str = ""
    began: int | None = None
    ended: int | None = None
    done: int | None = None
    rejected: int | None = None

    def plain(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}


class Reader:
    """Reads the rows of one file by its rules. now: what ends before it is over."""

    def __init__(self, rules: Rules, header: Sequence[str], now: datetime) -> None:
        self.rules, self.zone = rules, ZoneInfo(rules.zone)
        self.places = {role: header.index(name) for role, name in rules.columns.items()}
        self.width, self.now = len(header), epoch(now)
        year = 366 * 86_400
        self.first, self.last = self.now - YEARS_BACK * year, self.now + YEARS_AHEAD * year
        self.cells: Mapping[str, Sequence[str]] = rules.machines

    def told(self, fields: list[str] | str) -> Told:
        """Raises BadRow."""
        if isinstance(fields, str):
            raise BadRow(fields, f"a row of this file has {self.width} fields")
        if len(fields) != self.width:
            raise BadRow(f"it has {len(fields)} fields", f"a row of this file has {self.width} fields")
        said = {role: fields[place].strip() for role, place in self.places.items()}
        for role, text in said.items():
            _check_text(self.rules.columns[role], text)
        about = {"order": _ref(said["order"], "order"), "digest": digest_of(fields), **self._about(said)}
        if not any(said.get(role) for role in ("op", "step", "name", "machine", "start", "end", "duration")):
            return Told(key="", **about)
        return self._operation(said, about)

    def _about(self, said: Mapping[str, str]) -> dict[str, Any]:
        """What the row says of its order as a whole."""
        return {
            "product": _short(said.get("product", ""), LONGEST_PRODUCT, "product"),
            "qty": _whole(said.get("qty", ""), "quantity", 1, LARGEST_QTY) or 0,
            "due": self._time(said["due"], end_of_day=True) if said.get("due") else None,
            "priority": _whole(said.get("priority", ""), "priority", 0, 9),
            "note": _short(said.get("note", ""), LONGEST_NOTE, "note"),
            "order_status": ORDER_WORDS.get(_word(said.get("order_status", "")), ""),
        }

    def _operation(self, said: Mapping[str, str], about: dict[str, Any]) -> Told:
        step = {
            "op": _ref(said["op"], "operation") if said.get("op") else "",
            "step": self._step(said),
            "name": _short(said["name"], LONGEST_NAME, "operation") or _refuse("it names no operation", "a name"),
            "machine": self._machine(said.get("machine", "")),
            "kind": _short(said.get("kind", ""), LONGEST_KIND, "kind"),
            "done": _whole(said.get("done", ""), "quantity done", 0, LARGEST_QTY),
            "rejected": _whole(said.get("rejected", ""), "quantity rejected", 0, LARGEST_QTY),
            "began": self._time(said["began"]) if said.get("began") else None,
            "ended": self._time(said["ended"]) if said.get("ended") else None,
            **self._slot(said),
        }
        status = self._status(said.get("status", ""), step)
        return Told(key=_key(step), status=status, **about, **step)

    def _step(self, said: Mapping[str, str]) -> int | None:
        if "step" not in self.places:
            return None
        found = _whole(said["step"], "step number", 1, 1_000_000)
        return found or _refuse("it has no step number", f"a whole number from 1; up to {MOST_STEPS} steps to an order")

    def _machine(self, given: str) -> str:
        if given and not self.cells.get(given, ("", ""))[0]:
            raise BadRow(f"there is no machine {given[:40]}", "a machine that is a cell here; or say which one it is")
        return given

    def _slot(self, said: Mapping[str, str]) -> dict[str, Any]:
        """Where it lies, if anywhere, and how long it takes."""
        start, end = (self._time(said[role]) if said.get(role) else None for role in ("start", "end"))
        length = _bounded(self._length(said["duration"])) if said.get("duration") else None
        if length is not None:
            start = end - length if start is None and end is not None else start
            end = start + length if end is None and start is not None else end
        if (start is None) != (end is None):
            raise BadRow("it has one end only", "a start and an end, or how long it takes")
        if start is None or end is None:
            return {"start": None, "end": None, "seconds": self._unplaced(said, length)}
        if end < start:
            raise BadRow(f"it ends at {said['end'][:40]}, before it begins", "an end later than the start")
        if not said.get("machine"):
            raise BadRow("it has a time and no machine", "the machine that its time lies on")
        return {"start": start, "end": end, "seconds": length or _bounded(end - start) or 1}

    def _unplaced(self, said: Mapping[str, str], length: int | None) -> int:
        if "step" not in self.places:
            raise BadRow("it has no time", "a start and an end: this file has no numbers of steps to order them by")
        if length is None and not (said.get("began") and said.get("ended")):
            raise BadRow("nobody can say how long it takes", "a start and an end, or a duration")
        return length or 1

    def _status(self, word: str, step: Mapping[str, Any]) -> str:
        status = STATUS_WORDS.get(_word(word), "")
        if word and not status:
            raise BadRow(f"{word[:40]} is no status", "planned, done, failed or cancelled, or nothing")
        if not status and step["ended"] is None and {"began", "ended"} & set(self.places):
            status = "planned"  # the file tells what really happened, and of this row it tells no end
        began, ended = actual_times(step, status, self.now)
        if ended is not None and ended > self.now:
            raise BadRow(f"it is over, and ends {shown(ended)}, which is still to come", "an end in the past")
        if status == "done" and ended is None:
            raise BadRow("it is done, and says not when", "a start and an end")
        if began is not None and ended is not None and ended < began:
            raise BadRow("it ended before it began", "an end later than the start")
        if ended is None and step["start"] is not None and step["start"] == step["end"]:
            raise BadRow(f"it ends at {shown(step['end'])}, when it begins", "an end later than the start")
        return status

    def _time(self, text: str, end_of_day: bool = False) -> int:
        try:
            at = read_at(text, self.zone, self.rules.dates, end_of_day)
        except BadTime as no:
            raise BadRow(*no.args) from None
        if not self.first <= at <= self.last:
            raise BadRow(
                f"{text[:40]} lies outside of what is read", f"times from {shown(self.first)} to {shown(self.last)}"
            )
        return at

    def _length(self, text: str) -> int:
        try:
            found = read_length(text, self.rules.unit)
        except BadTime as no:
            raise BadRow(*no.args) from None
        return found or _refuse(f"{text[:40]} is no length of time", LENGTH)


def actual_times(step: Mapping[str, Any], status: str, now: int) -> tuple[int | None, int | None]:
    """(began, ended) of what is over. A file with one pair of times tells a plan of what is to come, and history of
    what is past."""
    began, ended = step["began"], step["ended"]
    if status in ("planned", "cancelled"):
        return None, None
    if began is None and ended is None and step["end"] is not None and (status or step["end"] <= now):
        return step["start"], step["end"]
    if ended is not None:
        return (step["start"] if began is None else began), ended
    return None, None


def shown(at: int) -> str:
    return iso(moment(at)) or ""


def _key(step: Mapping[str, Any]) -> str:
    """What tells an operation from the others of its order, whatever its place in the file."""
    if step["op"]:
        return f"op:{step['op']}"
    if step["step"]:
        return f"step:{step['step']}"
    return "at:" + digest_of([step["name"], step["machine"], str(step["start"])])


def digest_of(said: object) -> str:
    """The same words for the same plain values."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:40]


def _word(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _check_text(column: str, text: str) -> None:
    if len(text) > LONGEST_FIELD:
        raise BadRow(f"{column[:40]} has {len(text):,} characters", f"up to {LONGEST_FIELD:,}")
    if not text.isprintable():
        raise BadRow(f"{column[:40]} holds characters that cannot be shown", "plain text")


def _ref(text: str, what: str) -> str:
    if complaint := (order_ref_complaint if what == "order" else ref_complaint)(text):
        raise BadRow(
            f"{text[:40] or 'nothing'} cannot be the name of an {what}: it {complaint}", f"up to {LONGEST_REF} letters"
        )
    return text


def _short(text: str, longest: int, what: str) -> str:
    if len(text) > longest:
        raise BadRow(f"its {what} has {len(text)} characters", f"up to {longest}")
    return text


def _whole(text: str, what: str, least: int, most: int) -> int | None:
    """None: it is not told. 10.0 is ten, as spreadsheets have it."""
    if not text:
        return None
    number = whole_in(text.removesuffix(".0"), most, least)
    if number is None:
        raise BadRow(f"{text[:40]} is no {what}", f"a whole number from {least} to {most}")
    return number


def _bounded(seconds: int) -> int:
    if seconds > LONGEST.total_seconds():
        raise BadRow(f"it lasts {seconds // 86_400} days", f"up to {LONGEST.days} days")
    return seconds


def _refuse(what: str, accepted: str) -> NoReturn:
    raise BadRow(what, accepted)
