"""The change log of the plan, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp import orders
from webapp.lib.window import read_time
from webapp.orders import PlanChange
from webapp.screens.filters import clock, day


@dataclass(frozen=True)
class Moved:
    """One operation of a change: its name, where it was and where it went."""

    ref: str
    label: str
    was: str
    becomes: str


@dataclass(frozen=True)
class Change:
    row: PlanChange
    moves: list[Moved]


def told_changes(rows: Sequence[PlanChange], names: Mapping[int, str]) -> list[Change]:
    labels = {op.ref: op.label for op in orders.named(list(_refs(rows)))}
    return [Change(row, [_moved(move, labels, names) for move in row.moves]) for row in rows]


def _refs(rows: Iterable[PlanChange]) -> set[str]:
    return {str(move["ref"]) for row in rows for move in row.moves}


def _moved(move: Mapping[str, Any], labels: Mapping[str, str], names: Mapping[int, str]) -> Moved:
    ref = str(move["ref"])
    return Moved(ref, labels.get(ref, ref), _place(move["was"], names), _place(move["becomes"], names))


def _place(place: Mapping[str, Any] | None, names: Mapping[int, str]) -> str:
    """C07, 16 Sep 16:20 to 18:20."""
    if place is None:
        return "not placed"
    start, end = (read_time(str(place[name]), name) for name in ("start", "end"))
    return f"{names.get(place['cell'], 'a machine')}, {_at(start)} to {clock(end) if _same(start, end) else _at(end)}"


def _at(at: datetime) -> str:
    return f"{day(at)} {clock(at)}"


def _same(start: datetime, end: datetime) -> bool:
    return day(start) == day(end)
