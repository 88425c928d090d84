"""Where maintenance fits between what is planned."""

from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.lib.stretches import merged, without
from webapp.upkeep.gaps import QUARTER, best_gap, first_gap

H = 3600
SHIFTS = [(6 * H, 14 * H), (30 * H, 38 * H), (54 * H, 62 * H)]


def test_it_fills_the_gap_that_fits_best():
    gaps = [(6 * H, 14 * H), (30 * H, 32 * H), (54 * H, 62 * H)]

    assert best_gap(gaps, H, before=70 * H) == (31 * H, 32 * H)


def test_of_equal_gaps_the_last_one_before_it_is_due():
    assert best_gap(SHIFTS, H, before=50 * H) == (37 * H, 38 * H)


def test_over_before_it_is_due_though_the_gap_goes_on():
    assert best_gap(SHIFTS[:1], H, before=10 * H) == (9 * H, 10 * H)


def test_too_late_is_as_soon_as_possible():
    assert best_gap(SHIFTS, 4 * H, before=8 * H) == (6 * H, 10 * H)
    assert best_gap(SHIFTS, H, before=None) == (6 * H, 7 * H)
    assert best_gap(SHIFTS, 9 * H, before=None) is None


def test_the_first_gap_begins_on_a_quarter_where_that_fits():
    assert first_gap([(10, 4 * H)], H, after=20) == (QUARTER, QUARTER + H)
    assert first_gap([(10, 10 + H)], H, after=0) == (10, 10 + H)


stretches = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 60)).map(lambda one: (one[0] * 60, (one[0] + one[1]) * 60)),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(stretches, stretches, st.integers(1, 90), st.none() | st.integers(0, 30_000))
def test_every_gap_offered_is_free_and_there_is_one_if_any_fits(within, taken, minutes, before):
    length, open_time = minutes * 60, merged(within)

    gaps = without(open_time, merged(taken))
    found = best_gap(gaps, length, before)

    fits = [gap for gap in gaps if gap[1] - gap[0] >= length]
    assert (found is None) == (not fits)
    if found:
        start, end = found
        assert end - start == length
        assert any(low <= start and end <= high for low, high in open_time)
        assert not any(low < end and start < high for low, high in taken)
        in_time = [gap for gap in gaps if before is not None and min(gap[1], before) - gap[0] >= length]
        assert not in_time or end <= before
