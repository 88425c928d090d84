from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest

from tests.orders.proposals.planned import ask, hours, made, maintain, make_mill, make_order, op, step, work
from tests.world import NOW
from webapp import cells, orders
from webapp.extensions import db, transaction
from webapp.lib.refusal import Invalid, WrongState
from webapp.lib.turns import GIVEN_UP, MOST_LOST
from webapp.orders import Proposal
from webapp.orders.planning.shop import score
from webapp.orders.planning.solving import Progress, Solved
from webapp.orders.proposals import working


def places(proposal):
    return {move["ref"]: move["becomes"] for move in proposal.moves}


def test_operations_without_a_place_get_one_in_sequence(app):
    mill = make_mill()
    make_order("WO-1", step(), step())

    proposal = made()

    assert (proposal.status, proposal.proven) == ("ready", True)
    assert [move["becomes"]["cell"] for move in proposal.moves] == [mill.id, mill.id]
    assert places(proposal)["WO-1-1"]["end"] <= places(proposal)["WO-1-2"]["start"]


def test_of_two_who_ask_at_one_moment_one_gets_a_plan(app):
    def ask_aside():
        with app.app_context(), pytest.raises(WrongState, match="one is made at a time"):
            ask()

    with ThreadPoolExecutor(1) as pool:
        with transaction():
            db.session.add(Proposal(by="sam", created_at=NOW, orders=[], days=1, seconds=2, begins=NOW))
            db.session.flush()
            asked = pool.submit(ask_aside)
            wait([asked], timeout=0.3)  # it stands before the database by then; where it does not, it comes later
        asked.result()

    assert [one.by for one in orders.recent_proposals()] == ["sam"]


def test_what_would_be_late_goes_first(app):
    mill = make_mill()
    make_order("WO-1", step(mill, at=1, length=8))
    make_order("WO-2", step(mill, at=9, length=2), due=4)

    proposal = made()

    ends = {end["ref"]: end for end in proposal.ends}
    assert ends["WO-2"]["was"] > ends["WO-2"]["due"] >= ends["WO-2"]["becomes"]


def test_nothing_is_proposed_before_there_was_time_to_read_it(app):
    make_mill()
    make_order("WO-1")

    proposal = made()

    assert proposal.begins >= NOW + timedelta(minutes=10)
    assert places(proposal)["WO-1-1"]["start"] == f"{proposal.begins:%Y-%m-%dT%H:%M:%SZ}"


def test_windows_projects_and_operations_that_stay_are_planned_around(app):
    mill = make_mill()
    maintain(mill, 1, 2)
    make_order("WO-1", step(mill, at=3, pinned=True))
    make_order("WO-2", step(length=1))

    proposal = _made_with(busy={mill.id: hours(0.9)})

    assert list(places(proposal)) == ["WO-2-1"]
    assert places(proposal)["WO-2-1"]["start"] == f"{hours(2):%Y-%m-%dT%H:%M:%SZ}"


def _made_with(busy):
    proposal = ask()
    work(busy=busy)
    db.session.rollback()
    return orders.one_proposal(proposal.id)


def test_an_operation_lies_within_a_shift(app):
    mill = make_mill()
    early = cells.read_shift("Early", "06:00", "14:00", "", range(7))
    calendar = cells.add_calendar("One shift", "UTC", [early], "root", NOW)
    cells.use_calendar([mill.id], calendar.id, NOW - timedelta(days=1), "root", NOW)
    make_order("WO-1", step(length=5))

    assert places(made())["WO-1-1"]["start"] == "2026-03-05T06:00:00Z"


def test_what_begins_late_and_has_not_begun_is_planned_anew(app):
    mill = make_mill()
    make_order("WO-1", step(mill, at=-3))

    assert places(made())["WO-1-1"]["start"] > f"{NOW:%Y-%m-%dT%H:%M:%SZ}"


def test_an_order_without_a_machine_is_named_and_the_others_are_planned(app):
    make_mill()
    make_order("WO-1", step(required_kind="laser"))
    make_order("WO-2")

    proposal = made()

    assert proposal.left_out == [{"ref": "WO-1", "why": "WO-1 step 1, cut: there is no laser"}]
    assert list(places(proposal)) == ["WO-2-1"]


def test_a_step_whose_machine_is_closed_stays_and_the_others_go_around_it(app):
    shut, mill = make_mill("L1", kind="laser"), make_mill()
    make_order("WO-1", step(shut, at=5, required_kind="laser"), step(mill, at=30))
    cells.set_mode(shut.id, "draining", "Audit", "sam", NOW)

    proposal = made()

    assert places(proposal)["WO-1-2"]["start"] == f"{hours(6):%Y-%m-%dT%H:%M:%SZ}"
    assert proposal.left_out == [{"ref": "WO-1", "why": "WO-1 step 1, cut: L1 is draining"}]


def test_what_is_wrong_with_the_plan_as_it_is_is_counted(app):
    mill = make_mill()
    early = cells.read_shift("Early", "06:00", "14:00", "", range(7))
    calendar = cells.add_calendar("One shift", "UTC", [early], "root", NOW)
    cells.use_calendar([mill.id], calendar.id, NOW - timedelta(days=1), "root", NOW)
    make_order("WO-1", step(mill, at=7), step(mill, at=0.1))
    make_order("WO-2", step(mill, at=2, length=0.5))

    found = orders.compared(made())

    assert {order.ref: (order.broken, order.closed) for order in found.orders} == {"WO-1": (2, 0), "WO-2": (0, 0)}
    assert (found.broken, found.closed) == (2, 0)


def test_work_outside_of_shifts_is_counted(app):
    mill = make_mill()
    early = cells.read_shift("Early", "06:00", "14:00", "", range(7))
    calendar = cells.add_calendar("One shift", "UTC", [early], "root", NOW)
    cells.use_calendar([mill.id], calendar.id, NOW - timedelta(days=1), "root", NOW)
    make_order("WO-1", step(mill, at=0.1), step(mill, at=7))

    assert orders.compared(made()).closed == 1


def test_only_the_orders_that_were_named_are_moved(app):
    mill = make_mill()
    make_order("WO-1", step(mill, at=5))
    make_order("WO-2")

    assert list(places(made(orders=["WO-2"]))) == ["WO-2-1"]


def test_where_there_is_nothing_to_plan_the_plan_is_empty(app):
    assert (made().status, made().moves) == ("ready", [])


@pytest.mark.parametrize(
    ("wrong", "field"), [({"days": 0}, "days"), ({"seconds": 10_000}, "seconds"), ({"orders": ["X"]}, "orders")]
)
def test_what_cannot_be_asked_is_named(app, wrong, field):
    with pytest.raises(Invalid) as refused:
        ask(**wrong)

    assert list(refused.value.details["fields"]) == [field]


def test_one_plan_is_made_at_a_time(app):
    first = ask()

    with pytest.raises(WrongState) as refused:
        ask()

    assert refused.value.details["proposal"] == first.id


def test_whoever_is_killed_at_it_is_followed_by_another(app, monkeypatch):
    make_mill()
    make_order("WO-1")
    proposal = ask()
    monkeypatch.setattr(working, "improve", _dies)
    with pytest.raises(KeyboardInterrupt):
        work()
    monkeypatch.undo()

    assert not work(), "somebody is believed to be at it"
    work(now=NOW + timedelta(minutes=2))

    db.session.rollback()
    assert orders.one_proposal(proposal.id).status == "ready"


def _dies(*_):
    raise KeyboardInterrupt


def test_the_first_plan_is_there_at_once(app, monkeypatch):
    make_mill()
    make_order("WO-1")
    proposal = ask()
    monkeypatch.setattr(working, "improve", _dies)

    with pytest.raises(KeyboardInterrupt):
        work()

    db.session.rollback()
    assert list(places(orders.one_proposal(proposal.id))) == ["WO-1-1"]


def test_good_enough_ends_it_with_what_there_is(app):
    make_mill()
    make_order("WO-1")
    proposal = ask()
    orders.stop_planning(proposal.id, "pat", NOW)

    work()

    db.session.rollback()
    assert (orders.one_proposal(proposal.id).status, len(orders.one_proposal(proposal.id).moves)) == ("ready", 1)
    with pytest.raises(WrongState):
        orders.stop_planning(proposal.id, "pat", NOW)


def test_a_discarded_plan_is_worked_on_no_more(app):
    make_mill()
    make_order("WO-1")
    proposal = ask()

    orders.discard_proposal(proposal.id, "pat", NOW)

    assert not work()
    assert ask().id != proposal.id


def test_a_plan_at_which_workers_die_is_given_up(app):
    proposal = ask()
    with transaction():
        db.session.get(Proposal, proposal.id).lost_turns = MOST_LOST

    work()

    db.session.rollback()
    given_up = orders.one_proposal(proposal.id)
    assert (given_up.status, given_up.problem) == ("failed", GIVEN_UP)


def test_turns_that_end_well_are_not_counted_among_those_that_were_lost(app, monkeypatch):
    make_mill()
    make_order("WO-1")
    proposal = ask(seconds=60)
    monkeypatch.setattr(working, "improve", _goes_on)

    assert work()

    db.session.rollback()
    begun = orders.one_proposal(proposal.id)
    assert (begun.status, begun.lost_turns, begun.turn_until) == ("planning", 0, None)


def _goes_on(shop, best, limits, teller):
    """It finds nothing better within its time."""
    now = score(shop, best)
    return Solved(best, now, False, Progress(best, now, "end", 0, 5.0))


def test_old_plans_are_forgotten(app):
    proposal = made()
    kept = ask(now=NOW + timedelta(days=61))

    orders.forget_proposals(NOW + timedelta(days=61))

    assert [one.id for one in orders.recent_proposals()] == [kept.id]
    assert proposal.id != kept.id


def test_a_plan_moves_nothing_by_itself(app):
    mill = make_mill()
    make_order("WO-1", step(mill, at=30))

    made()

    assert op("WO-1-1").starts == hours(30)
