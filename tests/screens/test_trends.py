"""A line of days as the numbers of an SVG."""

from webapp.screens.trends import FOOT, TOP, trend


def test_nothing_known_is_no_line():
    assert trend(["3 Sep", "4 Sep"], [None, None], 80) is None


def test_a_day_without_data_is_a_gap():
    drawn = trend(["a", "b", "c", "d"], [60, None, 70, 80], 80)

    assert len(drawn.lines) == len(drawn.areas) == 2
    assert drawn.last[1] == drawn.target


def test_its_floor_is_forty_unless_something_lies_lower():
    assert trend(["a"], [40], 80).last[1] == FOOT
    assert trend(["a"], [100], 80).last[1] == TOP
    assert trend(["a"], [0], 80).last[1] == FOOT
    assert trend(["a", "b"], [20, 40], 80).last[1] < FOOT


def test_it_says_between_what_it_lies():
    drawn = trend(["3 Sep", "4 Sep"], [58.3, 81.2], 80)

    assert (drawn.first, drawn.low, drawn.high) == ("3 Sep", 58.3, 81.2)


def test_the_last_day_may_be_unknown():
    assert trend(["a", "b"], [60, None], 80).last is None
