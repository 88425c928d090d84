"""Whose turn it is."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.world import NOW
from webapp.projects.rules import Ask, Candidate, Scene
from webapp.projects.turns import Turn, ahead_of, in_order, leave_to


def turn(number: int, priority: int = 5, minutes: int = 0, ask: Ask | None = None) -> Turn:
    return Turn(number, priority, NOW + timedelta(minutes=minutes), ask or Ask())


def numbers(turns: list[Turn]) -> list[int]:
    return [each.project_id for each in turns]


def test_the_older_one_comes_first():
    assert numbers(in_order([turn(2, minutes=1), turn(1)])) == [1, 2]


def test_a_step_of_priority_is_worth_half_an_hour():
    ordinary = turn(1, priority=5)

    assert numbers(in_order([ordinary, turn(2, priority=6, minutes=29)])) == [2, 1]
    assert numbers(in_order([ordinary, turn(2, priority=6, minutes=30)])) == [1, 2]


def test_of_two_created_in_one_second_the_lower_number_comes_first():
    assert numbers(in_order([turn(8), turn(7)])) == [7, 8]


@given(st.integers(0, 9), st.integers(0, 9), st.integers(271, 10_000))
def test_nothing_created_four_and_a_half_hours_later_goes_before(mine, other, minutes):
    assert numbers(in_order([turn(2, other, minutes), turn(1, mine)])) == [1, 2]


def test_who_is_ahead():
    mine = turn(5, minutes=10)

    assert numbers(
        ahead_of(mine, [turn(3, minutes=5), turn(4, minutes=12), turn(6, priority=6, minutes=20), mine])
    ) == [6, 3]


def test_a_cell_is_left_to_whom_it_is_due():
    scene = Scene([Candidate(1, "C01", "mill", NOW), Candidate(2, "C02", "laser", NOW)])

    leave_to([turn(3), turn(4, ask=Ask(kind="oven"))], scene)

    assert scene.find(Ask()).best.name == "C02"
    assert scene.find(Ask(kind="mill")).reason.code == "cells_busy"
    assert scene.find(Ask(kind="mill")).verdicts[0][1].message == "P-3 is ahead in the queue and gets it"
