"""Whole numbers as addresses and fields carry them."""

import pytest

from tests.orders.runs.shop import make_order
from tests.screens.desk import sits
from webapp.lib.numbers import LARGEST, whole_in

BEYOND = "00000000001" + "9" * 20  # begins as if it were small
ENDLESS = "000000001" + "9" * 4400  # more digits than Python reads
ADDRESSES = (
    "/issues?cell=",
    "/log?before=",
    "/log?project=",
    "/log?subject=cell:",
    "/maintenance/history?cell=",
    "/maintenance/windows/new?duty=",
    "/orders?page=",
    "/orders/new?from=WO-1&days=",
    "/projects?after=",
    "/projects?cell=",
    "/projects/new?from=P-",
    "/schedule?undo_plan=",
    "/utilization?page=",
    "/wall/board?page=",
)


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("7", 7), ("007", 7), (str(LARGEST), LARGEST), (str(LARGEST + 1), None)]
)
def test_a_number_is_its_digits(text, number):
    assert whole_in(text) == number


@pytest.mark.parametrize("text", ["", " 7", "-7", "+7", "7.0", "1_000", "٧", "²", BEYOND, ENDLESS])
def test_anything_else_is_none(text):
    assert whole_in(text) is None


def test_within_bounds():
    assert [whole_in(text, most=9, least=1) for text in ("0", "1", "9", "10")] == [None, 1, 9, None]


@pytest.mark.parametrize("number", [BEYOND, ENDLESS], ids=["beyond", "endless"])
def test_no_number_in_an_address_is_too_long_to_answer(app, client, number):
    make_order()
    sits(client, "root")

    for address in ADDRESSES:
        assert client.get(f"{address}{number}").status_code < 500, address


@pytest.mark.parametrize("number", ["²", ENDLESS], ids=["raised", "endless"])
def test_no_number_on_a_button_is_too_odd_to_answer(app, client, number):
    sits(client, "root")

    assert client.post("/admin/calendars", data={"do": f"remove-{number}"}).status_code < 500
    assert client.post("/orders", data={"act": f"drop-{number}"}).status_code < 500
