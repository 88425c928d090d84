"""An order on hold starts nothing; resumed, it goes on where it was."""

import pytest

from tests.orders.runs.shop import complete, holders, later, make_machine, make_order, op, start, statuses, step, sweep
from tests.world import NOW, person
from webapp import journal, orders
from webapp.extensions import transaction
from webapp.lib.refusal import Invalid, NotFound, WrongState


def hold(ref="WO-1", reason="Material is missing"):
    return orders.hold_order(ref, reason, person("pat"), NOW)


def resume(ref="WO-1", now=NOW):
    return orders.resume_order(ref, person("pat"), now)


def test_a_planned_order_on_hold_does_not_start(app):
    make_machine()
    make_order()
    hold()

    with pytest.raises(WrongState, match="WO-1 is on hold: Material is missing"):
        start()

    assert resume().status == "planned"
    start()
    assert statuses() == ["running", "running"]


def test_what_waits_goes_on_waiting_for_the_order(app):
    make_order()
    start()
    hold()
    make_machine()

    sweep(later(seconds=5))

    assert statuses() == ["held", "waiting"]
    assert op("WO-1-1").waiting_code == "order_held"


def test_resumed_it_starts_by_itself(app):
    make_order()
    start()
    hold()
    make_machine()
    resume()

    sweep(later(seconds=5))

    assert statuses() == ["running", "running"]


def test_a_failed_step_is_planned_again_and_starts_when_somebody_says_so(app):
    mill = make_machine()
    make_order(step("cut", mill, at=later(minutes=5)), step("drill", mill))
    start()
    orders.fail_operation("WO-1-1", "Tool broke", person("oli"), NOW)

    resume(now=later(minutes=10))
    sweep(later(minutes=10))

    again = op("WO-1-1")
    assert statuses() == ["running", "planned", "planned"]
    assert (again.starts, again.started_at, again.ended_at, again.end_reason) == (None, None, None, "")
    assert (again.cell_id, holders()) == (mill.id, {})


def test_the_second_attempt_goes_its_way(app):
    make_machine()
    make_order(step("cut"))
    start()
    orders.fail_operation("WO-1-1", "Tool broke", person("oli"), NOW)
    resume()

    orders.start_operation("WO-1-1", person("oli"), later(hours=1), 3600)
    complete("WO-1-1", later(hours=2))

    assert statuses() == ["done", "done"]


def test_an_order_with_nothing_left_of_it_is_done_once_it_goes_on(app):
    order = make_order()
    hold()
    with transaction():
        orders.one_operation("WO-1-1").end("done", "pat", NOW)

    resume(now=later(hours=1))

    assert statuses() == ["done", "done"]
    assert journal.recent(order.what)[0].verb == "completed order"


def test_only_what_is_on_hold_is_resumed(app):
    make_order()

    with pytest.raises(WrongState, match="it is planned"):
        resume()
    with pytest.raises(NotFound):
        resume("WO-9")


def test_twice_on_hold_is_refused(app):
    make_order()
    hold()

    with pytest.raises(WrongState, match="is held"):
        hold()


def test_a_hold_says_why(app):
    make_order()

    with pytest.raises(Invalid):
        hold(reason=" ")


def test_what_is_done_is_not_held(app):
    make_machine()
    make_order()
    start()
    complete("WO-1-1")

    with pytest.raises(WrongState, match="WO-1 is done"):
        hold()
