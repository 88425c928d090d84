"""Changing an order: its fields and its steps in one go; what has begun stays; whoever was quicker is told."""

import pytest

from tests.screens.desk import complained_of, leads_to, sits, words
from tests.screens.orders.paper import fields, lines, make_machine, make_order, placed, send, soon, with_lines
from tests.world import person
from webapp import cells, journal, orders
from webapp.lib.clock import utcnow
from webapp.screens.orders.lines import lines_of
from webapp.screens.orders.pasted import StepText

HOME = "/orders/WO-1"


@pytest.fixture
def cell(app):
    return make_machine("C01")


@pytest.fixture
def order(cell):
    return make_order("WO-1", placed("Saw", cell), "Mill", qty=4, due_at=soon(9))


@pytest.fixture
def pat(client, order):
    sits(client, "pat")
    return client


def opened(client):
    return fields(client.get(f"{HOME}/edit"))


def save(client, sent, **changes):
    return send(client, f"{HOME}/changes", sent, **changes)


def steps():
    return [(step.idx, step.ref, step.name) for step in orders.one_order("WO-1").operations]


def test_it_shows_what_is_stored(pat):
    page = pat.get(f"{HOME}/edit")

    assert dict(fields(page))["qty"] == "4"
    assert dict(fields(page))["due"] == soon(9).strftime("%Y-%m-%d %H:%M")
    assert [(line["op"], line["name"], line["cell"], line["start"], line["takes"]) for line in lines(page)] == [
        ("WO-1-1", "Saw", "C01", soon().strftime("%Y-%m-%d %H:%M"), "1 h"),
        ("WO-1-2", "Mill", "", "", "1 h"),
    ]


def test_sent_back_unread_it_changes_nothing(pat):
    assert leads_to(save(pat, opened(pat)), HOME)

    assert orders.one_order("WO-1").version == 1
    assert [step.version for step in orders.one_order("WO-1").operations] == [1, 1]


def test_fields_and_steps_are_saved_together(pat):
    sent = opened(pat)
    saw, mill = ({name: line[name] for name in line} for line in lines(pat.get(f"{HOME}/edit")))

    answer = save(pat, with_lines(sent, saw, {"name": "Bend", "takes": "20"}, mill), qty="5", priority="9")

    assert leads_to(answer, HOME)
    order = orders.one_order("WO-1")
    assert (order.qty, order.priority) == (5, 9)
    assert [name for _, _, name in steps()] == ["Saw", "Bend", "Mill"]
    assert steps()[2][1] == "WO-1-2"
    assert {entry.verb for entry in journal.recent(order.what)} >= {"changed order", "changed steps"}


def test_a_step_taken_out_is_gone_and_its_time_is_free(pat, cell):
    _, mill = lines(pat.get(f"{HOME}/edit"))

    save(pat, with_lines(opened(pat), mill))

    assert steps() == [(1, "WO-1-2", "Mill")]
    assert cells.bookings(soon(), soon(1)) == []


def test_steps_change_places(pat):
    saw, mill = lines(pat.get(f"{HOME}/edit"))

    assert leads_to(save(pat, with_lines(opened(pat), mill, saw)), HOME)

    assert [name for _, _, name in steps()] == ["Mill", "Saw"]


def test_a_rule_that_is_broken_is_told_at_the_step_with_the_first_free_start(pat, cell):
    make_order("WO-2", placed("Cut", cell, 3))
    saw, mill = lines(pat.get(f"{HOME}/edit"))
    there = soon(3).strftime("%Y-%m-%d %H:%M")

    answer = save(pat, with_lines(opened(pat), {**saw, "start": there}, mill), qty="9")

    assert (answer.status_code, complained_of(answer)) == (422, ["steps-0-start"])
    assert "must not overlap another on its machine (WO-2 step 1, Cut); free from" in words(answer)
    assert (orders.one_order("WO-1").qty, orders.one_order("WO-1").version) == (4, 1)


def test_what_has_begun_is_shown_and_cannot_be_changed(pat):
    orders.start_order("WO-1", person("oli"), utcnow(), 5)

    page = pat.get(f"{HOME}/edit")
    answer = save(pat, with_lines(fields(page), {"name": "Bend", "takes": "20"}))

    assert "it cannot be changed any more" in words(page)
    assert leads_to(answer, HOME)
    assert [name for _, _, name in steps()] == ["Saw", "Bend"]
    assert orders.one_operation("WO-1-1").status == "running"


def test_the_errors_of_the_rest_are_numbered_as_the_steps_are(pat):
    orders.start_order("WO-1", person("oli"), utcnow(), 5)

    answer = save(pat, with_lines(opened(pat), {"name": "Bend"}))

    assert "Step 2: Takes must say" in words(answer)


def test_what_the_room_refuses_of_the_rest_is_told_at_its_line(pat):
    orders.start_order("WO-1", person("oli"), utcnow(), 5)

    answer = save(pat, with_lines(opened(pat), {"name": "x" * 150, "takes": "20"}, {"name": "Wash", "takes": "5"}))

    assert complained_of(answer) == ["steps-0-name"]
    assert "Step 2: Operation must be" in words(answer)


def test_lines_have_the_places_that_are_left_by_what_has_begun():
    assert [line.no for line in lines_of([StepText()] * 3, begun={2})] == [1, 3, 4]


def test_the_buttons_of_the_table_work_here_too(pat):
    answer = save(pat, opened(pat), act="down-0")

    assert [line["name"] for line in lines(answer)] == ["Mill", "Saw"]
    assert [name for _, _, name in steps()] == ["Saw", "Mill"]


@pytest.fixture
def overtaken(pat):
    """pat has the form open, and has typed; root was quicker."""
    sent = opened(pat)
    orders.change_order("WO-1", {"qty": 7}, person("root"), utcnow())
    orders.reschedule("WO-1-1", soon(4), soon(5), None, person("root"), utcnow())
    return sent


def test_who_was_slower_sees_what_changed_and_keeps_what_was_typed(pat, overtaken):
    answer = save(pat, overtaken, qty="5")

    assert answer.status_code == 412
    said = words(answer)
    assert "WO-1 was changed after you opened it, by root" in said
    assert "Pieces is now 7; you typed 5" in said
    assert f"Start is now {soon(4):%Y-%m-%d %H:%M}; you typed {soon():%Y-%m-%d %H:%M}" in said
    assert dict(fields(answer))["qty"] == "5"
    assert orders.one_order("WO-1").qty == 7


def test_a_due_date_is_told_as_it_is_typed(pat):
    sent = opened(pat)
    orders.change_order("WO-1", {"due_at": soon(12)}, person("root"), utcnow())

    assert f"Due is now {soon(12):%Y-%m-%d %H:%M}; you typed {soon(9):%Y-%m-%d %H:%M}" in words(save(pat, sent))


def test_sent_again_knowingly_it_counts(pat, overtaken):
    answer = save(pat, fields(save(pat, overtaken, qty="5")))

    assert leads_to(answer, HOME)
    assert orders.one_order("WO-1").qty == 5


def test_a_step_that_came_meanwhile_is_told(pat):
    sent = opened(pat)
    there = [
        orders.OperationSpec(step.ref, None, step.name, seconds=step.seconds)
        for step in orders.one_order("WO-1").operations
    ]
    orders.set_operations("WO-1", [*there, orders.OperationSpec(name="Wash", seconds=60)], person("root"), utcnow())

    assert "There is a step Wash that you do not have" in words(save(pat, sent))


def test_pressed_twice_it_is_saved_once(pat):
    sent = opened(pat)

    answers = [save(pat, sent, qty="5") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert orders.one_order("WO-1").version == 2


def test_what_is_over_is_not_edited(pat):
    sent = opened(pat)
    orders.cancel_order("WO-1", person("root"), utcnow())

    assert pat.get(f"{HOME}/edit").status_code == 409
    assert save(pat, sent).status_code == 409


def test_a_missing_one_is_not_found(pat):
    assert pat.get("/orders/WO-9/edit").status_code == 404
    assert pat.post("/orders/WO-9/changes").status_code == 404
