"""Undoing a change of the plan."""

import pytest

from tests.orders.plans import booked, machine, move, order, rules_broken, step, where
from tests.world import NOW, at
from webapp import cells, orders
from webapp.lib.refusal import NotFound, WrongState
from webapp.orders import Move, RuleViolation


def last():
    return orders.plan_changes(1)[0]


def test_all_that_moved_goes_back_together(app):
    order(step("11:00", "12:00"), step("12:00", "13:00", on="M2"))
    moves = [Move("WO-1-1", None, at("14:00"), at("15:00")), Move("WO-1-2", None, at("15:00"), at("16:00"))]
    change = orders.reschedule_all(moves, "pat", NOW)

    orders.take_back(change.id, "pat", NOW)

    assert (where("WO-1-1"), where("WO-1-2")) == ("M1 11:00-12:00", "M2 12:00-13:00")
    assert booked("M2") == {"WO-1 step 2, cut": "12:00-13:00"}


def test_it_can_be_taken_back_once_and_that_again(app):
    order(step("11:00", "12:00"))
    move("WO-1-1", "14:00", "15:00")
    change = last()
    back = orders.take_back(change.id, "pat", NOW)

    with pytest.raises(WrongState, match="already"):
        orders.take_back(change.id, "pat", NOW)
    orders.take_back(back.id, "pat", NOW)

    assert where("WO-1-1") == "M1 14:00-15:00"
    with pytest.raises(NotFound):
        orders.take_back(999, "pat", NOW)


def test_what_changed_since_is_said(app):
    order(step("11:00", "12:00"))
    move("WO-1-1", "14:00", "15:00")
    change = last()
    move("WO-1-1", "16:00", "17:00")

    with pytest.raises(WrongState, match="WO-1 step 1, cut was moved again since") as no:
        orders.take_back(change.id, "pat", NOW)

    assert no.value.details["operation"] == "WO-1-1"
    assert where("WO-1-1") == "M1 16:00-17:00"


def test_a_place_that_another_took_meanwhile_is_not_given_twice(app):
    order(step("11:00", "12:00"))
    order(step("17:00", "18:00"), ref="WO-2")
    move("WO-1-1", "14:00", "15:00")
    change = last()
    move("WO-2-1", "11:00", "12:00")

    with pytest.raises(RuleViolation):
        orders.take_back(change.id, "pat", NOW)

    assert rules_broken() == []


def test_a_place_that_lies_in_the_past_by_now_is_given_back(app):
    order(step("10:00", "11:00"))
    move("WO-1-1", "14:00", "15:00")

    orders.take_back(last().id, "pat", at("10:01"))

    assert where("WO-1-1") == "M1 10:00-11:00"


def test_placing_for_the_first_time_and_taking_off_the_plan(app):
    order(step(), step("12:00", "13:00"))
    move("WO-1-1", "11:00", "12:00", on="M1")
    placed = last()
    taken_off = orders.unplace("WO-1-2", "pat", NOW)

    orders.take_back(placed.id, "pat", NOW)
    orders.take_back(taken_off.id, "pat", NOW)

    assert (where("WO-1-1"), where("WO-1-2")) == ("nowhere", "M1 12:00-13:00")


def test_nothing_goes_back_to_a_machine_that_is_retired_by_now(app):
    order(step("11:00", "12:00"))
    move("WO-1-1", "11:00", "12:00", on="M2")
    cells.retire_cell(machine("M1").id, "root", NOW)

    with pytest.raises(WrongState, match="WO-1 step 1, cut cannot go back: its machine is M1, which is retired"):
        orders.take_back(last().id, "pat", NOW)

    assert where("WO-1-1") == "M2 11:00-12:00"


def test_what_began_since_stays(app):
    from webapp.extensions import transaction

    order(step("11:00", "12:00"))
    move("WO-1-1", "14:00", "15:00")
    with transaction():
        operation = orders.one_operation("WO-1-1")
        operation.status, operation.started_at = "running", NOW

    with pytest.raises(WrongState):
        orders.take_back(last().id, "pat", NOW)
