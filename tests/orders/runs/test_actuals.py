"""The plan against what was: arithmetic, and running seconds from the ledger."""

import pytest

from tests.orders.runs.shop import complete, later, make_machine, make_order, op, start, step
from tests.world import NOW
from webapp import ledger, orders
from webapp.extensions import transaction
from webapp.lib.clock import epoch
from webapp.orders.runs.actuals import drift, foreseen_end

DRIFTS = [(0, 0, 0), (0, 59, 0), (0, 60, 1), (0, 3660, 61), (60, 0, -1), (59, 0, 0), (None, 5, None), (5, None, None)]


@pytest.mark.parametrize(("planned", "actual", "minutes"), DRIFTS)
def test_drift_is_in_whole_minutes_later_than_planned(planned, actual, minutes):
    at = [None if second is None else later(seconds=second) for second in (planned, actual)]

    assert drift(*at) == minutes


def test_it_ends_as_planned_or_at_any_moment():
    assert foreseen_end(NOW, 3600, later(minutes=30)) == later(hours=1)
    assert foreseen_end(NOW, 3600, later(minutes=90)) == later(minutes=90)


def actual(ref, now):
    [found] = orders.actuals([op(ref)], now)
    return found


def test_what_never_started_has_no_actual_times(app):
    make_order()

    assert actual("WO-1-1", NOW).started is None


def test_running_seconds_are_the_machines_own(app):
    mill = make_machine()
    make_order(step("cut", mill, at=later(minutes=-10)))
    start()
    complete("WO-1-1", later(minutes=70))
    with transaction():
        begin, end = epoch(later(minutes=10)), epoch(later(minutes=30))
        ledger.assign(mill.book_id, mill.id, begin, end, ledger.State.RUNNING, ledger.Source.FEED)

    found = actual("WO-1-1", later(minutes=80))

    assert (found.started, found.ended, found.ends) == (NOW, later(minutes=70), later(minutes=70))
    assert (found.drift_start_min, found.drift_end_min) == (10, 20)
    assert found.running_seconds == 20 * 60


def test_of_several_each_has_its_own_machines_time(app):
    mills = [make_machine("M1"), make_machine("M2")]
    make_order(*(step("cut", mill) for mill in mills), step())
    start()
    complete("WO-1-1", later(hours=1))
    with transaction():
        for mill, minutes in zip(mills, (40, 90), strict=True):
            end = epoch(later(minutes=minutes))
            ledger.assign(mill.book_id, mill.id, epoch(NOW), end, ledger.State.RUNNING, ledger.Source.FEED)

    found = orders.actuals(op("WO-1-1").order.operations, later(hours=2))

    assert [one.running_seconds for one in found] == [40 * 60, 30 * 60, None]


def test_while_it_runs_its_end_is_foretold(app):
    mill = make_machine()
    make_order(step("cut", mill, at=later(minutes=-10)))
    start()

    found = actual("WO-1-1", later(minutes=20))

    assert (found.ended, found.ends, found.drift_end_min) == (None, later(hours=1), 10)
