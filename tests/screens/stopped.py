"""A cell that stood this hour, by the door's clock: down for half an hour, idle since then."""

from datetime import timedelta
from typing import Any

from tests.world import idle_cell
from webapp import cells, ledger
from webapp.extensions import transaction
from webapp.lib.clock import epoch, iso, utcnow
from webapp.lib.window import last

#: Minutes ago that it began to be so.
SAID = ((90, "running", ""), (60, "down", "E-417"), (30, "idle", ""))


def stopped_cell(name: str = "C01", said: Any = SAID) -> Any:
    cell, now = idle_cell(name, heartbeat=3600), utcnow()
    lease = ledger.lease(cell.book_id, 1, epoch(now) - 7200)
    with transaction():
        for slot in (epoch(now) - 7200, epoch(now) - 1):
            ledger.tick(lease, slot, {})
    items = [cells.ReadingItem(state, now - timedelta(minutes=ago), words) for ago, state, words in said]
    cells.keep_readings(cell.id, items, now)
    return cell


def stop(cell: Any, state: str = "down") -> Any:
    now = utcnow()
    found = cells.stops(cell.id, last(now, hours=24), now)
    return next(one for one in found if one.interval.state == state)


def address(cell: Any, what: str, state: str = "down") -> str:
    return f"/cells/{cell.id}/intervals/{iso(stop(cell, state).interval.start)}/{what}"


def reason(name: str) -> int:
    return next(one.id for one in cells.reasons() if one.name == name)


def notes(cell: Any) -> list[str]:
    now = utcnow()
    return [note.words for note in cells.notes([cell.id], last(now + timedelta(minutes=1), hours=24))]
