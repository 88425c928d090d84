"""An order begins with its first step, on the machine it is planned on, on another that fits, or it says why not."""

import pytest

from tests.orders.runs.shop import (
    HOUR,
    PERIOD,
    booked,
    holders,
    later,
    maintain,
    make_machine,
    make_order,
    op,
    start,
    statuses,
    step,
)
from tests.world import NOW, make_project, person
from webapp import journal, orders
from webapp.lib.refusal import NotFound, WrongState


def test_the_first_step_runs_on_its_machine(app):
    mill = make_machine()
    make_order(step("cut", mill, at=later(minutes=5)), step("drill", mill, at=later(hours=2)))

    order = start()

    first, second = order.operations
    assert (order.status, order.started_at) == ("running", NOW)
    assert (first.status, first.started_at, first.started_by, first.cell_id) == ("running", NOW, "oli", mill.id)
    assert second.status == "planned"
    assert holders() == {"M1": first.what}


def test_while_it_runs_the_time_it_takes_is_booked(app):
    mill = make_machine()
    make_order(step("cut", mill, at=later(hours=2)))

    start()

    assert booked(op("WO-1-1").what) == (NOW, later(hours=1))


def test_each_act_is_in_the_journal(app):
    make_machine()
    order = make_order()

    start()

    told = [(e.verb, e.by) for e in journal.recent(subjects=[order.what, order.operations[0].what])]
    assert told[:2] == [("started operation", "oli"), ("started order", "oli")]


def test_without_a_plan_it_takes_whichever_fits_and_has_waited_longest(app):
    busy, idle = make_machine("M1"), make_machine("M2")
    make_order(step("cut"), ref="WO-1")
    make_order(step("cut"), ref="WO-2")

    start("WO-1")
    start("WO-2")

    assert holders() == {busy.name: op("WO-1-1").what, idle.name: op("WO-2-1").what}


def test_where_its_machine_is_taken_another_of_the_kind_takes_it(app):
    mill, spare = make_machine("M1"), make_machine("M2")
    make_order(step("cut", mill), ref="WO-1")
    make_order(step("cut", mill), ref="WO-2")
    start("WO-1")

    order = start("WO-2")

    assert order.operations[0].cell_id == spare.id
    assert journal.recent(order.operations[0].what)[0].details["instead_of"] == "M1"


def test_no_other_machine_is_taken_that_somebody_has_booked_for_that_time(app):
    mill, spare = make_machine("M1"), make_machine("M2")
    make_order(step("cut", mill), ref="WO-1")
    make_order(step("cut", spare, at=later(minutes=30)), ref="WO-9")
    make_order(step("cut", mill), ref="WO-2")
    start("WO-1")

    assert start("WO-2").operations[0].waiting_code == "machines_busy"


def test_earlier_than_planned_only_where_it_is_over_before_the_next(app):
    mill = make_machine()
    make_order(step("cut", mill, at=later(hours=3)), ref="WO-1")
    make_order(step("cut", mill, at=later(minutes=59)), ref="WO-2")

    first = start().operations[0]

    assert (first.status, first.waiting_code) == ("waiting", "machines_booked")
    assert first.waiting_message == "M1 is booked by WO-2 step 1, cut"


def test_what_touches_is_no_overlap(app):
    mill = make_machine()
    make_order(step("cut", mill, at=later(hours=3)), ref="WO-1")
    make_order(step("cut", mill, at=later(hours=1)), ref="WO-2")

    assert start().operations[0].status == "running"


def test_once_its_own_time_has_come_the_plan_is_on_its_side(app):
    mill = make_machine()
    make_order(step("cut", mill, at=later(minutes=-30)), ref="WO-1")
    make_order(step("cut", mill, at=later(minutes=30)), ref="WO-2")

    assert start().operations[0].status == "running"


UNFIT = [
    ({"state": "down", "detail": "Spindle"}, "all_machines_down", "M1 is down: Spindle"),
    ({"state": "maintenance"}, "maintenance_ends", "M1 is in maintenance"),
    ({"takes": ["project"]}, "no_fit_machine", "There is no machine of the kind mill"),
    ({"kind": "lathe"}, "no_fit_machine", "There is no machine of the kind mill"),
]


@pytest.mark.parametrize(("machine", "code", "says"), UNFIT)
def test_an_unfit_machine_takes_nothing_and_the_step_says_why_it_waits(app, machine, code, says):
    make_machine(**machine)
    make_order()

    order = start()

    first = order.operations[0]
    assert (order.status, first.status) == ("planned", "waiting")
    assert (first.waiting_code, first.waiting_message) == (code, says)
    assert holders() == {}


def test_a_closed_machine_takes_nothing(app):
    from webapp import cells

    cells.set_mode(make_machine().id, "closed", "Audit", "sam", NOW)
    make_order()

    assert start().operations[0].waiting_message == "M1 is closed: Audit"


def test_a_machine_that_nobody_can_ask_may_be_started(app):
    make_machine(state="unknown")
    make_order()

    assert start().operations[0].status == "running"


def test_a_machine_that_is_asked_and_does_not_answer_may_not(app):
    from webapp.config import networks

    make_machine(state="unknown", address="http://127.0.0.1:9/m", networks=networks("127.0.0.1/32:9"))
    make_order()

    assert start().operations[0].waiting_message == "M1 does not answer"


def test_nothing_starts_in_a_maintenance_window(app):
    mill = make_machine()
    make_order(step("cut", mill, at=NOW))
    maintain(mill, later(minutes=-10), later(minutes=10))

    assert start().operations[0].waiting_code == "maintenance_ends"


def test_a_project_and_an_operation_do_not_share_a_cell(app):
    from tests.world import says

    cell = make_machine(takes=["operation", "project"])
    says(cell)
    project = make_project()

    make_order()
    first = orders.start_order("WO-1", person("oli"), project.created_at, PERIOD).operations[0]

    assert first.waiting_message == f"M1 is busy: P-{project.id} has it"


def test_a_started_order_is_not_started_again(app):
    make_machine()
    make_order()
    start()

    with pytest.raises(WrongState, match="WO-1 was started already"):
        start()


def test_nor_is_one_whose_first_step_waits(app):
    make_order()
    start()

    with pytest.raises(WrongState, match="was started already"):
        start()


def test_an_order_without_steps_cannot_start(app):
    make_order(operations=())

    with pytest.raises(WrongState, match="no operation"):
        start()


def test_an_order_that_is_not_there(app):
    with pytest.raises(NotFound):
        start("WO-77")
    with pytest.raises(NotFound):
        orders.start_operation("OP-77", person("oli"), NOW, PERIOD)


def run(ref):
    return orders.start_operation(ref, person("oli"), NOW, PERIOD)


def test_one_step_after_the_other(app):
    make_machine()
    make_order(step("cut"), step("drill"))

    with pytest.raises(WrongState, match="WO-1 step 1, cut comes before it and is planned") as refused:
        run("WO-1-2")

    assert refused.value.details["after"] == "WO-1-1"
    assert statuses() == ["planned", "planned", "planned"]


def test_a_step_that_runs_is_not_started_again(app):
    make_machine()
    make_order()
    run("WO-1-1")

    with pytest.raises(WrongState, match="is running: oli"):
        run("WO-1-1")


def test_one_that_waits_may_be_tried_again(app):
    make_order(step("cut", seconds=HOUR))
    run("WO-1-1")
    make_machine()

    assert run("WO-1-1").status == "running"
    assert op("WO-1-1").waiting_code is None
