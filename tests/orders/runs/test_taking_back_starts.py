"""A start that was a mistake: what waits is planned again, and does not start by itself."""

import pytest

from tests.orders.runs.shop import complete, later, make_machine, make_order, op, start, statuses, step, sweep
from tests.world import NOW, person
from webapp import journal, orders
from webapp.lib.refusal import NotFound, WrongState


def take_back(ref="WO-1-1", now=NOW):
    return orders.take_back_start(ref, person("oli"), now)


def test_it_is_planned_again_and_does_not_start(app):
    make_order()
    start()

    take_back()
    make_machine()
    sweep(later(seconds=5))

    assert statuses() == ["planned", "planned"]
    assert (op("WO-1-1").waiting, op("WO-1-1").version) == (None, 3)
    assert journal.recent(op("WO-1-1").what)[0].verb == "took back start"


def test_the_order_can_be_started_again(app):
    make_order()
    start()
    take_back()
    make_machine()

    start()

    assert statuses() == ["running", "running"]


def test_on_hold_too_and_resumed_it_stays_planned(app):
    make_order()
    start()
    orders.hold_order("WO-1", "Material is missing", person("pat"), NOW)

    take_back()
    orders.resume_order("WO-1", person("pat"), NOW)

    assert statuses() == ["planned", "planned"]


def test_what_follows_by_itself_too(app):
    make_machine()
    make_order(step(), step("turn", kind="lathe"))
    start()
    complete("WO-1-1")

    take_back("WO-1-2")

    assert statuses() == ["running", "done", "planned"]


def test_only_what_waits(app):
    make_machine()
    make_order(step(), step())
    start()

    for ref, says in (("WO-1-1", "is running"), ("WO-1-2", "is planned")):
        with pytest.raises(WrongState, match=says):
            take_back(ref)
    with pytest.raises(NotFound):
        take_back("WO-9-1")
