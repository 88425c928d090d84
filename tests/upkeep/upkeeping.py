"""Builders of this room's tests: duties and windows by its own acts, and history by its cells' feeds."""

from datetime import timedelta

from tests.world import NOW, make_cell, person
from webapp import cells, ledger, upkeep
from webapp.extensions import transaction
from webapp.lib.clock import epoch

HOUR = timedelta(hours=1)


def make_duty(cell=None, name="Way oil", by="oli", now=NOW, **given):
    """Of a cell of its own, every 90 days, unless said otherwise."""
    cell = cell or make_cell()
    every = {} if "every_hours" in given else {"every_days": 90}
    return upkeep.add_duty(upkeep.DutyDetails(cell.id, name, **{**every, **given}), person(by), now)


def plan(cell, start=NOW + HOUR, length=HOUR, now=NOW, **given):
    details = upkeep.WindowDetails(cell.id, start, start + length, **{"name": "Service", **given})
    return upkeep.plan_window(details, person("oli"), now)


def begun(cell, now=NOW, length=HOUR, **given):
    details = upkeep.WindowDetails(cell.id, now, now + length, **{"name": "Service", **given})
    return upkeep.begin_now(details, person("oli"), now)


def ran(cell, start, end, state="running"):
    """Its feed said so of that time."""
    with transaction():
        said = ledger.State[state.upper()]
        ledger.assign(cell.book_id, cell.id, epoch(start), epoch(end), said, ledger.Source.FEED)


def book(cell, start, end, what="operation:1", label="WO-1 step 1, bend"):
    with transaction():
        cells.hold_lanes([cell.id])
        cells.book([cells.Slot(what, "operation", cell.id, start, end, label)])
