"""A cell that stands is noticed once, and let go of when it works again."""

import pytest

from tests.cells.alarms.standing import PERIOD, kept, look, only, sampled, says, told, watched_cell
from tests.projects.test_races import together
from tests.world import at
from webapp import cells


def test_a_cell_that_goes_down_is_kept_at_once(app):
    cell = watched_cell()
    says(cell, "down", "09:58", "Spindle overload E-417")

    look(cell, "10:00")

    stop = only(cell)
    assert (stop.kind, stop.state, stop.words) == ("stop", "down", "Spindle overload E-417")
    assert (stop.detected_at, stop.step, stop.told_at) == (at("09:58"), 0, None)
    assert cells.open_stops(at("10:00")) == {cell.id: stop}


def test_looking_twice_finds_it_once(app):
    cell = watched_cell()
    says(cell, "down", "09:58")

    look(cell, "10:00")
    cells.note_stops(at("10:01"), PERIOD)

    assert len(kept(cell)) == 1


def test_two_workers_that_look_at_once_keep_it_once(app):
    cell = watched_cell()
    says(cell, "down", "09:58")
    sampled(cell, at("10:00"))

    together(app, *[lambda: cells.note_stops(at("10:00"), PERIOD)] * 8)

    assert len(kept(cell)) == 1


def test_a_cell_is_silent_only_when_a_board_says_so(app):
    cell = watched_cell()
    says(cell, "running", "09:00", silent="09:59")

    cells.note_stops(at("09:59"), PERIOD)
    early = kept(cell)
    look(cell, "10:00")

    assert early == []
    assert (only(cell).state, only(cell).detected_at) == ("unknown", at("09:59"))


@pytest.mark.parametrize(
    ("state", "silent"),
    [("running", None), ("setup", None), ("idle", None), ("maintenance", None), ("unknown", "09:00")],
    ids=["it runs", "set up", "idle", "maintained", "never heard of"],
)
def test_what_is_no_stop(app, state, silent):
    cell = watched_cell()
    says(cell, state, "09:00", silent=silent)

    look(cell, "10:00")

    assert kept(cell) == []


def test_a_cell_nobody_asked_is_not_silent(app):
    cell = watched_cell()

    cells.note_stops(at("11:00"), PERIOD)

    assert kept(cell) == []


def test_a_closed_cell_is_nobodys_errand(app):
    cell = watched_cell()
    cells.set_mode(cell.id, "closed", "New spindle", "sam", at("09:00"))
    says(cell, "down", "09:58")

    look(cell, "10:00")

    assert kept(cell) == []


def test_what_nobody_was_told_of_leaves_no_trace(app):
    cell = watched_cell()
    says(cell, "down", "09:58")
    look(cell, "10:00")

    says(cell, "running", "10:00")
    look(cell, "10:01")

    assert kept(cell) == []


def test_what_people_were_told_of_is_over_when_it_works_again(app):
    cell = watched_cell()
    says(cell, "down", "09:58")
    look(cell, "10:00")
    told(only(cell), "10:00")

    says(cell, "running", "10:09")
    look(cell, "10:10")

    assert (only(cell).repaired_at, only(cell).outcome) == (at("10:10"), "works")
    assert cells.open_stops(at("10:11")) == {}


def test_a_stop_goes_on_while_somebody_maintains_the_cell(app):
    cell = watched_cell()
    says(cell, "down", "09:58")
    look(cell, "10:00")

    says(cell, "maintenance", "10:05")
    look(cell, "10:06")

    assert only(cell).repaired_at is None


def test_whoever_closes_the_cell_ends_its_stop(app):
    cell = watched_cell()
    says(cell, "down", "09:58")
    look(cell, "10:00")
    told(only(cell), "10:00")

    cells.set_mode(cell.id, "closed", "New spindle", "sam", at("10:05"))
    look(cell, "10:06")

    assert only(cell).outcome == "closed"


def test_one_that_stands_again_within_a_minute_was_not_put_right(app):
    cell = watched_cell()
    says(cell, "down", "09:58")
    look(cell, "10:00")
    told(only(cell), "10:00")
    says(cell, "running", "10:10")
    look(cell, "10:10")

    says(cell, "down", "10:11")
    look(cell, "10:11")

    stop = only(cell)
    assert (stop.repaired_at, stop.outcome, stop.detected_at) == (None, "", at("09:58"))


def test_one_that_stands_again_later_is_another_stop(app):
    cell = watched_cell()
    says(cell, "down", "09:58")
    look(cell, "10:00")
    told(only(cell), "10:00")
    says(cell, "running", "10:10")
    look(cell, "10:10")

    says(cell, "down", "10:30")
    look(cell, "10:31")

    assert [stop.detected_at for stop in kept(cell)] == [at("09:58"), at("10:30")]


def follows(cell, *shifts: str) -> None:
    lines = [cells.read_shift(f"Shift {times}", *times.split("-"), days=range(7)) for times in shifts]
    made = cells.add_calendar("Shifts", "UTC", lines, "root", at("00:01"))
    cells.use_calendar([cell.id], made.id, at("00:01"), "root", at("00:01"))


def test_off_shift_nobody_wants_it_to_work(app):
    cell = watched_cell()
    follows(cell, "12:00-20:00")
    says(cell, "down", "09:58")

    look(cell, "10:00")

    assert kept(cell) == []


def test_what_stood_before_the_shift_counts_from_its_beginning(app):
    cell = watched_cell()
    follows(cell, "12:00-20:00")
    says(cell, "down", "09:58")

    look(cell, "12:01")

    assert only(cell).detected_at == at("12:00")
