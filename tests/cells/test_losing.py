"""Where the time went: stops, those that want a reason, and the sums of each."""

from datetime import timedelta

import pytest

from tests.cells.calendars import shift
from tests.cells.stopped import DOWN, IDLE, MORNING, explain, reason, report, stopped_cell
from tests.world import NOW, at, make_cell
from webapp import cells
from webapp.cells.lost_time import counting as note_counting
from webapp.lib.refusal import NotFound
from webapp.lib.window import Window

LONG_IDLE = (("08:30", "running", ""), ("09:00", "idle", ""), ("09:04", "running", ""), ("09:20", "idle", ""))


def shown(stops):
    return [
        (stop.interval.state, f"{stop.interval.start:%H:%M}", f"{stop.interval.end:%H:%M}", stop.interval.reason)
        for stop in stops
    ]


def lost(window=MORNING, **asked):
    return [(one.state, one.reason, one.seconds // 60, one.stretches) for one in cells.losses(window, NOW, **asked)]


def test_what_lost_time_newest_first(app):
    cell = stopped_cell()
    explain(cell)

    found = cells.stops(cell.id, MORNING, NOW)

    assert shown(found) == [("idle", "09:50", "10:00", ""), ("down", "09:20", "09:50", "Tool broke")]
    assert [stop.goes_on for stop in found] == [True, False]


def test_a_short_pause_is_no_question(app):
    cell = stopped_cell(said=LONG_IDLE)

    assert shown(cells.stops(cell.id, MORNING, NOW)) == [("idle", "09:20", "10:00", "")]


def test_the_stop_under_way_at_a_moment(app):
    cell = stopped_cell()

    assert shown([cells.stop_at(cell.id, at("09:20"), NOW)]) == [("down", "09:20", "09:50", "E-417")]
    assert shown([cells.stop_at(cell.id, at("09:30"), NOW)]) == [("down", "09:30", "09:50", "E-417")]
    with pytest.raises(NotFound):
        cells.stop_at(cell.id, at("09:00"), NOW)


def test_those_that_want_a_reason_longest_first(app):
    first, second = stopped_cell(), make_cell("C02", heartbeat=3600)
    report(second, ("09:15", "down", ""))

    found = cells.unexplained(MORNING, NOW)
    explain(first)

    assert [(stop.cell.name, stop.seconds // 60) for stop in found] == [("C02", 45), ("C01", 30), ("C01", 10)]
    assert [stop.cell.name for stop in cells.unexplained(MORNING, NOW)] == ["C02", "C01"]
    assert [stop.cell.name for stop in cells.unexplained(MORNING, NOW, {first.id})] == ["C01"]


def test_losses_add_up_to_the_account(app):
    cell = stopped_cell()
    cells.split_interval(cell.id, DOWN, at("09:30"), reason("Tool broke"), reason("Crash"), "oli", NOW)

    assert lost() == [("down", "Crash", 20, 1), ("down", "Tool broke", 10, 1), ("idle", None, 10, None)]


def test_it_is_the_same_before_and_after_they_are_counted(app):
    cell = stopped_cell()
    explain(cell)
    explain(cell, IDLE, "No material")

    before = lost()
    done = cells.count_notes()

    assert done == 2
    assert lost() == before == [("down", "Tool broke", 30, 1), ("idle", "No material", 10, 1)]
    assert cells.count_notes() == 0


def test_a_window_that_cuts_a_note_counts_its_part(app):
    cell = stopped_cell()
    explain(cell)
    cells.count_notes()

    assert lost(Window(at("09:40"), at("09:50"))) == [("down", "Tool broke", 10, 1)]
    assert lost(Window(at("09:00"), at("09:30"))) == [("down", "Tool broke", 10, 1)]


def test_a_correction_is_counted_at_once(app):
    cell = stopped_cell()
    explain(cell)
    cells.count_notes()

    cells.correct_history(cell.id, Window(at("09:20"), at("09:30")), "running", "It ran", "sam", NOW)

    assert lost(Window(at("09:00"), at("09:50"))) == [("down", "Tool broke", 20, 1)]
    assert cells.count_notes() == 1
    assert lost(Window(at("09:00"), at("09:50"))) == [("down", "Tool broke", 20, 1)]


def test_a_reason_counts_only_in_its_own_states(app):
    cell = stopped_cell()
    explain(cell, Window(at("09:20"), at("10:00")), "Tool broke")

    assert lost() == [("down", "Tool broke", 30, 1), ("idle", None, 10, None)]


def test_a_break_is_a_line_of_its_own_that_nobody_has_to_explain(app):
    cell = stopped_cell()
    shifts = cells.add_calendar("Days", "UTC", [shift("08:00", "12:00", "09:40-09:55")], "root", NOW)
    cells.use_calendar([cell.id], shifts.id, cell.in_service_from, "root", NOW)
    account = cells.utilization_report(MORNING, NOW).account

    found = cells.losses(MORNING, NOW)
    breaks = [(one.state, one.seconds // 60) for one in found if one.planned]
    unexplained = [(one.state, one.seconds // 60) for one in found if not one.planned]
    explain(cell)  # what it says of the break explains no lost work

    assert (breaks, unexplained) == ([("down", 10), ("idle", 5)], [("down", 20), ("idle", 5)])
    assert sum(one.seconds for one in found) == account.idle + account.setup + account.down + account.maintenance
    for _ in range(2):
        assert lost() == [("down", "Tool broke", 20, 1), ("down", None, 10, None), *[("idle", None, 5, None)] * 2]
        cells.count_notes()


def test_only_the_cells_asked_for(app):
    first, second = stopped_cell(), make_cell("C02")
    explain(first)

    assert lost(cell_ids={second.id}) == []
    assert lost(cell_ids={first.id})[0] == ("down", "Tool broke", 30, 1)


def test_nothing_is_lost_in_the_future(app):
    stopped_cell()

    assert lost(Window(NOW + timedelta(hours=1), NOW + timedelta(hours=2))) == []


def test_what_restated_figures(app):
    cell, other = stopped_cell(), make_cell("C02")
    cells.correct_history(cell.id, DOWN, "running", "It ran", "sam", NOW)

    [found] = cells.restatements(MORNING)

    assert (found.kind, found.cell_id, found.start, found.by, found.why) == (
        "correction",
        cell.id,
        DOWN.start,
        "sam",
        "It ran",
    )
    assert cells.restatements(MORNING, {other.id}) == []
    assert cells.restatements(Window(at("00:00"), at("09:20"))) == []


def test_the_list_of_all_cells_finds_what_their_pages_show(app):
    for name in ("C01", "C02"):
        cell = stopped_cell(name)
    explain(cell, Window(at("09:25"), at("09:35")))
    cells.retire_cell(cell.id, "root", NOW)
    open_ = [stop for each in cells.all_cells(retired=True) for stop in cells.stops(each.id, MORNING, NOW)]

    found = cells.unexplained(MORNING, NOW)

    told = {(stop.cell.name, *row) for stop, row in zip(found, shown(found), strict=True)}
    assert told == {(stop.cell.name, *shown([stop])[0]) for stop in open_ if not stop.note}
    assert len(found) == 5


def test_time_that_is_not_scheduled_wants_no_reason(app):
    cell = stopped_cell()
    shifts = cells.add_calendar("Days", "UTC", [shift("09:00", "09:30")], "root", NOW)
    cells.use_calendar([cell.id], shifts.id, cell.in_service_from, "root", NOW)

    assert shown(cells.stops(cell.id, MORNING, NOW)) == [("down", "09:20", "09:30", "E-417")]
    assert [stop.seconds for stop in cells.unexplained(MORNING, NOW)] == [600]
    explain(cell)
    assert lost() == [("down", "Tool broke", 10, 1)]
    cells.count_notes()
    assert lost() == [("down", "Tool broke", 10, 1)]


def test_a_count_that_began_before_a_correction_comes_too_late(app, monkeypatch):
    cell = stopped_cell()
    explain(cell)
    before = note_counting.lost_in

    def slowly(stretches):
        found = before(stretches)
        cells.correct_history(cell.id, Window(at("09:20"), at("09:30")), "running", "It ran", "sam", NOW)
        return found

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(note_counting, "lost_in", slowly)
        cells.count_notes()

    assert cells.count_notes() == 1
    assert lost(Window(at("09:00"), at("09:50"))) == [("down", "Tool broke", 20, 1)]
