"""Rows out of a spreadsheet: which column is what, which row is whose, and what cannot be taken, by its row."""

import pytest

from webapp.screens.orders.pasted import MOST_ROWS, read_rows

HEAD = "Order\tProduct\tQty\tDue\tOperation\tMachine\tStart\tMinutes"


def slips(text):
    return [(slip.row, slip.column, slip.says) for slip in read_rows(text).slips]


def test_one_order_of_two_steps():
    pasted = read_rows(f"{HEAD}\nWO-1\tHousing\t40\t2026-03-06\tSaw\tC01\t\t45\nWO-1\t\t\t\tMill\tC02\t\t90")

    [order] = pasted.orders
    assert (order.ref, order.product, order.qty, order.due, order.row) == ("WO-1", "Housing", "40", "2026-03-06", 2)
    assert [(step.name, step.cell, step.takes, step.row) for step in order.steps] == [
        ("Saw", "C01", "45 min", 2),
        ("Mill", "C02", "90 min", 3),
    ]
    assert pasted.slips == []


def test_many_orders_wherever_their_rows_stand():
    pasted = read_rows("Order;Operation;Takes\nA;Saw;5\nB;Mill;6\nA;Bend;7")

    assert [(order.ref, [step.name for step in order.steps]) for order in pasted.orders] == [
        ("A", ["Saw", "Bend"]),
        ("B", ["Mill"]),
    ]


def test_an_empty_order_cell_means_the_order_above():
    pasted = read_rows("Order;Operation;Takes\nA;Saw;5\n;Mill;6\nB;Cut;1")

    assert [len(order.steps) for order in pasted.orders] == [2, 1]


def test_but_the_first_must_name_it():
    assert slips("Order;Operation\n;Saw\nA;Mill") == [(2, "ref", "must name its order")]


def test_without_a_column_for_it_all_rows_are_one_order():
    [order] = read_rows("Operation,Takes\nSaw,5\nMill,6").orders

    assert (order.ref, len(order.steps)) == ("", 2)


@pytest.mark.parametrize("separator", ["\t", ";", ","])
def test_separators(separator):
    [order] = read_rows(f"Order{separator}Operation{separator}Takes\nA{separator}Saw{separator}5").orders

    assert order.steps[0].takes == "5"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_ends_of_lines(end):
    assert [order.ref for order in read_rows(end.join(["Order;Operation", "A;Saw", "B;Mill", ""])).orders] == ["A", "B"]


def test_a_decimal_comma_among_tabs_is_no_separator():
    [order] = read_rows("Order\tOperation\tHours\nA\tSaw\t1,5").orders

    assert order.steps[0].takes == "1,5 h"


@pytest.mark.parametrize(
    ("head", "unit"), [("Minutes", " min"), ("Duration (h)", " h"), ("run_time_hours", " h"), ("Takes", "")]
)
def test_a_unit_in_the_head_is_that_of_bare_numbers(head, unit):
    [order] = read_rows(f"Operation;{head}\nSaw;2\nMill;1:30").orders

    assert [step.takes for step in order.steps] == [f"2{unit}", "1:30"]


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("WORK ORDER", "ref"),
        ("Case ID", "ref"),
        ("Part Desc.", "product"),
        ("Work_Order_Qty", "qty"),
        ("Deadline", "due"),
        ("Activity", "name"),
        ("Resource", "cell"),
        ("Start Timestamp", "start"),
        ("Complete Timestamp", "end"),
        ("Machine type", "kind"),
        ("Fällig", "due"),
    ],
)
def test_common_names(head, column):
    assert (column, head) in read_rows(f"Operation;{head}\nSaw;x" if column != "name" else f"{head};Takes\nx;5").taken


def test_a_column_nobody_knows_is_told_and_left_out():
    pasted = read_rows("Order;Customer;Operation;Takes\nA;Rosa;Saw;5")

    assert pasted.unused == ["Customer"]
    assert pasted.orders[0].steps[0].name == "Saw"


def test_two_columns_of_one_meaning():
    assert slips("Order;WO;Operation\nA;B;Saw") == [
        (1, "", "names 'Order' and 'WO', which mean the same; leave one of them out")
    ]


def test_without_a_head_the_columns_are_the_usual_ones():
    pasted = read_rows("WO-7\tHousing\t40\t2026-03-06\t1\tSaw\tC01\t\t45")

    assert not pasted.named
    [order] = pasted.orders
    assert (order.ref, order.product, order.steps[0].name, order.steps[0].takes) == ("WO-7", "Housing", "Saw", "45")


def test_rows_are_counted_as_the_spreadsheet_counts_them():
    pasted = read_rows('Order;Operation\n\nA;"Saw,\nlong cut"\nB;Mill')

    assert [(order.ref, order.row) for order in pasted.orders] == [("A", 3), ("B", 4)]
    assert pasted.orders[0].steps[0].name == "Saw, long cut"


def test_a_quote_that_does_not_close_hides_nothing():
    assert slips('Order;Operation\nA;Saw\nB;"Mill\nC;Cut') == [
        (3, "", "has quotes that do not close, or more behind them; a quote inside is doubled")
    ]


def test_the_same_order_cannot_be_due_twice():
    assert slips("Order;Due;Operation\nA;2026-03-06;Saw\nA;2026-03-07;Mill") == [
        (3, "due", "says 2026-03-07; another row of the same order says 2026-03-06")
    ]


def test_an_order_may_come_without_steps():
    [order] = read_rows("Order;Product;Qty\nA;Housing;40").orders

    assert order.steps == []


@pytest.mark.parametrize("numbers", [("1", "2", "3"), ("10", "20", "30"), ("5", "10", "15")])
def test_steps_go_by_their_numbers(numbers):
    one, two, three = numbers
    pasted = read_rows(f"Order;Step;Operation\nA;{three};Bend\nA;{one};Saw\nA;{two};Mill")

    assert [step.name for step in pasted.orders[0].steps] == ["Saw", "Mill", "Bend"]
    assert pasted.slips == []


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        (("1", "2", "4"), "is 4 where 3 would follow"),
        (("1", "1", "2"), "is 1, as another step of its order"),
        (("2", "3", "4"), "is 2 where 1 would follow"),
        (("1", "x", "3"), "must be a whole number from 1"),
        (("1", "", "3"), "must be a whole number from 1"),
        (("0", "1", "2"), "must be a whole number from 1"),
    ],
)
def test_a_sequence_with_a_gap_or_a_double_is_none(numbers, says):
    rows = "".join(f"\nA;{number};Saw" for number in numbers)

    assert says in [told for _, column, told in slips(f"Order;Step;Operation{rows}") if column == "number"]


@pytest.mark.parametrize("text", ["", "  \n\t\n"])
def test_nothing_is_nothing(text):
    assert slips(text) == [(1, "", "nothing was pasted")]


def test_too_many_rows_are_told_and_not_read():
    pasted = read_rows("Order;Operation" + "\nA;Saw" * (MOST_ROWS + 1))

    assert [slip.row for slip in pasted.slips] == [MOST_ROWS + 2]
    assert len(pasted.orders[0].steps) == MOST_ROWS


@pytest.mark.parametrize("odd", ["\0", "\ufeffOrder;Operation\nA;Saw", "Order\n\n\n", ";;;\n;;;", "a" * 100_000, '"'])
def test_whatever_is_pasted_is_read_or_refused(odd):
    assert read_rows(odd)
