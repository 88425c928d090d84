"""What is due, in the order in which somebody ought to look at it."""

from datetime import timedelta

from tests.upkeep.upkeeping import HOUR, begun, book, make_duty, plan
from tests.world import NOW, at, make_cell, person
from webapp import cells, upkeep

DAY = timedelta(days=1)


def named(lines):
    return [line.duty.name for line in lines]


def test_overdue_first_then_what_falls_due_first(app):
    cell = make_cell()
    make_duty(cell, "In a month", every_days=31, last_done_at=NOW)
    make_duty(cell, "In five days", every_days=5, last_done_at=NOW)
    make_duty(cell, "A day late", every_days=10, last_done_at=NOW - 11 * DAY)
    make_duty(cell, "Tomorrow", every_days=2, last_done_at=NOW - DAY)

    board = upkeep.board(NOW)

    assert named(board.next) == ["A day late", "Tomorrow", "In five days"]
    assert named(board.overdue) == ["A day late"]
    assert named(board.later) == ["In a month"]
    assert upkeep.count_due(NOW) == 1


def test_the_best_gap_is_offered_until_it_is_planned(app):
    cell = make_cell()
    duty = make_duty(cell, every_days=1, last_done_at=NOW - 20 * HOUR)
    book(cell, at("11:00"), at("13:30"))

    [line] = upkeep.board(NOW).lines
    assert (line.gap.start, line.gap.end, line.gap.in_time) == (at("10:00"), at("11:00"), True)

    window = plan(cell, line.gap.start, line.gap.end - line.gap.start, duty_id=duty.id)
    [line] = upkeep.board(NOW).lines
    assert (line.gap, line.window.id) == (None, window.id)


def test_a_gap_lies_in_working_time(app):
    cell = make_cell()
    early = cells.read_shift("Early", "06:00", "14:00", "09:00-09:15", range(7))
    calendar = cells.add_calendar("One shift", "UTC", [early], "root", NOW)
    cells.use_calendar([cell.id], calendar.id, NOW - DAY, "root", NOW)
    make_duty(cell, every_days=1, minutes=300, last_done_at=NOW - 2 * DAY)

    [line] = upkeep.board(NOW).lines

    assert line.gap.start == at("06:00") + DAY
    assert not line.gap.in_time or line.overdue


def test_every_gap_offered_is_accepted(app):
    cell = make_cell()
    book(cell, at("10:30"), at("11:45"), "operation:1")
    book(cell, at("12:30"), at("16:00"), "operation:2")
    duty = make_duty(cell, every_days=1, minutes=45, last_done_at=NOW - 20 * HOUR)
    [line] = upkeep.board(NOW).lines

    window = plan(cell, line.gap.start, line.gap.end - line.gap.start, duty_id=duty.id)

    assert (window.starts, window.ends) == (at("11:45"), at("12:30"))


def test_what_was_done_and_what_was_called_off_is_history(app):
    cell = make_cell()
    first, second = begun(cell), plan(make_cell("C02"))
    upkeep.complete_window(first.id, person("oli"), NOW + HOUR, "New oil")
    upkeep.cancel_window(second.id, "", person("oli"), NOW + 2 * HOUR)

    assert [window.id for window in upkeep.history()] == [second.id, first.id]
    assert [window.id for window in upkeep.history(before=second.id)] == [first.id]
    assert [window.id for window in upkeep.history([cell.id])] == [first.id]


def test_the_same_moment_paints_the_same(app):
    cell = make_cell()
    make_duty(cell)
    before = upkeep.board(NOW).version

    assert upkeep.board(NOW + timedelta(seconds=20)).version == before
    begun(cell)
    assert upkeep.board(NOW).version != before
