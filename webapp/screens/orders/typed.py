"""An order as somebody typed or pasted it, read into what the room takes. Site time, machines by name. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from webapp.lib.numbers import whole_in
from webapp.lib.refusal import Invalid
from webapp.orders import RESERVED, OperationSpec, OrderSpec
from webapp.screens.orders.pasted import OrderText, StepText
from webapp.screens.times import typed_time

#: {field of the room: [what is wrong with it]}
Slips = dict[str, list[str]]

_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\b(.*)", re.ASCII)
_SLASHED = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})\b(.*)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_PART = re.compile(r"(\d{1,6}(?:[.,]\d{1,4})?)\s*([a-z]*)", re.ASCII)
_UNITS = {
    **dict.fromkeys(("", "m", "min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
}
HOW_LONG = "must be a length of time such as 45, 45 min, 1 h 30 or 1:30"


@dataclass(frozen=True)
class Plant:
    """What names and times of this factory mean. machines: {name in small letters: number}."""

    zone: ZoneInfo
    machines: Mapping[str, int]


def read_order(text: OrderText, plant: Plant, slips: Slips) -> OrderSpec:
    """What is wrong is told in slips; what could not be read is as if it were not there."""
    if text.ref.lower() in RESERVED:
        _add(slips, "ref", f"{text.ref} is a word of this program's addresses; choose another")
    return OrderSpec(
        ref=text.ref,
        product=text.product,
        qty=_number(text.qty or "1", "qty", slips),
        due_at=read_due(text.due, plant.zone, slips),
        priority=_number(text.priority or "5", "priority", slips),
        note=text.note,
        operations=[_operation(n, step, plant, slips) for n, step in enumerate(text.steps)],
    )


def read_due(text: str, zone: ZoneInfo, slips: Slips) -> datetime | None:
    """A day alone means all of it: until 23:59."""
    plain = _usual(text)
    return _time(f"{plain} 23:59" if _DAY.fullmatch(plain) else plain, "due_at", zone, slips)


def _operation(n: int, step: StepText, plant: Plant, slips: Slips) -> OperationSpec:
    at = f"operations.{n}."
    start = _time(_usual(step.start), at + "start", plant.zone, slips)
    end = _time(_usual(step.end), at + "end", plant.zone, slips)
    seconds = _seconds(step.takes, at + "seconds", slips)
    _agree(step, (start, end, seconds), at, slips)
    if start and end and start < end:
        seconds = int((end - start).total_seconds())
    elif start and seconds and not end:
        end = start + timedelta(seconds=seconds)
    return OperationSpec(
        ref=step.op,
        idx=n + 1,
        name=step.name,
        required_kind=step.kind or None,
        cell_id=_machine(step.cell, at + "cell_id", plant, slips),
        start=start,
        end=end if start else None,
        seconds=seconds,
    )


def _agree(step: StepText, read: tuple[datetime | None, datetime | None, int | None], at: str, slips: Slips) -> None:
    """A slot has a start, an end and a machine; what has none has at least a length."""
    start, end, seconds = read
    if not step.takes and not (step.start and step.end):
        _add(slips, at + "seconds", "must say how long the step takes, such as 45 min or 1 h 30")
    if step.end and not step.start:
        _add(slips, at + "start", "must be given where there is an end")
    if step.start and not step.cell:
        _add(slips, at + "cell_id", "must be named where the step has a start")
    if start and end and seconds and start < end and end - start != timedelta(seconds=seconds):
        _add(slips, at + "seconds", f"is {step.takes}, which is not the time from start to end")


def _machine(name: str, field: str, plant: Plant, slips: Slips) -> int | None:
    found = plant.machines.get(name, plant.machines.get(name.lower()))
    if name and found is None:
        _add(slips, field, f"is {name[:40]}, and there is no such machine in service")
    return found


def _number(text: str, field: str, slips: Slips) -> int:
    plain = re.sub(r"(?<=\d)[ \u202f\u00a0](?=\d{3}\b)|[.,]0{1,2}$", "", text)
    number = whole_in(plain)
    if number is None:
        _add(slips, field, "must be a whole number")
    return 1 if number is None else number


def _usual(text: str) -> str:
    """29.01.2026 6:30 and 2026/01/29 06:30 as 2026-01-29 06:30. Which of 03/04/2026 is the month nobody knows."""
    text = " ".join(text.split())
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year, rest = found.groups()
        return f"{year}-{int(month):02}-{int(day):02}{rest}"
    if found := _SLASHED.fullmatch(text):
        year, month, day, rest = found.groups()
        return f"{year}-{int(month):02}-{int(day):02}{rest}"
    return text


def _time(text: str, field: str, zone: ZoneInfo, slips: Slips) -> datetime | None:
    """Site time, to the second where one is given."""
    if not text:
        return None
    try:
        return typed_time(text, field, zone)
    except Invalid as no:
        slips.setdefault(field, []).extend(no.details["fields"][field])  # type: ignore[index]
        return None


def _seconds(text: str, field: str, slips: Slips) -> int | None:
    if not text:
        return None
    seconds = read_length(text)
    if not seconds:
        _add(slips, field, HOW_LONG)
    return seconds


def read_length(text: str) -> int | None:
    """Seconds: 45 (minutes), 45 min, 1 h 30, 1:30, 006:19, 1,5 h, 2 days. None: it is none of these."""
    text = text.strip().lower().replace("\u00a0", " ")
    if found := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds
    parts, rest = _PART.findall(text), _PART.sub("", text)
    if not parts or rest.strip(" ,;"):
        return None
    return _sum(parts)


def _sum(parts: list[tuple[str, str]]) -> int | None:
    """What has no unit is minutes: also behind hours, as in 1 h 30."""
    units = [_UNITS.get(unit) for _, unit in parts]
    if None in units or units != sorted(set(units), reverse=True):  # type: ignore[type-var]
        return None
    return round(
        sum(float(number.replace(",", ".")) * (unit or 0) for (number, _), unit in zip(parts, units, strict=True))
    )


def _add(slips: Slips, field: str, says: str) -> None:
    slips.setdefault(field, []).append(says)
