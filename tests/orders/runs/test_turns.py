"""Whose turn it is: values in, an order out."""

from datetime import timedelta

from tests.orders.runs.shop import later
from webapp.orders.runs.machines import Machine, Need, Shop
from webapp.orders.runs.turns import Turn, in_order, leave_to


def turn(id, due=None, priority=5, made=None, planned=None):
    need = Need(f"operation:{id}", "mill", 3600, planned)
    return Turn(id, id, f"WO-{id}", priority, due, made or later(), need)


def ids(*turns):
    return [turn.operation_id for turn in in_order(turns)]


def test_what_is_due_sooner_goes_first():
    assert ids(turn(1, later(days=3)), turn(2, later(days=2))) == [2, 1]


def test_a_step_of_priority_is_worth_a_day():
    assert ids(turn(1, later(days=3)), turn(2, later(days=4, hours=-1), priority=6)) == [2, 1]
    assert ids(turn(1, later(days=3)), turn(2, later(days=4, hours=1), priority=6)) == [1, 2]


def test_without_a_due_date_it_is_due_in_two_weeks():
    assert ids(turn(1), turn(2, later(days=13)), turn(3, later(days=15))) == [2, 1, 3]


def test_of_equals_the_older_order():
    due = later(days=3)
    assert ids(turn(1, due, made=later(hours=1)), turn(2, due)) == [2, 1]


def test_none_starves():
    waiting, urgent = (
        turn(1, later(days=1), priority=0),
        turn(2, later(days=1) + timedelta(days=9, hours=1), priority=9),
    )

    assert ids(urgent, waiting) == [1, 2]


def test_each_is_left_the_machine_it_would_get():
    shop = Shop({n: Machine(n, f"M{n}", "mill", later()) for n in (1, 2)}, later())

    leave_to([turn(2, later(days=2)), turn(1, later(days=1), planned=2)], shop)

    assert [machine.taken for machine in shop.machines.values()] == [
        "WO-2 is ahead and gets it",
        "WO-1 is ahead and gets it",
    ]
