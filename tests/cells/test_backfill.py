"""After an outage: a day of readings comes late, and goes where it belongs."""

import time
from datetime import timedelta

import pytest

from tests.world import NOW, make_cell
from webapp import cells, ledger
from webapp.lib.clock import epoch
from webapp.lib.window import Window

READINGS, EVERY = 10_000, 8  # of a day, one every so many seconds
STATES = ("running", "idle", "down", "running", "setup")


@pytest.fixture
def day():
    return NOW - timedelta(days=2)


def told(day):
    """A day as the machine kept it while nobody could hear it."""
    return [cells.ReadingItem(STATES[n // 50 % 5], day + timedelta(seconds=EVERY * n)) for n in range(READINGS)]


def expected(day):
    """Seconds by state, counted by hand: each reading holds until the next, the last one for three heartbeats."""
    found = dict.fromkeys(STATES, 0)
    for n in range(READINGS):
        found[STATES[n // 50 % 5]] += EVERY if n < READINGS - 1 else 180
    return found


def test_a_day_of_ten_thousand_readings_in_the_order_they_happen_to_come(app, day):
    cell = make_cell("C01", in_service_from=NOW - timedelta(days=3), heartbeat=60)
    readings = told(day)
    late, early = readings[READINGS // 2 :], readings[: READINGS // 2]

    began = time.perf_counter()
    kept = [cells.keep_readings(cell.id, batch, NOW).kept for batch in (late, early)]
    took = time.perf_counter() - began

    assert sum(kept) == READINGS
    seconds = ledger.window(epoch(day), epoch(NOW))[cell.id]
    assert {state: getattr(seconds, state) for state in STATES} == expected(day)
    assert cells.keep_readings(cell.id, early, NOW).repeated == READINGS // 2
    assert ledger.window(epoch(day), epoch(NOW))[cell.id] == seconds
    assert took < 30  # a minute's work would be felt; a second or two is usual


def test_what_comes_late_says_which_figures_it_changed(app, day):
    cell = make_cell("C01", now=NOW - timedelta(days=3), heartbeat=60)
    ledger.close_hours(epoch(NOW))

    cells.keep_readings(cell.id, told(day)[:500], NOW)

    [change] = cells.restatements(Window(day, NOW))
    assert (change.kind, change.cell_id) == ("late", cell.id)
    assert change.start <= day
    assert change.end >= day + timedelta(seconds=499 * EVERY)


def test_what_comes_in_time_changes_no_figure(app):
    cell = make_cell("C01", heartbeat=60)

    cells.keep_readings(cell.id, [cells.ReadingItem("running", NOW - timedelta(seconds=5))], NOW)

    assert cells.restatements(Window(NOW - timedelta(hours=1), NOW)) == []


def test_what_a_cell_brings_with_it_is_no_change_of_a_figure(app, day):
    make_cell("C02", now=NOW - timedelta(days=9))
    ledger.close_hours(epoch(NOW))
    cell = make_cell("C01", in_service_from=NOW - timedelta(days=3), heartbeat=60)

    for first in (0, 500):  # its past comes in several batches
        cells.keep_readings(cell.id, told(day)[first : first + 500], NOW + timedelta(minutes=first))

    assert cells.restatements(Window(day, NOW)) == []


def test_what_a_cell_missed_on_its_first_day_is_one(app):
    cell = make_cell("C01", now=NOW - timedelta(hours=20), heartbeat=60)
    ledger.close_hours(epoch(NOW))

    cells.keep_readings(cell.id, [cells.ReadingItem("down", NOW - timedelta(hours=15))], NOW)

    assert [change.kind for change in cells.restatements(Window(NOW - timedelta(days=1), NOW))] == ["late"]


def test_of_hours_that_nobody_closed_nobody_read_a_figure(app, day):
    cell = make_cell("C01", now=NOW - timedelta(days=3), heartbeat=60)
    ledger.close_hours(epoch(day + timedelta(minutes=30)))

    cells.keep_readings(cell.id, told(day)[:500], NOW)

    assert cells.restatements(Window(day, NOW)) == []
