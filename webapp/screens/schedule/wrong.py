"""Which operations of a picture break a rule, and with whom."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from webapp import orders
from webapp.orders import Conflict
from webapp.screens.filters import clock, duration
from webapp.screens.schedule.layout import Broken
from webapp.screens.schedule.spans import Shown


def broken(span: Shown, now: datetime) -> Mapping[str, Broken]:
    """By the operation's ref."""
    return told(orders.conflicts(span.start, span.end, now=now))


def told(conflicts: Iterable[Conflict]) -> dict[str, Broken]:
    """One that breaks several rules is told by the first; all that two want of a machine is drawn."""
    found: dict[str, Broken] = {}
    for one in conflicts:
        earlier = found.get(one.ref)
        clash = ((one.start, one.end),) if one.rule in ("R2", "R4") and one.start < one.end else ()
        words = earlier.words if earlier else _words(one)
        found[one.ref] = Broken(words, (earlier.clash if earlier else ()) + clash)
    return found


def _words(one: Conflict) -> str:
    if one.rule == "R1":
        return f"starts at {clock(one.one.start)}, before step {one.other.idx} ends at {clock(one.other.end)}"
    if one.rule == "R4":
        return f"lies in maintenance ({one.other.label}) for {duration(one.end - one.start)}"
    return f"overlaps {one.other.label} by {duration(one.end - one.start)}"
