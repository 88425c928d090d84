"""An order is changed, copied and called off."""

import pytest

from tests.orders.plans import booked, order, step
from tests.world import NOW, at
from webapp import journal, orders
from webapp.extensions import transaction
from webapp.lib.refusal import Invalid, NotFound, Stale, WrongState


def change(version=None, **changes):
    return orders.change_order("WO-1", changes, "pat", NOW, version)


def test_what_is_not_named_stays(app):
    order(due_at=at("18:00"))

    changed = change(qty=20, due_at=None)

    assert (changed.qty, changed.due_at, changed.product, changed.version) == (20, None, "Bracket", 2)
    assert journal.recent(changed.what)[0].details["before"] == {"qty": 10, "due_at": "2026-03-04T18:00:00Z"}


def test_what_is_the_same_is_no_change(app):
    order()

    assert change(qty=10).version == 1


@pytest.mark.parametrize(
    "changes", [{"qty": 0}, {"ref": "WO-2"}, {"product": " "}, {"priority": 11}, {"status": "done"}]
)
def test_what_cannot_be(app, changes):
    order()

    with pytest.raises(Invalid) as no:
        change(**changes)

    assert list(no.value.details["fields"]) == list(changes)


def test_who_saw_an_older_one_is_told_both_values(app):
    order()
    change(qty=20)

    with pytest.raises(Stale) as no:
        change(version=1, qty=30, product="Bracket")

    assert no.value.details["values"] == {"qty": {"yours": 30, "now": 20}}
    assert (no.value.details["changed"], no.value.details["changed_by"]) == ("changed order", "pat")


def test_a_copy_has_the_same_steps_and_no_times(app):
    order(step("11:00", "12:30", required_kind="mill"), step(name="bend"), priority=8)

    copy = orders.clone_order("WO-1", "pat", NOW)

    assert (copy.ref, copy.priority, copy.due_at) == ("WO-1001", 8, None)
    assert [(one.name, one.seconds, one.required_kind, one.starts) for one in copy.operations] == [
        ("cut", 5400, "mill", None),
        ("bend", 3600, None, None),
    ]


def test_called_off_it_leaves_the_plan(app):
    order(step("11:00", "12:00"), step("12:00", "13:00"))

    ended = orders.cancel_order("WO-1", "pat", NOW, "Not wanted any more")

    assert (ended.status, ended.ended_at, [one.status for one in ended.operations]) == (
        "cancelled",
        NOW,
        ["cancelled"] * 2,
    )
    assert booked() == {}
    for act in (lambda: orders.cancel_order("WO-1", "pat", NOW), lambda: change(qty=3)):
        with pytest.raises(WrongState):
            act()


def test_not_while_a_step_runs(app):
    order(step("10:00", "12:00"))
    with transaction():
        begun = orders.one_operation("WO-1-1")
        begun.status, begun.started_at = "running", NOW

    with pytest.raises(WrongState, match="runs"):
        orders.cancel_order("WO-1", "pat", NOW)


def test_one_that_is_not_there(app):
    for act in (
        lambda: orders.one_order("WO-9"),
        lambda: orders.one_operation("OP-9"),
        lambda: orders.cancel_order("WO-9", "pat", NOW),
        lambda: orders.clone_order("WO-9", "pat", NOW),
    ):
        with pytest.raises(NotFound):
            act()
