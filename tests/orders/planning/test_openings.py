from webapp.orders.planning.openings import openings

EIGHT_HOURS = [(6, 14), (30, 38)]


def test_where_nothing_is_taken_anything_that_ends_in_time_will_do():
    assert openings(None, [], seconds=5, begin=10, until=100) == [(10, 95)]


def test_what_fits_into_a_shift_lies_inside_one():
    assert openings(EIGHT_HOURS, [], seconds=5, begin=0, until=50) == [(6, 9), (30, 33)]


def test_what_fits_into_no_shift_begins_in_one_and_runs_on():
    assert openings(EIGHT_HOURS, [], seconds=12, begin=0, until=50) == [(6, 13), (30, 37)]


def test_a_shift_that_has_begun_counts_with_what_is_left_of_it():
    assert openings(EIGHT_HOURS, [], seconds=5, begin=11, until=50) == [(30, 33)]


def test_taken_time_is_touched_and_not_entered():
    assert openings(None, [(20, 30)], seconds=5, begin=0, until=50) == [(0, 15), (30, 45)]
    assert openings(None, [(3, 30)], seconds=5, begin=0, until=50) == [(30, 45)]


def test_what_runs_through_closed_time_must_find_it_free_too():
    assert openings(EIGHT_HOURS, [(20, 22)], seconds=12, begin=0, until=50) == [(6, 8), (30, 37)]
