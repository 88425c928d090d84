"""Checkpoints behind what was assigned: the later hours of those days, the later days, and the head."""

from typing import Any

from sqlalchemy import Row, bindparam, update

from webapp.extensions import db
from webapp.ledger.models import days, heads, hours
from webapp.ledger.painting import difference, gains
from webapp.ledger.states import DAY, HOUR, KNOWN, Piece, Sums


def carry_on(head: Row[Any], old: list[Piece], new: list[Piece], open_hour: int) -> None:
    """Add what new has gained over old, from old's start on; at most 23 hours a day and a row for each day since."""
    start, end = new[0].start, new[-1].end
    last = min(open_hour, (end - 1) // DAY * 24 + 23)
    later_hours = range(start // HOUR + 1, last + 1)
    later_days = range(start // DAY + 1, open_hour // 24 + 1)
    within = range(later_days.start, min(later_days.stop, end // DAY + 1))
    at_hour = {hour: min(hour * HOUR, end) for hour in later_hours}
    midnight = {hour: max(hour // 24 * DAY, start) for hour in later_hours}
    gained = gains(old, new, sorted({*at_hour.values(), *midnight.values(), *(day * DAY for day in within), end}))
    since_midnight = {hour: difference(gained[midnight[hour]], gained[at_hour[hour]]) for hour in later_hours}
    _add(_ADD_TO_HOUR, head, since_midnight)
    _add(_ADD_TO_DAY, head, {day: gained[day * DAY] for day in within})
    _add(_ADD_TO_LATER_DAYS, head, {within.stop: gained[end]} if within.stop < later_days.stop else {})
    _carry(head, new, range(start // HOUR + 1, min(open_hour, end // HOUR) + 1))
    _move_head(head, gained[end], end)


def _add(statement: Any, head: Row[Any], gained: dict[int, Sums]) -> None:
    rows = [{"at": at, **named(head), **_sums(sums)} for at, sums in gained.items() if any(sums)]
    if rows:
        db.session.execute(statement, rows)


def _carry(head: Row[Any], new: list[Piece], begun: range) -> None:
    """What is held as each of these hours begins."""
    waiting, rows = iter(new), []
    piece = next(waiting)
    for hour in begun:
        while piece.end < hour * HOUR:
            piece = next(waiting)
        rows.append({"at": hour, **named(head), "s": piece.said.state, "by": piece.said.source})
    if rows:
        db.session.execute(_CARRY, rows)


def _move_head(head: Row[Any], gained: Sums, end: int) -> None:
    """An anchor moves with the end of what is assigned: what the head holds was not so before it."""
    anchor = max(head.anchor, end)
    held = tuple(anchor - head.anchor if head.state == state else 0 for state in KNOWN)
    added = tuple(one + other for one, other in zip(gained, held, strict=True))
    db.session.execute(_ADD_TO_HEAD, {**named(head), **_sums(added), "anchor_at": anchor})


def named(head: Row[Any]) -> dict[str, int]:
    return {"b": head.book_id, "c": head.cell_id}


def _sums(sums: Sums) -> dict[str, int]:
    return {f"add_{state}": seconds for state, seconds in zip(KNOWN, sums, strict=True)}


def named_in(table: Any) -> Any:
    return (table.c.book_id == bindparam("b")) & (table.c.cell_id == bindparam("c"))


def _added(table: Any) -> dict[str, Any]:
    return {str(state): table.c[str(state)] + bindparam(f"add_{state}") for state in KNOWN}


_ADD_TO_HOUR = update(hours).where(hours.c.hour == bindparam("at"), named_in(hours)).values(_added(hours))
_ADD_TO_DAY = update(days).where(days.c.day == bindparam("at"), named_in(days)).values(_added(days))
#: What came years ago is the same to every day since: one statement, however many there are.
_ADD_TO_LATER_DAYS = update(days).where(days.c.day >= bindparam("at"), named_in(days)).values(_added(days))
_CARRY = update(hours).where(hours.c.hour == bindparam("at"), named_in(hours))
_CARRY = _CARRY.values(state=bindparam("s"), source=bindparam("by"))
_MOVED = {"anchor": bindparam("anchor_at"), "revision": heads.c.revision + 1}
_ADD_TO_HEAD = update(heads).where(named_in(heads)).values({**_added(heads), **_MOVED})
