from datetime import timedelta

from tests.world import NOW, make_cell
from webapp import cells
from webapp.cells import Ahead, Slot
from webapp.cells.bookings.capacity import lane_ahead
from webapp.extensions import transaction
from webapp.lib.window import Window

HOUR = 3600


def hours(n):
    return NOW + timedelta(hours=n)


def lanes(*made, until=24, busy=None):
    return cells.lanes_ahead([cell.id for cell in made], Window(NOW, hours(until)), busy or {})


def booked(cell, what, start, end, kind="operation"):
    with transaction():
        cells.book([Slot(what, kind, cell.id, hours(start), hours(end))])


def test_no_second_is_counted_twice():
    lane = lane_ahead([(10, 20)], [(15, 30), (28, 35)], (0, 40), [(0, 100)])

    assert (lane.maintenance, lane.operations) == ([(10, 20)], [(20, 35)])
    assert (lane.projects, lane.free) == ([(0, 10), (35, 40)], [(40, 100)])
    assert lane.within(0, 100) == Ahead(maintenance=10, operations=15, projects=15, free=60)
    assert lane.within(0, 100).booked + lane.within(0, 100).free == 100


def test_what_is_booked_outside_of_shifts_takes_nothing_of_them():
    lane = lane_ahead([], [(90, 110)], None, [(0, 100)])

    assert lane.within(0, 200) == Ahead(operations=20, free=90)


def test_hours_of_all_cells_are_added_by_day(app):
    one, two = make_cell("C01"), make_cell("C02")
    booked(one, "operation:1", 1, 3)
    booked(two, "window:1", 10, 16, "maintenance")
    midnight = NOW.replace(hour=0) + timedelta(days=1)

    found = cells.hours_ahead(lanes(one, two), [NOW, midnight, hours(24)])

    assert found == [
        Ahead(maintenance=4 * HOUR, operations=2 * HOUR, free=22 * HOUR),
        Ahead(maintenance=2 * HOUR, free=18 * HOUR),
    ]


def test_a_shift_bounds_what_is_free(app):
    cell = make_cell("C01")
    early = cells.read_shift("Early", "06:00", "14:00", "", range(7))
    calendar = cells.add_calendar("One shift", "UTC", [early], "root", NOW)
    cells.use_calendar([cell.id], calendar.id, NOW - timedelta(days=1), "root", NOW)

    assert cells.hours_ahead(lanes(cell), [NOW, hours(24)]) == [Ahead(free=8 * HOUR)]


def test_a_project_under_way_is_expected_to_take_its_time(app):
    cell = make_cell("C01")

    assert cells.hours_ahead(lanes(cell, busy={cell.id: hours(2)}), [NOW, hours(24)]) == [
        Ahead(projects=2 * HOUR, free=22 * HOUR)
    ]


def test_there_is_room_where_it_fits_in_one_piece_first(app):
    one, two = make_cell("C01"), make_cell("C02")
    booked(one, "operation:1", 2, 20)
    booked(two, "operation:2", 0, 5)

    found = cells.room_for(lanes(one, two), 3 * HOUR, hours(24))

    assert (found.cell_id, found.window) == (two.id, Window(hours(5), hours(8)))
    assert found.free == (6 + 19) * HOUR


def test_there_is_no_room_in_one_piece(app):
    cell = make_cell("C01")
    booked(cell, "operation:1", 2, 4)

    found = cells.room_for(lanes(cell), 3 * HOUR, hours(6))

    assert (found.free, found.cell_id, found.window) == (4 * HOUR, None, None)


def test_work_must_be_over_by_then(app):
    cell = make_cell("C01")

    assert cells.room_for(lanes(cell), 3 * HOUR, hours(3)).window == Window(NOW, hours(3))
    assert cells.room_for(lanes(cell), 3 * HOUR + 1, hours(3)).window is None
