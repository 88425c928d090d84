"""When the hours will be run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.lib.stretches import merged
from webapp.upkeep.forecasting import Ahead, ahead, run_out, share_running

H, D = 3600, 86_400


@pytest.mark.parametrize(
    ("running", "working", "known", "share"),
    [(4, 8, 24, 0.5), (4, 8, 4, 1.0), (6, 24, 12, 0.5), (9, 8, 24, 1.0), (0, 8, 8, 0.0), (0, 8, 0, 0.0)],
)
def test_a_share_is_of_the_working_time_that_was_seen(running, working, known, share):
    assert share_running(running * H, working * H, known * H) == share


def test_what_is_booked_runs_and_what_is_shut_does_not():
    pieces = list(ahead(0, 10, working=[(0, 8)], booked=[(1, 3)], shut=[(5, 6)], share=0.5))

    assert pieces == [Ahead(0, 1, 0.5), Ahead(1, 3, 1.0), Ahead(3, 5, 0.5), Ahead(6, 8, 0.5)]


def test_work_booked_at_night_counts_too():
    assert list(ahead(0, 10, working=[], booked=[(8, 9)], shut=[], share=0.0)) == [Ahead(8, 9, 1.0)]


def test_hours_run_out_in_the_shift_that_uses_them_up():
    shifts = [Ahead(6 * H, 14 * H, 0.5), Ahead(30 * H, 38 * H, 0.5)]

    assert run_out(5 * H, shifts, 0, 48 * H) == 32 * H


def test_beyond_what_was_looked_at_things_go_on_as_before():
    assert run_out(40 * H, [Ahead(0, 8 * H, 0.5)], 0, D) == 10 * D


def test_a_cell_that_never_runs_is_never_due():
    assert run_out(H, [], 0, D) is None
    assert run_out(10**9, [Ahead(0, 10, 1.0)], 0, D) is None


minute = st.integers(0, 600)
spans = st.lists(st.tuples(minute, minute).filter(lambda one: one[0] < one[1]), max_size=6).map(merged)


@settings(max_examples=60, deadline=None)
@given(spans, spans, spans, st.sampled_from([0.0, 0.25, 1.0]), st.integers(1, 700))
def test_it_agrees_with_counting_minute_by_minute(working, booked, shut, share, left):
    def runs(t):
        at = [any(low <= t < high for low, high in its) for its in (booked, working, shut)]
        return 1.0 if at[0] else share if at[1] and not at[2] else 0.0

    counted, total = None, 0.0
    for t in range(600):
        total += runs(t)
        if total >= left:
            counted = t + 1
            break

    found = run_out(left, ahead(0, 600, working, booked, shut, share), 0, 600)

    if counted is not None:
        assert counted - 1 <= found <= counted
    else:
        assert found is None or found > 599
