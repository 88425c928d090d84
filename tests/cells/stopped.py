"""A cell with stops in its morning: running from 08:30, down 09:20 to 09:50, idle from then on."""

from datetime import datetime
from typing import Any

from tests.world import NOW, at, make_cell
from webapp import cells, ledger
from webapp.extensions import transaction
from webapp.lib.clock import epoch
from webapp.lib.window import Window

DOWN = Window(at("09:20"), at("09:50"))
IDLE = Window(at("09:50"), at("10:00"))
MORNING = Window(at("08:30"), at("10:00"))
SAID = (("08:30", "running", ""), ("09:20", "down", "E-417"), ("09:50", "idle", ""))


def stopped_cell(name: str = "C01", said: Any = SAID) -> Any:
    cell = make_cell(name, heartbeat=3600)
    watched(cell, at("08:00"), NOW)
    report(cell, *said)
    return cell


def watched(cell: Any, start: datetime, end: datetime) -> None:
    """Its readings are believed from start up to end."""
    lease = ledger.lease(cell.book_id, 1, epoch(start))
    with transaction():
        for slot in (epoch(start), epoch(end) - 1):
            ledger.tick(lease, slot, {})


def report(cell: Any, *said: Any, now: datetime = NOW) -> None:
    items = [cells.ReadingItem(state, at(clock), detail) for clock, state, detail in said]
    cells.keep_readings(cell.id, items, now)


def reason(name: str) -> int:
    return next(one.id for one in cells.reasons(retired=True) if one.name == name)


def explain(cell: Any, window: Window = DOWN, name: str = "Tool broke", **given: Any) -> Any:
    details = {"by": "oli", "now": NOW, **given}
    return cells.give_reason(cell.id, window, reason(name), **details)


def told(cell: Any, window: Window = MORNING, now: datetime = NOW) -> list[tuple[str, str, str, str]]:
    found = cells.timeline(cell.id, window, now)
    return [(one.state, f"{one.start:%H:%M}", f"{one.end:%H:%M}", one.reason) for one in found]


def noted(cell: Any) -> list[tuple[str, str, str]]:
    whole = Window(at("00:00"), at("23:00"))
    found = cells.notes([cell.id], whole)
    return [(note.reason.name, f"{note.start:%H:%M}", f"{note.end:%H:%M}") for note in found]
