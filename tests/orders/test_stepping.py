"""Setting the steps of an order: they come, go and change places, and what has begun stays."""

from dataclasses import replace

import pytest

from tests import world
from tests.orders.plans import booked, machine, order, step, where
from tests.orders.runs import shop
from tests.world import NOW, at
from webapp import orders
from webapp.extensions import transaction
from webapp.lib.refusal import Conflict, Invalid, Stale, WrongState
from webapp.orders import RuleViolation


def told():
    return [(one.idx, one.ref, one.name) for one in orders.one_order("WO-1").operations]


def as_they_are(*refs):
    """Specs that change nothing."""
    rows = {one.ref: one for one in orders.one_order("WO-1").operations}
    return [
        replace(
            step(name=rows[ref].name, ref=ref, pinned=rows[ref].pinned),
            seconds=rows[ref].seconds,
            cell_id=rows[ref].cell_id,
            start=rows[ref].starts,
            end=rows[ref].ends,
        )
        for ref in refs
    ]


def put(*steps, version=None, now=NOW):
    return orders.set_operations("WO-1", steps, "pat", now, version)


def test_one_comes_between_and_one_goes(app):
    order(step("11:00", "12:00"), step("12:00", "13:00"), step("13:00", "14:00"))
    first, last = as_they_are("WO-1-1", "WO-1-3")

    put(first, step(name="wash"), last)

    assert [(idx, name) for idx, _, name in told()] == [(1, "cut"), (2, "wash"), (3, "cut")]
    assert (where("WO-1-3"), booked()) == (
        "M1 13:00-14:00",
        {"WO-1 step 1, cut": "11:00-12:00", "WO-1 step 3, cut": "13:00-14:00"},
    )


def test_steps_that_are_not_placed_change_places(app):
    order(step(name="cut"), step(name="bend"), step("14:00", "15:00"))

    put(*as_they_are("WO-1-2", "WO-1-1", "WO-1-3"))

    assert told() == [(1, "WO-1-2", "bend"), (2, "WO-1-1", "cut"), (3, "WO-1-3", "cut")]


def test_placed_ones_change_places_only_with_their_times(app):
    order(step("11:00", "12:00"), step("12:00", "13:00"))

    with pytest.raises(RuleViolation) as no:
        put(*as_they_are("WO-1-2", "WO-1-1"))

    assert no.value.details["rule"] == "R1"
    assert [idx for idx, _, _ in told()] == [1, 2]


def test_another_time_has_to_keep_the_rules(app):
    order(step("11:00", "12:00"))
    order(step("12:00", "13:00"), ref="WO-2")
    [one] = as_they_are("WO-1-1")

    with pytest.raises(RuleViolation) as no:
        put(replace(one, end=at("12:30")))

    assert (no.value.details["rule"], no.value.details["operation"]) == ("R2", "WO-1-1")
    put(replace(one, start=at("13:00"), end=at("14:00")))
    assert where("WO-1-1") == "M1 13:00-14:00"


def test_what_keeps_its_time_may_lie_in_the_past_and_in_conflict(app):
    order(step("08:00", "12:00"), step("11:00", "13:00"))

    put(*as_they_are("WO-1-1", "WO-1-2"), step(name="wash"))

    assert len(told()) == 3


def test_what_has_begun_stays_what_and_where_it_is(app):
    order(step("10:00", "11:00"), step("12:00", "13:00", on="M2"))
    with transaction():
        begun = orders.one_operation("WO-1-1")
        begun.status, begun.started_at = "running", NOW
    first, second = as_they_are("WO-1-1", "WO-1-2")

    for steps in ([second], [second, first], [step(), first, second]):
        with pytest.raises(WrongState):
            put(*steps)
    put(replace(first, name="other"), second)

    assert told()[0] == (1, "WO-1-1", "cut")


def test_a_step_of_another_order_an_old_version_and_what_cannot_be(app):
    order(step())
    order(step(), ref="WO-2")
    lathe = machine("M9")
    with transaction():
        lathe.kind = "lathe"

    with pytest.raises(Conflict):
        put(step(ref="WO-2-1"))
    with pytest.raises(Invalid) as no:
        put(step("11:00", "12:00", on="M9", required_kind="mill"))
    assert list(no.value.details["fields"]) == ["operations.0.cell_id"]
    orders.change_order("WO-1", {"qty": 3}, "pat", NOW)
    with pytest.raises(Stale):
        put(*as_they_are("WO-1-1"), version=1)


def test_without_the_steps_that_are_left_the_order_is_done(app):
    shop.make_machine()
    shop.make_order(shop.step(), shop.step("bend", kind="lathe"))
    shop.start()
    shop.complete("WO-1-1")

    put(*as_they_are("WO-1-1"))

    assert shop.statuses() == ["done", "done"]
    assert orders.one_order("WO-1").ended_at == NOW


def test_on_hold_it_is_done_once_it_goes_on(app):
    shop.make_machine()
    shop.make_order(shop.step(), shop.step("bend", kind="lathe"))
    shop.start()
    shop.complete("WO-1-1")
    orders.hold_order("WO-1", "Customer calls", world.person("oli"), NOW)

    put(*as_they_are("WO-1-1"))

    assert shop.statuses() == ["held", "done"]
    assert orders.resume_order("WO-1", world.person("oli"), NOW).status == "done"


def test_what_waits_is_planned_again_once_something_comes_before_it(app):
    shop.make_order()
    shop.start()

    put(step(name="saw", required_kind="saw"), *as_they_are("WO-1-1"))

    assert shop.statuses() == ["planned", "planned", "planned"]
    assert shop.op("WO-1-1").waiting_code is None


def test_what_waits_out_of_turn_does_not_start(app):
    shop.make_order(shop.step(kind="saw"), shop.step())
    with transaction():
        orders.one_operation("WO-1-2").wait(orders.Reason("looking", "A machine is being looked for"))
    shop.make_machine()

    shop.sweep()

    assert shop.statuses() == ["planned", "planned", "waiting"]


def test_another_kind_comes_with_another_machine(app):
    order(step("11:00", "12:00"))
    lathe = machine("M9")
    with transaction():
        lathe.kind = "lathe"
        orders.one_operation("WO-1-1").required_kind = "mill"
    [one] = as_they_are("WO-1-1")

    put(replace(one, required_kind="lathe", cell_id=lathe.id))

    assert where("WO-1-1") == "M9 11:00-12:00"
