"""Many orders pasted at once: a look first, each complaint at its row, then all of them or none."""

import pytest

from tests.screens.desk import leads_to, sits, tree, words
from tests.screens.orders.paper import make_machine, make_order, soon
from webapp import orders

ROWS = """Order;Product;Qty;Operation;Machine;Takes
WO-7;Housing;40;Saw;C01;45
WO-7;;;Mill;;1:30
WO-8;Gear;2;Hob;;20"""


@pytest.fixture
def planner(client):
    make_machine("C01")
    sits(client, "pat")
    return client


def look(client, rows):
    return client.post("/orders/paste", data={"rows": rows})


def add(client, rows, key="a key"):
    return client.post("/orders/paste", data={"rows": rows, "act": "add", "key": key})


def count():
    return orders.overview(orders.Wanted(), soon()).total


def told(page):
    """What its list of complaints says."""
    [summary] = [e for e in tree(page) if "data-errors" in e.attrs]
    return [item.text for item in summary if item.tag == "li"]


def test_first_it_is_only_looked_at(planner):
    page = look(planner, ROWS)

    assert page.status_code == 200
    assert "2 orders with 3 steps, as below. Nothing is added yet." in words(page)
    assert count() == 0


def test_then_all_of_them_are_added(planner):
    hidden = {e.attrs["name"]: e.attrs["value"] for e in tree(look(planner, ROWS)) if e.attrs.get("type") == "hidden"}

    answer = add(planner, hidden["rows"], hidden["key"])

    assert leads_to(answer, "/orders?sort=created&way=down")
    assert [
        (order.ref, order.qty, [step.name for step in order.operations])
        for order in map(orders.one_order, ("WO-7", "WO-8"))
    ] == [
        ("WO-7", 40, ["Saw", "Mill"]),
        ("WO-8", 2, ["Hob"]),
    ]
    assert "2 orders added, with 3 steps." in words(planner.get(answer.location))


def test_added_twice_they_are_there_once(planner):
    first, second = add(planner, ROWS), add(planner, ROWS)

    assert first.location == second.location
    assert count() == 2


def test_one_order_leads_to_its_page(planner):
    assert leads_to(add(planner, "Order;Product;Operation;Takes\nWO-7;Gear;Saw;5"), "/orders/WO-7")


def test_without_a_number_it_gets_the_next(planner):
    assert leads_to(add(planner, "Product;Operation;Takes\nGear;Saw;5"), "/orders/WO-1001")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("Order;Operation;Takes\nA;Saw;5", "Row 2: Product is required"),
        ("Order;Product;Operation;Takes\nA;Gear;Saw;5\nA;;;9", "Row 3: Operation is required"),
        ("Order;Product;Operation;Takes\nA;Gear;Saw;", "Row 2: Takes must say how long the step takes"),
        ("Order;Product;Operation;Takes;Machine\nA;Gear;Saw;5;C01\nA;;Mill;5;C99", "Row 3: Machine is C99"),
        ("Order;Product;Qty;Operation;Takes\nA;Gear;0;Saw;5", "Row 2: Quantity must be a whole number from 1"),
        ("Order;Product;Qty;Operation;Takes\nA;Gear;1,5;Saw;5", "Row 2: Quantity must be a whole number"),
        (
            "Order;Product;Priority;Operation;Takes\nA;Gear;10;Saw;5",
            "Row 2: Priority must be a whole number from 0 to 9",
        ),
        ("Order;Product;Due;Operation;Takes\nA;Gear;soon;Saw;5", "Row 2: Due must be a time"),
        ("Order;Product;Step;Operation;Takes\nA;Gear;1;Saw;5\nA;;3;Mill;5", "Row 3: Step is 3 where 2 would follow"),
        (
            "Order;Product;Operation;Start;End;Machine\nA;Gear;Saw;2031-01-02 10:00;2031-01-02 09:00;C01",
            "Row 2: End must be later",
        ),
        (
            "Order;Product;Operation;Start;Takes;Machine\nA;Gear;Saw;03/04/2031 10:00;5;C01",
            "Row 2: Start must be a time",
        ),
        ("Order;Product;Operation;Takes\nWO-1;Gear;Saw;5", "Row 2: Order WO-1 exists already"),
        (
            "Order;Product;Operation;Takes;Operation ID\nA;Gear;Saw;5;X\nB;Gear;Saw;5;X",
            "Row 3: Operation id X stands here twice",
        ),
        ("Order;Product;Operation;Takes\na/b;Gear;Saw;5", "Row 2: Order must not hold a slash"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_row_and_nothing_is_added(planner, rows, says):
    make_order("WO-1")

    for answer in (look(planner, rows), add(planner, rows)):
        assert answer.status_code == 422
        assert [line for line in told(answer) if line.startswith(says)], told(answer)
    assert count() == 1


def test_half_of_them_wrong_none_is_added(planner):
    rows = "Order;Product;Operation;Takes\n" + "\n".join(f"A{n};Gear;Saw;{'5' if n % 2 else 'x'}" for n in range(40))

    answer = add(planner, rows)

    assert len(told(answer)) == 20
    assert "20 of 40 rows cannot be taken" in words(answer)
    assert count() == 0


def test_a_number_somebody_took_between_look_and_add(planner):
    look(planner, ROWS)
    make_order("WO-8")

    assert told(add(planner, ROWS)) == ["Row 4: Order WO-8 exists already"]


def test_what_was_pasted_stays_in_its_box(planner):
    [box] = [e for e in tree(look(planner, "Order;Operation\nA;Saw")) if e.tag == "textarea"]

    assert box.children[0].strip().splitlines() == ["Order;Operation", "A;Saw"]


def test_the_page_says_which_columns_it_does_not_know(planner):
    page = look(planner, "Order;Customer;Product;Operation;Takes\nA;Rosa;Gear;Saw;5")

    assert "Not used: Customer" in words(page)


def test_rows_without_a_head_are_taken_in_the_usual_order(planner):
    page = look(planner, "WO-7\tHousing\t40\t2031-03-06\t1\tSaw\tC01\t\t45")

    assert "No head was found" in words(page)
    assert page.status_code == 200


def test_nothing_pasted_is_told(planner):
    assert told(look(planner, "")) == ["Row 1: nothing was pasted"]


@pytest.mark.parametrize("username", ["ada", "sam", "dee", "oli"])
def test_nobody_else_may(client, username):
    sits(client, username)

    assert client.get("/orders/paste").status_code == 403
    assert look(client, ROWS).status_code == 403


def test_nobody_is_sent_to_sign_in(client):
    assert client.get("/orders/paste").location == "/login?next=/orders/paste"
    assert look(client, ROWS).status_code == 401
