"""Orders come in: all or none, with the times they bring."""

import pytest

from tests.orders.plans import booked, order, rules_broken, step
from tests.world import NOW, at
from webapp import journal, orders
from webapp.lib.refusal import Conflict, Invalid
from webapp.orders import OperationSpec, OrderSpec

NAIVE = at("10:00").replace(tzinfo=None)


def spec(*steps, ref="", **about):
    return OrderSpec(ref, **{"product": "Bracket", "qty": 1, **about}, operations=steps)


def complained(*specs):
    """Which fields are complained of, and nothing is kept."""
    with pytest.raises(Invalid) as no:
        orders.add_orders(specs, "pat", NOW)
    assert orders.orders_page(orders.OrderFilters()).orders == []
    return list(no.value.details["fields"])


def test_an_order_comes_with_its_steps_and_books_their_time(app):
    made = order(step("11:00", "12:00"), step(name="bend", seconds=600), due_at=at("18:00"), note="Two\nlines")

    assert [(one.idx, one.ref, one.name, one.seconds) for one in made.operations] == [
        (1, "WO-1-1", "cut", 3600),
        (2, "WO-1-2", "bend", 600),
    ]
    assert (made.status, made.created_by, made.version) == ("planned", "pat", 1)
    assert booked() == {"WO-1 step 1, cut": "11:00-12:00"}
    assert [entry.verb for entry in journal.recent(made.what)] == ["added order"]


def test_steps_come_in_their_sequence_however_they_are_listed(app):
    made = order(step(idx=2, name="bend"), step(idx=1, name="cut"))

    assert [(one.idx, one.name) for one in made.operations] == [(1, "cut"), (2, "bend")]


def test_what_breaks_rules_is_shown_and_never_refused(app):
    order(step("08:00", "12:00"), step("11:00", "13:00"))

    assert rules_broken() == [("R1", "WO-1-2", "WO-1-1"), ("R2", "WO-1-2", "WO-1-1")]


def test_all_or_none(app):
    assert complained(spec(step("11:00", "12:00"), ref="WO-1"), spec(ref="WO-2", qty=0)) == ["orders.1.qty"]


@pytest.mark.parametrize(
    ("steps", "fields"),
    [
        ([step(idx=1), step(idx=3)], ["orders.0.operations.1.idx"]),
        ([step(idx=2), step(idx=2)], ["orders.0.operations.0.idx", "orders.0.operations.1.idx"]),
        ([step(idx=0)], ["orders.0.operations.0.idx"]),
        ([OperationSpec(name="a", cell_id=99, seconds=60)], ["orders.0.operations.0.cell_id"]),
        ([OperationSpec(name="a", start=at("10:00"), end=at("11:00"))], ["orders.0.operations.0.cell_id"]),
        ([OperationSpec(name="a", seconds=400 * 86_400)], ["orders.0.operations.0.seconds"]),
        ([OperationSpec(name="a")], ["orders.0.operations.0.seconds"]),
        ([OperationSpec(name="", seconds=5)], ["orders.0.operations.0.name"]),
        (
            [OperationSpec(name="a", start=at("10:00").replace(tzinfo=None), end=at("11:00"))],
            ["orders.0.operations.0.start"],
        ),
        ([step(ref="A"), step(ref="A")], ["orders.0.operations.1.ref"]),
        ([step(ref=" A")], ["orders.0.operations.0.ref"]),
        ([step(ref="a\0b")], ["orders.0.operations.0.ref"]),
        ([step()] * 201, ["orders.0.operations"]),
    ],
)
def test_what_cannot_be_is_named(app, steps, fields):
    assert complained(spec(*steps, ref="WO-1")) == fields


def test_two_orders_of_one_name_and_a_step_of_both(app):
    found = complained(spec(step(ref="A"), ref="WO-1"), spec(step(ref="A"), ref="WO-1"))

    assert found == ["orders.1.ref", "orders.1.operations.0.ref"]


def test_names_that_others_have(app):
    order(step(ref="A"))

    with pytest.raises(Conflict) as no:
        orders.add_orders([spec(ref="WO-2"), spec(step(ref="A"), ref="WO-1")], "pat", NOW)

    assert list(no.value.details["fields"]) == ["orders.1.ref", "orders.1.operations.0.ref"]


def test_numbers_go_on_after_the_largest(app):
    assert orders.next_ref() == "WO-1001"
    order(ref="WO-2000")
    order(ref="WO-999")
    order(ref="WO-X")

    made = orders.add_orders([spec(), spec(ref="WO-2001"), spec()], "pat", NOW)

    assert [one.ref for one in made] == ["WO-2002", "WO-2001", "WO-2003"]


@pytest.mark.parametrize(("theirs", "ours"), [("WO-00042", "WO-1001"), ("WO-99999999", "WO-100000000")])
def test_numbers_of_others_never_stop_ours(app, theirs, ours):
    order(ref=theirs)

    for free in (ours, f"WO-{int(ours.removeprefix('WO-')) + 1}"):
        assert orders.next_ref() == free
        assert orders.add_orders([spec()], "pat", NOW)[0].ref == free


def test_a_step_whose_usual_name_is_taken_gets_another(app):
    order(step(ref="WO-2-1"))

    [step_of_two] = order(step(), ref="WO-2").operations

    assert step_of_two.ref.startswith("OP-")
