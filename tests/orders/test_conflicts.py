"""What the stored plan and its history break: found in one sweep, by time, and never twice."""

from datetime import timedelta
from itertools import combinations
from random import Random

import pytest

from tests.orders.plans import machine, order, rules_broken, step
from tests.world import NOW, at
from webapp import cells, orders
from webapp.cells import Slot
from webapp.extensions import transaction


def found(start="00:00", end="23:00", **about):
    return [(one.rule, one.one.ref, one.other.ref) for one in orders.conflicts(at(start), at(end), **about)]


def test_each_rule_with_whom_and_from_where_to_where(app):
    order(step("11:00", "13:00"), step("12:30", "14:00", on="M2"))
    order(step("12:00", "14:00"), ref="WO-2")
    with transaction():
        cells.book([Slot("window:1", "maintenance", machine("M2").id, at("13:30"), at("15:00"), "Oil change")])

    told = orders.conflicts(at("00:00"), at("23:00"))

    assert [(one.rule, one.message, f"{one.start:%H:%M}-{one.end:%H:%M}") for one in told] == [
        ("R2", "WO-2 step 1, cut overlaps WO-1 step 1, cut", "12:00-13:00"),
        ("R1", "WO-1 step 2, cut starts before WO-1 step 1, cut ends", "12:30-13:00"),
        ("R4", "WO-1 step 2, cut lies in maintenance (Oil change)", "13:30-14:00"),
    ]


def test_ends_that_touch_are_none(app):
    order(step("11:00", "12:00"), step("12:00", "13:00"))
    order(step("13:00", "14:00"), ref="WO-2")

    assert found() == []


def test_only_what_reaches_into_the_window_and_what_is_asked_for(app):
    first = order(step("11:00", "13:00"))
    order(step("12:00", "14:00"), ref="WO-2")
    order(step("11:00", "12:00", on="M2"), ref="WO-3")
    order(step("11:00", "12:00", on="M2"), ref="WO-4")

    assert found("13:00", "16:00") == []
    assert found("12:30", "16:00") == [("R2", "WO-2-1", "WO-1-1")]
    assert found(order_ids=[first.id]) == [("R2", "WO-2-1", "WO-1-1")]
    assert found(cell_ids=[machine("M2").id]) == [("R2", "WO-4-1", "WO-3-1")]
    assert len(found(most=1)) == 1


def test_of_more_than_are_told_it_tells_the_first_by_time_whatever_their_rule(app):
    order(step("18:00", "19:00"), step("17:00", "18:00"), step("16:00", "17:00"))
    order(step("11:00", "13:00", on="M2"), ref="WO-2")
    order(step("12:00", "14:00", on="M2"), ref="WO-3")
    with transaction():
        cells.book([Slot("window:1", "maintenance", machine("M2").id, at("13:30"), at("15:00"), "Oil change")])

    assert found(most=2) == [("R2", "WO-3-1", "WO-2-1"), ("R4", "WO-3-1", "")]


def test_a_neighbour_outside_the_window_counts(app):
    order(step("18:00", "20:00"), step("11:00", "12:00", on="M2"))

    assert found("10:00", "13:00") == [("R1", "WO-1-2", "WO-1-1")]


def test_what_was_worked_counts_as_it_was_worked(app):
    order(step("11:00", "12:00"))
    order(step("11:00", "12:00"), ref="WO-2")
    with transaction():
        done = orders.one_operation("WO-1-1")
        done.status, done.started_at, done.ended_at = "done", at("09:00"), at("11:30")

    assert [f"{one.start:%H:%M}-{one.end:%H:%M}" for one in orders.conflicts(at("00:00"), at("23:00"))] == [
        "11:00-11:30"
    ]
    with transaction():
        orders.one_operation("WO-1-1").ended_at = at("10:30")
    assert found() == []


def test_what_runs_counts_up_to_now(app):
    order(step("11:00", "12:00"))
    order(step("12:00", "13:00"), ref="WO-2")
    with transaction():
        begun = orders.one_operation("WO-1-1")
        begun.status, begun.started_at = "running", at("11:00")

    assert found() == []
    assert found(now=at("12:10")) == [("R2", "WO-2-1", "WO-1-1")]


def test_what_was_called_off_is_in_nobodys_way(app):
    order(step("11:00", "12:00"))
    order(step("11:00", "12:00"), ref="WO-2")

    orders.cancel_order("WO-2", "pat", NOW)

    assert found() == []


@pytest.mark.parametrize("seed", [1, 2])
def test_it_finds_what_looking_at_each_pair_finds(app, seed):
    rnd, spans = Random(seed), []
    for n in range(12):
        start = NOW + timedelta(minutes=rnd.randrange(60))
        spans.append((f"W{n}-1", f"M{rnd.randrange(2)}", start, start + timedelta(minutes=rnd.randrange(1, 20))))
        order(step(start, spans[-1][3], on=spans[-1][1]), ref=f"W{n}")

    overlaps = {
        frozenset((a[0], b[0])) for a, b in combinations(spans, 2) if a[1] == b[1] and a[2] < b[3] and b[2] < a[3]
    }

    assert {frozenset(pair) for _, *pair in rules_broken()} == overlaps
    assert len(rules_broken()) == len(overlaps)
