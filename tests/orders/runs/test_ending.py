"""A step is done: its machine is free and the next begins, in one commit. Or it fails, and its order is held."""

import pytest

from tests.orders.runs.shop import (
    PERIOD,
    booked,
    complete,
    holders,
    later,
    make_machine,
    make_order,
    op,
    start,
    statuses,
    step,
)
from tests.world import NOW, person
from webapp import cells, journal, orders
from webapp.lib.refusal import Invalid, NotFound, WrongState


def test_the_next_step_starts_on_the_machine_that_is_free_now(app):
    mill = make_machine()
    make_order(step("cut", mill), step("drill", mill))
    start()

    complete("WO-1-1", later(minutes=50), qty_done=9, qty_rejected=1)

    first, second = op("WO-1-1"), op("WO-1-2")
    assert (first.status, first.ended_at, first.ended_by) == ("done", later(minutes=50), "oli")
    assert (first.qty_done, first.qty_rejected) == (9, 1)
    assert (second.status, second.started_at) == ("running", later(minutes=50))
    assert holders() == {"M1": second.what}
    assert booked(first.what) is None


def test_the_machine_is_not_told_to_drop_anything(app):
    make_machine()
    make_order()
    start()
    claim_id = op("WO-1-1").claim_id

    complete("WO-1-1")

    from webapp.cells import Claim
    from webapp.extensions import db

    claim = db.session.get(Claim, claim_id)
    assert (claim.closed, claim.why, claim.stop_owed) == (NOW, "done", False)


def test_after_the_last_step_the_order_is_done(app):
    make_machine()
    order = make_order()
    start()

    complete("WO-1-1", later(hours=1))

    assert statuses() == ["done", "done"]
    assert op("WO-1-1").order.ended_at == later(hours=1)
    assert journal.recent(order.what)[0].verb == "completed order"
    assert holders() == {}


def test_the_next_waits_with_its_reason_where_no_machine_takes_it(app):
    make_machine("M1")
    make_machine("L1", "down", kind="lathe", detail="Chuck")
    make_order(step("cut"), step("turn", kind="lathe"))
    start()

    complete("WO-1-1")

    assert statuses() == ["running", "done", "waiting"]
    assert op("WO-1-2").waiting_message == "L1 is down: Chuck"


def test_a_skipped_step_is_not_waited_for(app):
    from webapp.extensions import db, transaction

    make_machine()
    make_order(step("cut"), step("drill"), step("mill"))
    with transaction():
        db.session.merge(op("WO-1-2")).end("cancelled", "pat", NOW)
    start()

    complete("WO-1-1")

    assert statuses() == ["running", "done", "cancelled", "running"]


def test_who_waits_with_more_right_gets_the_machine(app):
    mill = make_machine()
    make_order(step("cut", mill), step("drill", mill), due_at=later(days=9))
    make_order(step("saw", mill), ref="WO-2", due_at=later(days=1))
    start("WO-1")
    start("WO-2")

    complete("WO-1-1", later(hours=1))

    assert op("WO-1-2").waiting_message == "M1 is busy: WO-2 step 1, saw is ahead and gets it"


def test_a_second_completion_says_who_was_first(app):
    make_machine()
    make_order()
    start()
    complete("WO-1-1", by="sam")

    with pytest.raises(WrongState, match="is done: sam") as refused:
        complete("WO-1-1", later(seconds=1))

    assert refused.value.details == {"status": "done", "ended_by": "sam", "ended_at": NOW}


def test_what_does_not_run_is_not_completed(app):
    make_order()

    with pytest.raises(WrongState, match="is planned"):
        complete("WO-1-1")
    with pytest.raises(NotFound):
        complete("OP-9")


@pytest.mark.parametrize("count", [-1, 10_000_001, 1.5, "3", True])
def test_pieces_are_whole_numbers(app, count):
    make_machine()
    make_order()
    start()

    with pytest.raises(Invalid) as refused:
        complete("WO-1-1", qty_done=1, qty_rejected=count)

    assert list(refused.value.details["fields"]) == ["qty_rejected"]
    assert op("WO-1-1").status == "running"


def fail(ref="WO-1-1", reason="Tool broke", now=NOW):
    return orders.fail_operation(ref, reason, person("oli"), now)


def test_a_failure_holds_the_order_and_frees_the_machine(app):
    make_machine()
    order = make_order(step("cut"), step("drill"))
    start()

    fail()

    assert statuses() == ["held", "failed", "planned"]
    failed = op("WO-1-1")
    assert (failed.end_reason, failed.order.hold_reason) == ("Tool broke", "step 1, cut, failed: Tool broke")
    assert holders() == {}
    assert booked(failed.what) is None
    assert journal.recent(order.what)[0].details["why"] == "step 1, cut, failed: Tool broke"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "a\x00b"])
def test_a_failure_says_why(app, reason):
    make_machine()
    make_order()
    start()

    with pytest.raises(Invalid):
        fail(reason=reason)

    assert statuses() == ["running", "running"]


def test_only_what_runs_fails(app):
    make_order()

    with pytest.raises(WrongState):
        fail()


def test_nothing_starts_on_hold_and_what_runs_may_end(app):
    make_machine()
    make_order(step("cut"), step("drill"))
    start()
    orders.hold_order("WO-1", "Customer calls", person("pat"), NOW)

    complete("WO-1-1")

    assert statuses() == ["held", "done", "waiting"]
    assert op("WO-1-2").waiting_message == "Its order is on hold: Customer calls"
    with pytest.raises(WrongState, match="on hold"):
        orders.start_operation("WO-1-2", person("oli"), NOW, PERIOD)
    assert cells.open_claim(op("WO-1-2").what) is None


def test_nothing_is_done_by_halves(app, monkeypatch):
    """The next cannot even be looked for: then nothing was completed, either."""
    from webapp.orders.runs import ending

    make_machine()
    make_order(step("cut"), step("drill"))
    start()
    monkeypatch.setattr(ending, "begin", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        complete("WO-1-1")

    assert statuses() == ["running", "running", "planned"]
    assert holders() == {"M1": op("WO-1-1").what}
