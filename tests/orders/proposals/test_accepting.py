from datetime import timedelta

import pytest

from tests.orders.proposals.planned import booked, hours, made, make_mill, make_order, op, step
from tests.world import NOW
from webapp import cells, orders
from webapp.lib.refusal import Invalid, WrongState
from webapp.orders import CannotGo


def swapped():
    """The long one first today, the urgent one first in the plan: neither can go alone."""
    mill = make_mill()
    make_order("WO-1", step(mill, at=1, length=8))
    make_order("WO-2", step(mill, at=9, length=2), due=4)
    return made()


def test_all_of_it_is_accepted_in_one_change(app):
    proposal = swapped()

    change = orders.accept_proposal(proposal.id, None, "pat", NOW)

    assert [move["ref"] for move in change.moves] == ["WO-2-1", "WO-1-1"]
    assert op("WO-2-1").starts == proposal.begins
    assert booked()[op("WO-1-1").what][1:] == (op("WO-1-1").starts, op("WO-1-1").ends)
    assert orders.one_proposal(proposal.id).accepted == ["WO-1-1", "WO-2-1"]


def test_what_was_accepted_can_be_taken_back(app):
    proposal = swapped()
    change = orders.accept_proposal(proposal.id, None, "pat", NOW)

    orders.take_back(change.id, "pat", NOW)

    assert (op("WO-1-1").starts, op("WO-2-1").starts) == (hours(1), hours(9))


def test_some_of_it_is_accepted(app):
    make_mill()
    make_order("WO-1")
    make_order("WO-2")
    proposal = made()

    orders.accept_proposal(proposal.id, ["WO-2-1"], "pat", NOW)

    assert op("WO-2-1").placed
    assert not op("WO-1-1").placed


def test_one_that_cannot_go_alone_is_named_with_what_it_needs(app):
    proposal = swapped()

    with pytest.raises(CannotGo) as refused:
        orders.accept_proposal(proposal.id, ["WO-2-1"], "pat", NOW)

    [obstacle] = refused.value.obstacles
    assert (obstacle.ref, obstacle.needs) == ("WO-2-1", ("WO-1-1",))
    assert op("WO-2-1").starts == hours(9)
    assert orders.with_their_company(proposal.id, ["WO-2-1"], NOW) == ["WO-1-1", "WO-2-1"]


def test_what_somebody_moved_meanwhile_is_named(app):
    proposal = swapped()
    orders.reschedule("WO-1-1", hours(20), hours(28), None, "sam", NOW)

    with pytest.raises(CannotGo) as refused:
        orders.accept_proposal(proposal.id, None, "pat", NOW)

    assert [(one.ref, one.why) for one in refused.value.obstacles] == [("WO-1-1", "it was moved meanwhile")]
    assert [(one.ref, one.state) for one in orders.compared(orders.one_proposal(proposal.id)).differences] == [
        ("WO-2-1", ""),
        ("WO-1-1", "changed"),
    ]
    assert orders.with_their_company(proposal.id, ["WO-1-1"], NOW) == []


def test_a_machine_that_was_retired_meanwhile_gets_nothing(app):
    make_mill("M1")
    make_order("WO-1")
    proposal = made()
    cells.retire_cell(proposal.moves[0]["becomes"]["cell"], "root", NOW)

    with pytest.raises(CannotGo) as refused:
        orders.accept_proposal(proposal.id, None, "pat", NOW)

    assert [one.why for one in refused.value.obstacles] == ["its machine is M1, which is retired"]
    assert [one.state for one in orders.compared(orders.one_proposal(proposal.id)).differences] == ["changed"]


def test_a_plan_whose_time_has_come_is_refused_by_rule(app):
    proposal = swapped()

    with pytest.raises(CannotGo) as refused:
        orders.accept_proposal(proposal.id, None, "pat", proposal.begins + timedelta(seconds=1))

    assert [one.why for one in refused.value.obstacles] == ["Start cannot be before now"]


def test_an_operation_that_is_gone_is_named(app):
    proposal = swapped()
    orders.cancel_order("WO-1", "pat", NOW)

    with pytest.raises(CannotGo) as refused:
        orders.accept_proposal(proposal.id, None, "pat", NOW)

    assert [one.why for one in refused.value.obstacles] == ["it is cancelled meanwhile"]


@pytest.mark.parametrize("refs", [[], ["WO-9-1"]])
def test_nothing_and_what_it_does_not_move_cannot_be_accepted(app, refs):
    proposal = swapped()

    with pytest.raises(Invalid):
        orders.accept_proposal(proposal.id, refs, "pat", NOW)


def test_twice_is_refused_and_changes_nothing(app):
    proposal = swapped()
    orders.accept_proposal(proposal.id, None, "pat", NOW)

    with pytest.raises(Invalid):
        orders.accept_proposal(proposal.id, None, "pat", NOW)


def test_a_discarded_plan_cannot_be_accepted(app):
    proposal = swapped()
    orders.discard_proposal(proposal.id, "pat", NOW)

    with pytest.raises(WrongState):
        orders.accept_proposal(proposal.id, None, "pat", NOW)


def test_it_is_compared_with_the_plan_as_it_was(app):
    found = orders.compared(swapped())

    assert (found.before.late, found.before.late_seconds, found.before.unplaced) == (1, 7 * 3600, 0)
    assert (found.after.late, found.after.late_seconds) == (0, 0)
    assert [(one.ref, one.state) for one in found.differences] == [("WO-2-1", ""), ("WO-1-1", "")]
    assert found.before.ends == hours(11)
