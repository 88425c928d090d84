"""The worked example of docs/utilization.md on a real ledger, with shifts, a break, claims; and what calendars add to
the cases the field gets wrong."""

from datetime import date, timedelta

import pytest

from tests.cells.calendars import shift
from tests.cells.test_reporting import HOUR, MINUTE, seconds, was
from tests.world import NOW, at, make_cell
from webapp import cells, ledger
from webapp.cells import OtherDay
from webapp.extensions import transaction
from webapp.lib.window import Window

DAY = Window(at("00:00") - timedelta(days=1), at("00:00"))


def on(clock):
    """That time on the day of the window."""
    return at(clock) - timedelta(days=1)


def follows(cell, *shifts, since=None):
    calendar = cells.add_calendar(f"of {cell.name}", "UTC", shifts, by="root", now=NOW)
    cells.use_calendar([cell.id], calendar.id, since or DAY.start - timedelta(days=1), by="root", now=NOW)
    return calendar


def held(cell, start, end, what="project:1"):
    with transaction():
        claim = cells.claim(cell, what, start)
    with transaction():
        cells.release(claim, end, "finished")


def told(cell, window=DAY):
    return next(row for row in cells.utilization_report(window, NOW).cells if row.cell.id == cell.id)


@pytest.fixture
def cell_a(app):
    """Scheduled 06:00 to 22:00 with a planned maintenance of an hour; runs 90 min in the night."""
    cell = make_cell("A", in_service_from=DAY.start)
    follows(cell, shift("06:00", "22:00", "12:00-13:00"))
    for state, start, end in (
        ("running", "02:00", "03:30"),
        ("running", "06:00", "12:00"),
        ("maintenance", "12:00", "13:00"),
        ("running", "13:00", "16:20"),
        ("setup", "16:20", "17:20"),
        ("idle", "17:20", "17:50"),
        ("down", "17:50", "18:40"),
        ("idle", "18:40", "21:00"),
    ):
        was(cell, state, on(start), on(end))
    held(cell, on("06:00"), on("18:40"))
    return cell


@pytest.fixture
def cell_b(app):
    cell = make_cell("B", in_service_from=DAY.start)
    follows(cell, shift("08:00", "16:00"))
    was(cell, "running", on("08:00"), on("10:00"))
    was(cell, "idle", on("10:00"), on("16:00"))
    return cell


@pytest.mark.parametrize("added_up", [False, True])
def test_the_worked_example(cell_a, cell_b, added_up):
    if added_up:
        ledger.close_hours(int(NOW.timestamp()))
        assert cells.derive_accounts(NOW) >= 2

    report = cells.utilization_report(DAY, NOW)

    a, b = (row.figures for row in report.cells)
    assert (a.utilization, a.high, a.coverage, a.calendar) == (58.3, 64.6, 93.8, 45.1)
    assert (b.utilization, b.coverage) == (25.0, 100.0)
    assert (report.figures.utilization, report.figures.high, report.figures.coverage) == (47.2, 51.4, 95.8)
    assert report.basis == "schedule"


def test_the_worked_example_by_claim(cell_a):
    account = told(cell_a).account

    assert (account.scheduled, account.planned_stop) == (16 * HOUR, HOUR)
    assert (account.running, account.running_claimed) == (560 * MINUTE, 560 * MINUTE)
    assert (account.occupied, account.delayed) == (700 * MINUTE, 80 * MINUTE)
    assert cells.availability(account) == 62.2
    assert (cells.allocation_efficiency(account), cells.utilization_efficiency(account)) == (77.8, 80.0)
    assert cells.technical_efficiency(account) == 87.5


def test_states_sum_to_what_was_scheduled(cell_a):
    account = told(cell_a).account

    assert sum(seconds(account).values()) == account.scheduled
    assert (account.window, account.running_off) == (24 * HOUR, 90 * MINUTE)


def test_zero_schedule_has_no_figure(app):
    cell = make_cell(in_service_from=DAY.start)
    calendar = follows(cell, shift("06:00", "14:00"))
    cells.set_days(calendar.id, {DAY.start.date(): OtherDay("Holiday")}, "root", NOW)
    was(cell, "running", on("07:00"), on("08:00"))

    row = told(cell)

    assert (row.figures.utilization, row.figures.high, row.figures.coverage) == (None, None, None)
    assert (row.account.scheduled, row.account.running_off, row.figures.calendar) == (0, HOUR, 4.2)


def test_running_only_off_shift_is_nought_of_what_was_scheduled(app):
    cell = make_cell(in_service_from=DAY.start)
    follows(cell, shift("06:00", "14:00"))
    was(cell, "idle", on("06:00"), on("14:00"))
    was(cell, "running", on("15:00"), on("20:00"))

    assert (told(cell).figures.utilization, told(cell).figures.calendar) == (0.0, 20.8)


@pytest.mark.parametrize("added_up", [False, True])
def test_a_shift_edited_afterwards_restates_and_says_so(app, added_up):
    cell = make_cell(in_service_from=DAY.start)
    calendar = follows(cell, shift("06:00", "14:00"))
    was(cell, "running", on("06:00"), on("16:00"))
    if added_up:
        ledger.close_hours(int(NOW.timestamp()))
        assert cells.derive_accounts(NOW)
    before = told(cell).account

    cells.change_week(calendar.id, date(2026, 3, 1), [shift("06:00", "16:00")], "root", NOW)

    assert (before.scheduled, before.running, before.running_off) == (8 * HOUR, 8 * HOUR, 2 * HOUR)
    after = told(cell).account
    assert (after.scheduled, after.running, after.running_off) == (10 * HOUR, 10 * HOUR, 0)
    assert "calendar" in [one.kind for one in cells.utilization_report(DAY, NOW).restated]


def test_a_persons_unknown_is_unknown_and_what_was_entered_is_told(app):
    cell = make_cell(in_service_from=DAY.start)
    was(cell, "running", on("06:00"), on("10:00"))
    for state, start, end in (("idle", "06:00", "07:00"), ("unknown", "07:00", "08:00")):
        cells.correct_history(cell.id, Window(on(start), on(end)), state, "seen", "sam", NOW)
    was(cell, "down", on("10:00"), on("11:00"), ledger.Source.INFERRED)

    account = told(cell).account

    assert (account.running, account.idle, account.down) == (2 * HOUR, HOUR, HOUR)
    assert (account.entered, account.inferred, account.measured) == (HOUR, HOUR, 2 * HOUR)
    assert account.measured + account.entered + account.inferred + account.unknown == account.scheduled


def test_running_without_a_claim_is_unassigned_but_not_in_a_break(app):
    cell = make_cell(in_service_from=DAY.start)
    follows(cell, shift("06:00", "14:00", "09:00-10:00"))
    was(cell, "running", on("06:00"), on("14:00"))
    held(cell, on("08:00"), on("12:00"))

    account = told(cell).account

    assert account.running_claimed == 3 * HOUR
    assert cells.unassigned_running(account) == 4 * HOUR


def test_a_late_batch_says_that_it_restated_once_however_often_it_comes(app):
    cell = make_cell(heartbeat=60, now=DAY.start)
    ledger.close_hours(int(NOW.timestamp()))
    for minute in range(5):
        item = cells.ReadingItem("running", on("08:00") + timedelta(minutes=minute), "")
        cells.keep_readings(cell.id, [item], NOW + timedelta(minutes=minute))

    [one] = cells.restatements(DAY)

    assert (one.kind, one.cell_id, one.by) == ("late", cell.id, "C01")
    assert (one.start, one.end) == (on("08:00"), on("08:07"))


@pytest.mark.parametrize("added_up", [False, True])
def test_a_late_batch_changes_what_was_added_up(app, added_up):
    cell = make_cell(heartbeat=HOUR, in_service_from=DAY.start)
    ledger.close_hours(int(NOW.timestamp()))
    if added_up:
        assert cells.derive_accounts(NOW)
    before = told(cell).figures

    cells.keep_readings(cell.id, [cells.ReadingItem("running", on("08:00"), "")], NOW)

    assert (before.utilization, told(cell).figures.utilization) == (0.0, 12.5)


def test_columns_and_rows_say_the_same_to_the_last_digit(cell_a, cell_b):
    report = cells.utilization_report(DAY, NOW)

    rows = [row.figures for row in report.cells]
    shares = report.columns.shares
    assert shares["utilization"].tolist() == [row.utilization for row in rows]
    assert shares["high"].tolist() == [row.high for row in rows]
    assert shares["coverage"].tolist() == [row.coverage for row in rows]
    assert shares["calendar"].tolist() == [row.calendar for row in rows]
    assert cells.pooled(row.account for row in report.cells) == report.account
