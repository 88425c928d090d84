"""KPI arithmetic: the worked example, and the cases the field gets wrong (those that need no calendar)."""

import math
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from webapp import cells
from webapp.cells import Account
from webapp.cells.utilization import percents

MINUTE = 60
DAY = 1440 * MINUTE


def account(**minutes):
    return Account(**{name: amount * MINUTE for name, amount in minutes.items()})


# A day of 1,440 min: cell A is scheduled 960 of them and runs 90 off shift; cell B is scheduled 480.
A = account(
    window=1440, scheduled=960, running=560, setup=60, idle=170, maintenance=60, down=50, unknown=60,
    running_off=90, planned_stop=60, running_claimed=560, occupied=700, delayed=80,
)  # fmt: skip
B = account(window=1440, scheduled=480, running=120, idle=360, running_claimed=120, occupied=120)


def test_the_worked_example_cell_a():
    a = cells.figures(A)

    assert (a.utilization, a.low, a.high, a.coverage, a.calendar) == (58.3, 58.3, 64.6, 93.8, 45.1)
    assert cells.availability(A) == 62.2
    assert cells.allocation_efficiency(A) == 77.8
    assert cells.utilization_efficiency(A) == 80.0
    assert cells.technical_efficiency(A) == 87.5


def test_the_worked_example_all_cells_are_pooled():
    total = cells.pooled([A, B])

    all_cells = cells.figures(total)

    assert cells.figures(B).utilization == 25.0
    assert (all_cells.utilization, all_cells.high, all_cells.coverage) == (47.2, 51.4, 95.8)
    assert (total.running, total.scheduled) == (680 * MINUTE, 1440 * MINUTE)


def test_availability_is_allocation_times_utilization_efficiency():
    product = cells.allocation_efficiency(A) * cells.utilization_efficiency(A) / 100

    assert round(product, 1) == cells.availability(A)


def test_nothing_scheduled_is_no_figure():
    nothing = cells.figures(account(window=1440, running_off=90))

    assert (nothing.utilization, nothing.high, nothing.coverage) == (None, None, None)
    assert nothing.calendar == 6.3  # 6.25, half up


def test_running_only_off_shift_is_never_added_to_the_headline():
    off = cells.figures(account(window=1440, scheduled=480, idle=480, running_off=300))

    assert off.utilization == 0.0
    assert off.calendar == 20.8


def test_coverage_says_100_only_where_every_second_was_seen():
    assert cells.figures(Account(window=DAY, scheduled=DAY, idle=DAY - 1, unknown=1)).coverage == 99.9
    assert cells.figures(Account(window=DAY, scheduled=DAY, idle=DAY)).coverage == 100.0


def test_running_without_a_claim_is_an_exception_line():
    assert cells.unassigned_running(Account(scheduled=100, running=60, running_claimed=45)) == 15


def test_running_in_a_break_of_a_claimed_cell_is_no_exception():
    assert cells.unassigned_running(Account(scheduled=100, running=60, running_claimed=45, running_in_stops=10)) == 5


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_a_share_has_one_rounding_wherever_it_is_counted(some, more):
    part, whole = min(some, more), max(some, more)
    column = percents(np.array([part]), np.array([whole])).tolist()

    assert [cells.percent(part, whole)] == [None if math.isnan(share) else share for share in column]
    if whole:
        exactly = Decimal(100 * part) / Decimal(whole)
        assert Decimal(str(cells.percent(part, whole))) == exactly.quantize(Decimal("0.1"), ROUND_HALF_UP)


@given(st.lists(st.integers(0, DAY), min_size=6, max_size=6), st.lists(st.integers(0, DAY), min_size=6, max_size=6))
def test_two_halves_pool_to_the_whole(first, second):
    names = ("running", "setup", "idle", "maintenance", "down", "unknown")
    halves = [Account(window=sum(h), scheduled=sum(h), **dict(zip(names, h, strict=True))) for h in (first, second)]

    whole = cells.pooled(halves)
    f = cells.figures(whole)

    assert whole.scheduled == sum(first) + sum(second)
    if whole.scheduled:
        assert 0 <= f.utilization <= f.high <= 100
        assert abs(f.utilization - 100 * (first[0] + second[0]) / whole.scheduled) <= 0.05 + 1e-9
