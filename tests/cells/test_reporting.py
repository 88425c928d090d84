"""Utilization on a real ledger: the cases the field gets wrong (those that need no calendar)."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tests.cells.machines import open_hall
from tests.world import NOW, at, make_cell, make_site
from webapp import cells, ledger
from webapp.cells import sampling
from webapp.extensions import transaction
from webapp.lib.clock import epoch, moment
from webapp.lib.window import Window

MINUTE, HOUR, DAY = 60, 3600, 86_400
BERLIN = ZoneInfo("Europe/Berlin")
MORNING = Window(at("08:00"), at("10:00"))
STATES = ("running", "setup", "idle", "maintenance", "down", "unknown")


def was(cell, state, start, end, source=ledger.Source.FEED):
    with transaction():
        ledger.assign(cell.book_id, cell.id, epoch(start), epoch(end), ledger.State[state.upper()], source)


def account(window=MORNING, now=NOW, name="C01"):
    [row] = [row for row in cells.utilization_report(window, now).cells if row.cell.name == name]
    return row.account


def seconds(told):
    """{state: seconds}, without those at nought."""
    return {state: getattr(told, state) for state in STATES if getattr(told, state)}


def test_the_states_sum_to_the_window(app):
    cell = make_cell()
    for n, state in enumerate(STATES[:-1]):
        was(cell, state, at(f"08:{10 * n:02}"), at(f"08:{10 * n + 7:02}"))

    told = account(Window(at("07:55"), at("08:43")))

    assert sum(seconds(told).values()) == told.window == told.scheduled == 48 * MINUTE
    assert seconds(told) == {
        "running": 7 * MINUTE,
        "setup": 7 * MINUTE,
        "idle": 7 * MINUTE,
        "maintenance": 7 * MINUTE,
        "down": 3 * MINUTE,
        "unknown": 17 * MINUTE,
    }


def test_a_state_open_since_yesterday_counts_from_midnight(app):
    with open_hall() as hall:
        cell = make_cell(address=hall.address(), networks=hall.networks, now=NOW - timedelta(days=1))
        hall.says[1] = {"status": "running"}
        for slot in range(epoch(NOW) - DAY, epoch(NOW), HOUR):
            cells.take_samples(slot, HOUR, hall.networks)

    today = Window(at("00:00"), at("00:00") + timedelta(days=1))
    assert seconds(account(today)) == {"running": 10 * HOUR}
    assert [span.start for span in cells.timeline(cell.id, today, NOW)] == [at("00:00")]


def test_a_run_that_began_before_the_window_counts_inside_it(app):
    was(make_cell(), "running", at("07:10"), at("08:30"))

    assert seconds(account()) == {"running": 30 * MINUTE, "unknown": 90 * MINUTE}


def test_a_window_in_the_future_has_no_figure(app):
    make_cell()

    report = cells.utilization_report(Window(at("11:00"), at("12:00")), NOW)

    assert report.cut is None
    assert [(row.window, row.account, row.figures.utilization) for row in report.cells] == [
        (None, cells.Account(), None)
    ]
    assert (report.figures.utilization, report.figures.high, report.figures.coverage) == (None, None, None)


def test_a_window_across_now_ends_now(app):
    was(make_cell(), "running", at("09:00"), at("10:00"))

    report = cells.utilization_report(Window(at("09:00"), at("17:00")), NOW)

    assert report.cut == Window(at("09:00"), NOW)
    assert (report.account.scheduled, report.figures.utilization, report.figures.coverage) == (HOUR, 100.0, 100.0)


def test_overlapping_intervals_of_a_cell_are_counted_once(app):
    cell = make_cell()

    for start, end in (("08:00", "09:00"), ("08:30", "09:30"), ("08:30", "09:30"), ("08:45", "08:50")):
        was(cell, "running", at(start), at(end))

    assert seconds(account()) == {"running": 90 * MINUTE, "unknown": 30 * MINUTE}


def test_a_cell_counts_from_the_moment_it_was_in_service(app):
    was(make_cell("C01"), "idle", at("08:00"), at("10:00"))
    was(make_cell("C02", in_service_from=at("09:30")), "running", at("09:30"), at("10:00"))

    report = cells.utilization_report(MORNING, NOW)

    assert [(row.cell.name, row.window, row.figures.utilization) for row in report.cells] == [
        ("C01", MORNING, 0.0),
        ("C02", Window(at("09:30"), at("10:00")), 100.0),
    ]
    assert (report.account.running, report.account.scheduled) == (30 * MINUTE, 150 * MINUTE)


def test_a_cell_counts_up_to_the_moment_it_was_retired(app):
    cell = make_cell()
    was(cell, "running", at("08:00"), at("08:30"))
    cells.retire_cell(cell.id, by="root", now=at("08:30"))

    assert account().scheduled == 30 * MINUTE
    assert cells.utilization_report(MORNING, NOW).figures.utilization == 100.0
    assert cells.utilization_report(Window(at("08:30"), at("10:00")), NOW).cells == []


def test_a_bucket_in_which_a_cell_came_or_went_counts_its_part(app):
    cell = make_cell(in_service_from=at("08:15"))
    was(cell, "running", at("08:15"), at("09:40"))
    cells.retire_cell(cell.id, by="root", now=at("09:40"))

    hours = cells.utilization_buckets([at("07:00"), at("08:00"), at("09:00"), at("10:00")], NOW)

    assert [bucket.account.scheduled for bucket in hours] == [0, 45 * MINUTE, 40 * MINUTE]
    assert [cells.figures(bucket.account).utilization for bucket in hours] == [None, 100.0, 100.0]
    assert [list(bucket.by_cell) for bucket in hours] == [[], [cell.id], [cell.id]]


def test_a_feed_dead_for_a_week_while_a_project_runs_is_unknown(app):
    begin = NOW - timedelta(days=8)
    with open_hall() as hall:
        cell = make_cell(address=hall.address(), networks=hall.networks, now=begin)
        with transaction():
            assert cells.claim(cell, "project:1", begin)
        hall.says[1] = {"status": "running", "job": {"project_id": 1, "fence": 1, "progress": 0.1}}
        for slot in range(epoch(begin), epoch(NOW), 6 * HOUR):
            cells.take_samples(slot, 6 * HOUR, hall.networks)
            if slot == epoch(begin) + DAY - 6 * HOUR:
                hall.sick[1] = "error"

    assert seconds(account(Window(begin, NOW))) == {"running": DAY, "unknown": 7 * DAY}
    figures = cells.utilization_report(Window(NOW - timedelta(days=7), NOW), NOW).figures
    assert (figures.low, figures.high, figures.coverage) == (0.0, 100.0, 0.0)


def test_a_restart_in_a_run_invents_nothing(app):
    with open_hall() as hall:
        make_cell(address=hall.address(), networks=hall.networks, now=at("08:00"))
        hall.says[1] = {"status": "running"}
        for slot in (*range(0, 600, 60), *range(1800, 2400, 60)):
            if slot == 1800:
                sampling.leases.clear()
            cells.take_samples(epoch(at("08:00")) + slot, 60, hall.networks)

    assert seconds(account(Window(at("08:00"), at("08:40")))) == {"running": 20 * MINUTE, "unknown": 20 * MINUTE}


def test_two_feeds_of_one_cell_are_one_cell(app):
    with open_hall() as hall:
        both = [cells.FeedDetails("push", heartbeat=MINUTE)]
        cell = make_cell(address=hall.address(), networks=hall.networks, more_feeds=both, now=at("08:00"))
        hall.says[1] = {"status": "idle"}
        for minute in range(20):
            if minute == 10:
                hall.sick[1] = "error"
            cells.take_samples(epoch(at("08:00")) + MINUTE * minute, MINUTE, hall.networks)
    pushed = [cells.ReadingItem("running", at(f"08:{minute:02}"), "") for minute in range(5, 15)]
    cells.keep_readings(cell.id, pushed, NOW)

    told = account(Window(at("08:00"), at("08:20")))

    # The one that is asked first is believed while it answers; what was pushed holds three heartbeats.
    assert seconds(told) == {"running": 7 * MINUTE, "idle": 10 * MINUTE, "unknown": 3 * MINUTE}


def test_a_late_batch_changes_the_past(app):
    cell = make_cell(heartbeat=HOUR)
    before = cells.utilization_report(MORNING, NOW).figures
    said = [("08:00", "running"), ("09:00", "down"), ("09:30", "running")]

    cells.keep_readings(cell.id, [cells.ReadingItem(state, at(clock), "") for clock, state in said], NOW)

    after = cells.utilization_report(MORNING, NOW).figures
    assert (before.utilization, before.high, before.coverage) == (0.0, 100.0, 0.0)
    assert (after.utilization, after.high, after.coverage) == (75.0, 75.0, 100.0)


@pytest.mark.parametrize("stray", [datetime(1970, 1, 1, tzinfo=UTC), datetime(1999, 12, 31, 23, 59, tzinfo=UTC)])
def test_a_reading_dated_decades_ago_does_not_stretch_a_chart(app, stray):
    cell = make_cell()

    kept = cells.keep_readings(cell.id, [cells.ReadingItem("running", stray, "")], NOW)

    long_ago = Window(stray, NOW)
    assert len(kept.refused) == 1
    assert account(long_ago).scheduled == DAY
    assert [span.start for span in cells.timeline(cell.id, long_ago, NOW)] == [NOW - timedelta(days=1)]


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_days_of_23_and_25_hours(app, day, hours):
    make_site(zone="Europe/Berlin")
    edges = [datetime.combine(day + timedelta(days=n), time(), BERLIN).astimezone(UTC) for n in (-1, 0, 1, 2)]
    cell = make_cell(in_service_from=edges[0])
    was(cell, "running", edges[1], edges[2])

    days = cells.utilization_buckets(edges, edges[-1])

    assert [bucket.account.scheduled for bucket in days] == [DAY, hours * HOUR, DAY]
    assert [cells.figures(bucket.account).utilization for bucket in days] == [0.0, 100.0, 0.0]


def test_all_cells_are_pooled_never_the_mean_of_percentages(app):
    was(make_cell("C01", in_service_from=at("09:30")), "running", at("09:30"), at("10:00"))
    was(make_cell("C02"), "idle", at("08:00"), at("10:00"))
    was(make_cell("C03"), "running", at("08:00"), at("08:20"))

    report = cells.utilization_report(MORNING, NOW)

    assert [row.figures.utilization for row in report.cells] == [100.0, 0.0, 16.7]
    assert report.figures.utilization == round(100 * 50 / 270, 1) == 18.5


def test_some_cells_can_be_asked_for_alone(app):
    for name in ("C01", "C02"):
        was(make_cell(name), "running", at("08:00"), at("10:00"))
    second = cells.by_name("C02")

    assert [row.cell.name for row in cells.utilization_report(MORNING, NOW, [second.id]).cells] == ["C02"]
    [bucket] = cells.utilization_buckets([MORNING.start, MORNING.end], NOW, [second.id])
    assert bucket.account.scheduled == 2 * HOUR


def test_buckets_add_up_to_the_report(app):
    cell = make_cell(in_service_from=at("07:12"))
    for minute, state in enumerate(("running", "down", "idle", "setup") * 30):
        was(cell, state, moment(epoch(at("07:12")) + 61 * minute), moment(epoch(at("07:12")) + 61 * minute + 40))
    edges = [at("07:00"), at("07:30"), at("08:07"), at("09:00"), at("12:00")]

    buckets = cells.utilization_buckets(edges, NOW)

    assert cells.pooled(bucket.account for bucket in buckets) == account(Window(edges[0], edges[-1]))
    assert all(early.window.end == late.window.start for early, late in pairwise(buckets))
    assert buckets[-1].window.end == NOW


def test_there_are_no_buckets_of_what_has_not_begun(app):
    make_cell()

    assert cells.utilization_buckets([at("11:00"), at("12:00")], NOW) == []
    assert cells.utilization_buckets([NOW, at("12:00")], NOW) == []
