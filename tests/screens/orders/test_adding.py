"""A new order by its form: steps in a table that grows and changes with or without a script."""

import pytest

from tests.screens.desk import complained_of, leads_to, sits, words
from tests.screens.orders.paper import fields, lines, make_machine, make_order, placed, send, soon, with_lines
from webapp import orders

SAW = {"name": "Saw", "takes": "45 min"}
MILL = {"name": "Mill", "kind": "mill", "takes": "1 h 30"}


@pytest.fixture
def blank(client):
    """pat has the empty form open."""
    sits(client, "pat")
    return fields(client.get("/orders/new"))


def steps_of(ref):
    return [(step.idx, step.name, step.seconds) for step in orders.one_order(ref).operations]


def test_a_planner_adds_an_order_with_its_steps(client, blank):
    answer = send(client, "/orders", with_lines(blank, SAW, MILL), ref="WO-7", product="Housing", qty="40")

    assert leads_to(answer, "/orders/WO-7")
    order = orders.one_order("WO-7")
    assert (order.product, order.qty, order.priority, order.created_by) == ("Housing", 40, 5, "pat")
    assert steps_of("WO-7") == [(1, "Saw", 2700), (2, "Mill", 5400)]
    assert "WO-7 added." in words(client.get(answer.location))


def test_it_comes_with_the_next_number(client, blank):
    assert dict(blank)["ref"] == "WO-1001"

    assert send(client, "/orders", with_lines(blank, SAW), ref="", product="Housing").location == "/orders/WO-1001"


@pytest.mark.parametrize("username", ["ada", "sam", "dee", "oli"])
def test_nobody_else_may(client, username):
    sits(client, username)

    assert client.get("/orders/new").status_code == 403
    assert client.post("/orders", data={"product": "Housing"}).status_code == 403


def test_nobody_is_sent_to_sign_in(client):
    assert client.get("/orders/new").location == "/login?next=/orders/new"
    assert client.post("/orders").status_code == 401


def test_a_step_with_a_start_is_placed(client, blank):
    make_machine("C01")
    at = soon()

    line = {**SAW, "cell": "c01", "start": at.strftime("%Y-%m-%d %H:%M")}
    send(client, "/orders", with_lines(blank, line), ref="WO-7", product="Housing")

    [step] = orders.one_order("WO-7").operations
    assert (step.starts, (step.ends - step.starts).total_seconds(), step.label) == (at, 2700, "WO-7 step 1, Saw")


def test_a_due_day_alone_is_all_of_it(client, blank):
    send(client, "/orders", with_lines(blank, SAW), ref="WO-7", product="Housing", due="2031-09-16")

    assert orders.one_order("WO-7").due_at.strftime("%Y-%m-%d %H:%M") == "2031-09-16 23:59"


def test_pressed_twice_it_is_one_order(client, blank):
    sent = with_lines(blank, SAW)

    first, second = (send(client, "/orders", sent, ref="", product="Housing") for _ in range(2))

    assert first.location == second.location == "/orders/WO-1001"


@pytest.mark.parametrize(
    ("changes", "line", "field", "says"),
    [
        ({"product": ""}, SAW, "product", "Product is required"),
        ({"qty": "many"}, SAW, "qty", "Pieces must be a whole number"),
        ({"qty": ""}, SAW, "qty", "Pieces must be a whole number"),
        ({"due": "soon"}, SAW, "due", "Due must be a time"),
        ({"ref": "a/b"}, SAW, "ref", "must not hold a slash"),
        ({"ref": "new"}, SAW, "ref", "choose another"),
        ({}, {"name": "Saw"}, "steps-0-takes", "Step 1: Takes must say how long the step takes"),
        ({}, {"takes": "45"}, "steps-0-name", "Step 1: Operation is required"),
        ({}, {**SAW, "takes": "a while"}, "steps-0-takes", "must be a length of time"),
        ({}, {**SAW, "cell": "C99"}, "steps-0-cell", "there is no such machine"),
        ({}, {**SAW, "start": "2031-02-30 10:00", "cell": "C01"}, "steps-0-start", "must be a time"),
        ({}, {**SAW, "start": "2031-03-01 10:00"}, "steps-0-cell", "must be named where the step has a start"),
        ({}, {**SAW, "takes": "400 days"}, "steps-0-takes", "must be a whole number from 1"),
        ({}, {**SAW, "takes": "400 days", "start": "2031-03-01 10:00", "cell": "C01"}, "steps-0-takes", "366 days"),
        ({}, {**SAW, "kind": "laser", "cell": "C01"}, "steps-0-cell", "the operation needs a laser"),
    ],
)
def test_what_cannot_be_accepted_is_named_and_all_else_stays(client, blank, changes, line, field, says):
    make_machine("C01", kind="mill")
    sent = {"ref": "WO-7", "product": "Housing", "note": "kept", **changes}

    answer = send(client, "/orders", with_lines(blank, line), **sent)

    assert answer.status_code == 422
    assert complained_of(answer) == [field]
    assert says in words(answer)
    assert dict(fields(answer)) | sent == dict(fields(answer))
    assert [{name: row[name] for name in line} for row in lines(answer)] == [line]


def test_a_number_that_is_taken_is_told_at_its_field(client, blank):
    make_order("WO-7")

    answer = send(client, "/orders", with_lines(blank, SAW), ref="WO-7", product="Housing")

    assert (answer.status_code, complained_of(answer)) == (422, ["ref"])


def test_the_error_is_that_of_the_line_that_has_it(client, blank):
    answer = send(client, "/orders", with_lines(blank, SAW, {}, {"name": "Mill"}), product="Housing")

    assert complained_of(answer) == ["steps-1-takes"]
    assert "Step 2: Takes must say" in words(answer)


@pytest.mark.parametrize(
    ("act", "left"),
    [
        ("up-1", ["Mill", "Saw", "Bend"]),
        ("down-0", ["Mill", "Saw", "Bend"]),
        ("up-0", ["Saw", "Mill", "Bend"]),
        ("down-2", ["Saw", "Mill", "Bend"]),
        ("drop-1", ["Saw", "Bend"]),
        ("drop-9", ["Saw", "Mill", "Bend"]),
        ("up-x", ["Saw", "Mill", "Bend"]),
        ("add", ["Saw", "Mill", "Bend"]),
    ],
)
def test_without_a_script_the_buttons_of_the_table_work_as_well(client, blank, act, left):
    sent = with_lines(blank, SAW, MILL, {"name": "Bend", "takes": "5"})

    answer = send(client, "/orders", sent, product="Kept", act=act)

    assert answer.status_code == 200
    assert [line["name"] for line in lines(answer)] == left
    assert dict(fields(answer))["product"] == "Kept"
    assert orders.overview(orders.Wanted(), soon()).total == 0


def test_add_makes_room_for_one_more(client, blank):
    count = len([name for name, _ in blank if name == "step_name"])

    answer = send(client, "/orders", blank, act="add")

    assert len([name for name, _ in fields(answer) if name == "step_name"]) == count + 1


def test_pasted_steps_come_behind_those_that_stand_there(client, blank):
    sent = with_lines(blank, SAW, {})

    answer = send(client, "/orders", sent, act="paste", pasted="Operation;Machine;Takes\nMill;C02;1:30\nBend;;20")

    assert [(line["name"], line["cell"], line["takes"]) for line in lines(answer)] == [
        ("Saw", "", "45 min"),
        ("Mill", "C02", "1:30"),
        ("Bend", "", "20"),
    ]


def test_what_they_say_of_the_order_fills_its_empty_fields(client, blank):
    pasted = "Product;Qty;Due;Operation;Start;End\nGear;12;2031-09-16;Saw;2031-09-01 08:00;2031-09-01 09:30"

    answer = send(client, "/orders", blank, act="paste", pasted=pasted, qty="")

    now = dict(fields(answer))
    assert (now["product"], now["qty"], now["due"]) == ("Gear", "12", "2031-09-16")
    assert [(line["start"], line["takes"]) for line in lines(answer)] == [("2031-09-01 08:00", "1 h 30")]


@pytest.mark.parametrize(
    ("pasted", "says"),
    [
        ("Order;Operation\nA;Saw\nB;Mill", "are of 2 orders (A, B"),
        ("Step;Operation\n1;Saw\n3;Mill", "cannot be read: row 3 is 3 where 2 would follow"),
        ("", "nothing was pasted"),
    ],
)
def test_rows_that_cannot_be_taken_stay_in_their_box(client, blank, pasted, says):
    answer = send(client, "/orders", blank, act="paste", pasted=pasted)

    assert complained_of(answer) == ["pasted"]
    assert says in words(answer)
    assert lines(answer) == []


def test_the_same_again_has_its_steps_without_their_times(client, blank):
    cell = make_machine("C01")
    make_order("WO-7", placed("Saw", cell), "Mill", qty=4, priority=8, note="Deburr")

    page = client.get("/orders/new?from=WO-7")

    copied = dict(fields(page))
    assert (copied["ref"], copied["product"], copied["qty"], copied["priority"]) == ("WO-1001", "Housing", "4", "8")
    assert [(line["op"], line["name"], line["cell"], line["start"], line["takes"]) for line in lines(page)] == [
        ("", "Saw", "C01", "", "1 h"),
        ("", "Mill", "", "", "1 h"),
    ]


def test_or_moved_by_so_many_days(client, blank):
    cell, at = make_machine("C01"), soon()
    make_order("WO-7", placed("Saw", cell), due_at=soon(5))

    page = client.get("/orders/new?from=WO-7&days=7")
    answer = send(client, "/orders", fields(page))

    copy = orders.one_order(answer.location.rpartition("/")[2])
    assert ((copy.operations[0].starts - at).days, (copy.due_at - soon(5)).days) == (7, 7)


def test_what_is_not_there_is_not_found(client, blank):
    assert client.get("/orders/new?from=WO-99").status_code == 404
    assert client.get("/orders/new?from=WO-99&days=x").status_code == 404
