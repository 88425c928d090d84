"""Late, will be late, was late: said by comparing one time with another."""

import pytest

from tests.world import at
from webapp.orders import Lateness, lateness

NOON, NINE = at("12:00"), at("09:00")


def said(status="planned", due=NOON, ended=None, planned=at("11:00"), unplaced=0, now=NINE):  # noqa: B008
    return lateness(status, due, ended, planned, unplaced, now)


def test_planned_before_it_is_due_it_is_in_time():
    assert said() == Lateness("in time")


def test_touching_is_in_time():
    assert said(planned=NOON).kind == said(now=NOON).kind == said("done", ended=NOON).kind == "in time"


def test_planned_beyond_its_due_date_it_will_be_late_by_so_much():
    assert said(planned=at("13:30")) == Lateness("will be", 5400)


def test_due_and_not_done_it_is_late_whatever_is_planned():
    assert said(now=at("12:10")) == Lateness("late", 600)
    assert said("held", now=at("12:10"), planned=at("18:00")) == Lateness("late", 600)


def test_done_after_it_was_due_it_was_late():
    assert said("done", ended=at("12:01"), now=at("20:00")) == Lateness("was", 60)


@pytest.mark.parametrize(("planned", "unplaced"), [(None, 0), (at("11:00"), 1)])
def test_while_a_step_has_no_slot_nobody_can_say(planned, unplaced):
    assert said(planned=planned, unplaced=unplaced).kind == "open"


def test_but_what_is_placed_may_be_late_enough():
    assert said(planned=at("13:00"), unplaced=2).kind == "will be"


def test_without_a_due_date_and_cancelled_nothing_is_said():
    assert said(due=None).kind == said("cancelled", now=at("20:00")).kind == ""


def test_only_what_is_open_is_trouble():
    kinds = [Lateness(kind).is_trouble for kind in ("late", "will be", "was", "in time", "open", "")]

    assert kinds == [True, True, False, False, False, False]
