"""After an outage: a day of readings comes late, and goes where it belongs."""

import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from tests.cells.calendars import shift
from tests.world import NOW, at, make_cell, make_site
from webapp import cells, ledger
from webapp.extensions import db
from webapp.lib.clock import epoch, iso
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
    ledger.lease(cell.book_id, 5, epoch(NOW))  # after a stop: it asks of what comes

    cells.keep_readings(cell.id, told(day)[:500], NOW)

    assert cells.restatements(Window(day, NOW)) == []


SHIFTS = (
    shift("22:00", "06:00", name="Night"),
    shift("06:00", "14:00", name="Early"),
)


def known_cell(now=NOW, zone="UTC", pattern=()):
    """In service for days, and all hours up to now closed."""
    make_site(zone=zone)
    cell = make_cell("C01", now=now - timedelta(days=5), heartbeat=60)
    if pattern:
        calendar = cells.add_calendar("Two shifts", zone, pattern, by="root", now=now - timedelta(days=5))
        cells.use_calendar([cell.id], calendar.id, now - timedelta(days=5), by="root", now=now - timedelta(days=5))
    ledger.close_hours(epoch(now))
    return cell


def tell(cell, *moments, now=NOW, state="running"):
    cells.keep_readings(cell.id, [cells.ReadingItem(state, moment) for moment in moments], now)


def marks(cell, now=NOW):
    """From when to when figures are marked as restated by late data."""
    told = cells.restatements(Window(now - timedelta(days=9), now), [cell.id])
    return [(iso(one.start), iso(one.end)) for one in told if one.kind == "late"]


@pytest.mark.parametrize(
    ("zone", "clock", "marked"),
    [
        ("Asia/Tokyo", "2026-03-04T14:58:00", [("2026-03-04T14:58:00Z", "2026-03-04T15:00:00Z")]),  # 23:58 on the 4th
        ("Asia/Tokyo", "2026-03-04T15:00:00", []),
        ("America/Denver", "2026-03-04T06:59:00", [("2026-03-04T06:59:00Z", "2026-03-04T07:00:00Z")]),
        ("America/Denver", "2026-03-04T07:00:00", []),
    ],
)
def test_a_day_is_over_at_its_sites_midnight(app, zone, clock, marked):
    now = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)
    cell = known_cell(now, zone)

    tell(cell, datetime.fromisoformat(clock + "+00:00"), now=now)

    assert marks(cell, now) == marked


@pytest.mark.parametrize(
    ("now", "clock", "marked"),
    [
        ("13:00", "05:58", [("05:58", "06:00")]),  # the night shift is over
        ("13:00", "06:00", []),  # the early one is on
        ("15:00", "13:58", [("13:58", "14:00")]),  # it is over, and none is on
        ("15:00", "14:30", []),
        ("23:00", "21:58", [("21:58", "22:00")]),  # the night shift is on
        ("23:00", "13:58", [("13:58", "14:01")]),
    ],
)
def test_a_shift_is_over_when_it_ends(app, now, clock, marked):
    cell = known_cell(at(now), pattern=SHIFTS)

    tell(cell, at(clock), now=at(now))

    day = "2026-03-04T{}:00Z"
    assert marks(cell, at(now)) == [(day.format(start), day.format(end)) for start, end in marked]


def test_a_day_is_over_though_its_shift_is_on(app):
    cell = known_cell(at("02:00"), pattern=SHIFTS)

    tell(cell, at("00:00") - timedelta(minutes=2), now=at("02:00"))

    assert marks(cell) == [("2026-03-03T23:58:00Z", "2026-03-04T00:00:00Z")]


def test_a_day_without_shifts_is_over_too(app):
    tuesday, thursday = (shift("06:00", "14:00", name=name, days=[day]) for name, day in (("Tue", 1), ("Thu", 3)))
    thursdays_eve = at("02:00") + timedelta(days=1)
    cell = known_cell(thursdays_eve, pattern=[tuesday, thursday])

    tell(cell, at("12:00"), now=thursdays_eve)

    assert marks(cell, thursdays_eve) == [("2026-03-04T12:00:00Z", "2026-03-04T12:03:00Z")]


def test_a_shift_that_ended_in_the_hour_that_is_open_still(app):
    cell = known_cell(at("14:20"), pattern=[shift("06:00", "14:10")])
    ledger.lease(cell.book_id, 5, epoch(at("14:20")))

    tell(cell, at("14:05"), now=at("14:20"))

    assert marks(cell, at("14:20")) == [("2026-03-04T14:05:00Z", "2026-03-04T14:08:00Z")]


def test_of_what_nothing_has_looked_at_yet_nobody_read_a_figure(app):
    cell = known_cell(at("13:00"), pattern=[shift("06:00", "14:10")])
    ledger.lease(cell.book_id, 5, epoch(at("13:00")))

    tell(cell, at("14:05"), now=at("14:20"))

    assert marks(cell, at("14:20")) == []


def test_only_what_reads_differently_is_marked(app):
    cell = known_cell(pattern=SHIFTS)
    tell(cell, at("05:00"), at("05:02"))
    later = NOW + timedelta(hours=2)

    tell(cell, at("05:01"), now=later)
    cells.correct_history(cell.id, Window(at("04:00"), at("04:30")), "down", "Seen by eye", "sam", NOW)
    tell(cell, at("04:10"), now=later)
    once = marks(cell, later)
    tell(cell, at("05:03"), at("07:00"), state="idle", now=later)

    assert once == [("2026-03-04T05:00:00Z", "2026-03-04T05:05:00Z")]
    assert marks(cell, later) == [("2026-03-04T05:03:00Z", "2026-03-04T06:00:00Z"), *once]


def test_a_shift_told_in_shuffled_batches_is_marked_once_and_asked_for_by_the_batch(app):
    cell = known_cell(at("15:00"), pattern=SHIFTS)
    readings = [cells.ReadingItem("running", at("06:00") + timedelta(seconds=3 * n)) for n in range(2000)]
    random.Random(6).shuffle(readings)

    asked = [questions(cell, readings[first : first + 1000]) for first in (0, 1000)]

    assert marks(cell, at("15:00")) == [("2026-03-04T06:00:00Z", "2026-03-04T07:42:57Z")]
    assert max(asked) < 60


def questions(cell, batch):
    """How many statements it takes to keep them."""
    statements = []

    def note(*told):
        statements.append(told[2])

    event.listen(db.engine, "before_cursor_execute", note)
    cells.keep_readings(cell.id, batch, at("15:00"))
    event.remove(db.engine, "before_cursor_execute", note)
    return len(statements)
