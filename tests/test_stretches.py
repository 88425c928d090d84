from webapp.lib.stretches import merged, seconds_within, without


def test_those_that_overlap_or_touch_are_one():
    assert merged([(5, 9), (1, 3), (3, 4), (8, 12)]) == [(1, 4), (5, 12)]


def test_what_is_taken_is_taken_out():
    assert without([(0, 10), (20, 30)], [(2, 3), (8, 22), (29, 40)]) == [(0, 2), (3, 8), (22, 29)]
    assert without([(0, 10)], []) == [(0, 10)]
    assert without([(0, 10)], [(0, 10)]) == []
    assert without([(0, 5), (6, 9)], [(1, 7)]) == [(0, 1), (7, 9)]


def test_seconds_are_counted_within():
    assert seconds_within([(0, 10), (20, 30)], 5, 25) == 10
