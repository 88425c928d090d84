"""One order: its steps with plan over what was, what is wrong with it, and what happened."""

import re
from datetime import timedelta

import pytest

from tests.orders.runs.test_waiting import statements
from tests.screens.desk import sits, tree, words
from tests.screens.orders.paper import HOUR, make_machine, make_order, placed, soon
from tests.world import person
from webapp import orders
from webapp.extensions import transaction
from webapp.jobs import work
from webapp.lib.clock import epoch, utcnow

PERIOD = 5


@pytest.fixture
def cell(app):
    return make_machine("C01")


def page_of(client, ref="WO-1"):
    answer = client.get(f"/orders/{ref}")
    assert answer.status_code == 200
    return words(answer)


def test_it_tells_the_order_and_its_steps(client, cell):
    make_order("WO-1", placed("Saw", cell), "Mill", qty=40, due_at=soon(9), note="Deburr all edges")

    page = page_of(client)

    assert "WO-1 Housing" in page
    assert "40 pieces" in page
    assert "Deburr all edges" in page
    assert "1 step has no place yet" in page
    assert "not all steps placed" in page
    assert "C01" in page


def test_it_asks_no_more_however_many_steps_were_worked(client, cell):
    work.close_books(epoch(utcnow()))
    work.seal_history(epoch(utcnow()))

    def sent_for(ref):
        page_of(client, ref)
        return statements(lambda: page_of(client, ref))

    for ref, steps in (("WO-1", 2), ("WO-2", 9)):
        made = make_order(ref, *["Saw"] * steps)
        with transaction():
            for n, step in enumerate(made.operations):
                step.cell_id, step.started_at = cell.id, utcnow() - timedelta(hours=20 - n)
                step.end("done", "oli", step.started_at + timedelta(minutes=40))

    assert sent_for("WO-2") == sent_for("WO-1")


def test_a_missing_one_is_not_found(client):
    assert client.get("/orders/WO-99").status_code == 404
    assert client.get("/orders/WO-99/part").status_code == 404


def test_an_order_without_steps_says_so(client, app):
    make_order("WO-1")

    assert "An order without steps cannot start" in page_of(client)


@pytest.mark.parametrize("ref", ["WO 1", "Größe-7", "A&B", "50%", "a?b#c", "new order"])
def test_whatever_it_is_called_its_page_is_found(client, ref):
    make_order(ref, "Saw")

    [link] = [e.attrs["href"] for e in tree(client.get("/orders")) if e.attrs.get("class") == "pid"]
    assert f"{ref} Housing" in words(client.get(link))


@pytest.fixture
def worked(cell):
    """Planned an hour ago, begun ten minutes later, and done."""
    now = utcnow().replace(microsecond=0)
    step = orders.OperationSpec(name="Saw", cell_id=cell.id, start=now - HOUR, end=now - HOUR / 2)
    make_order("WO-1", step, "Mill", now=now - 2 * HOUR)
    orders.start_order("WO-1", person("oli"), now - timedelta(minutes=50), PERIOD)
    return now


def drifts(client):
    """What the table says of each step that began."""
    return [e.text for e in tree(client.get("/orders/WO-1")) if e.tag == "td" and "foretold" in e.text]


def test_plan_over_what_was_with_the_drift_in_minutes(client, worked):
    page = client.get("/orders/WO-1")

    [drawn] = [e for e in tree(page) if e.tag == "svg" and e.attrs.get("class") == "plan-bars"]
    assert [rect.attrs["class"] for rect in drawn if rect.tag == "rect"] == ["planned", "was-running"]
    assert "+10 min" in words(page)
    assert ", foretold" in words(page)


def test_what_ended_has_its_pieces_and_no_more_is_foretold(client, worked):
    orders.complete_operation("WO-1-1", person("oli"), worked, PERIOD, qty_done=38, qty_rejected=2)

    page = page_of(client)

    assert "38 good, 2 rejected" in page
    assert "end +30 min" in page
    assert "foretold" not in page.partition("Mill")[0]


def test_a_step_that_waits_says_why(client, cell):
    make_order("WO-1", orders.OperationSpec(name="Hob", required_kind="hob", seconds=60))
    orders.start_order("WO-1", person("oli"), utcnow(), PERIOD)

    waiting = orders.one_operation("WO-1-1").waiting_message
    assert waiting
    assert waiting in page_of(client)


def test_broken_rules_are_told_in_words_on_both_orders(client, cell):
    make_order("WO-1", placed("Saw", cell))
    make_order("WO-2", placed("Mill", cell, 0.5))

    for ref in ("WO-1", "WO-2"):
        page = page_of(client, ref)
        assert "1 rule is broken by the plan" in page
        assert "WO-2 step 1, Mill overlaps WO-1 step 1, Saw" in page
        assert "breaks R2" in page


def test_steps_out_of_sequence(client, cell):
    make_order("WO-1", placed("Saw", cell, 2), placed("Mill", make_machine("C02"), 1))

    assert "WO-1 step 2, Mill starts before WO-1 step 1, Saw ends" in page_of(client)


def test_the_next_free_place_for_what_has_none(client, cell):
    make_order("WO-1", orders.OperationSpec(name="Saw", required_kind=cell.kind, seconds=3600))

    assert "Next free place for step 1, Saw: C01" in page_of(client)


def test_a_step_that_should_have_begun_says_by_how_much(client, cell):
    now = utcnow().replace(second=0, microsecond=0)
    step = orders.OperationSpec(name="Saw", cell_id=cell.id, start=now - HOUR, end=now)
    make_order("WO-1", step, now=now - 2 * HOUR)

    assert re.search(r"1 h 0[01] over its start", page_of(client))  # the minute may have turned


def test_what_happened_to_it_and_to_its_steps(client, worked):
    orders.hold_order("WO-1", "No steel", person("sam"), worked)

    page = page_of(client)

    assert "Held order" in page
    assert "Started operation" in page
    assert "Added order" in page
    assert "On hold: No steel" in page


def shown_acts(client, username, ref="WO-1"):
    """The acts at the head of its page."""
    if username:
        sits(client, username)
    page = tree(client.get(f"/orders/{ref}"))
    [head] = [e for e in page if e.attrs.get("class") == "head"]
    return [e.text for e in head if e.tag in ("a", "button") and "btn" in e.attrs.get("class", "")]


@pytest.mark.parametrize(
    ("username", "acts"),
    [
        ("pat", ["Clone", "Edit", "Cancel order…", "Hold…", "Start WO-1"]),
        ("oli", ["Hold…", "Start WO-1"]),
        ("ada", []),
        (None, []),
    ],
)
def test_it_offers_what_one_may(client, cell, username, acts):
    make_order("WO-1", "Saw")

    assert shown_acts(client, username) == acts


def test_nothing_but_a_clone_of_what_is_over(client, app):
    make_order("WO-1", "Saw")
    orders.cancel_order("WO-1", person("pat"), utcnow())

    assert shown_acts(client, "pat") == ["Clone"]
