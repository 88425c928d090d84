"""Lengths, times and numbers as people write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from webapp.screens.orders.lines import length_text
from webapp.screens.orders.pasted import OrderText, StepText
from webapp.screens.orders.typed import Plant, read_length, read_order

BERLIN = Plant(ZoneInfo("Europe/Berlin"), {"c01": 1})


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("45", 2700),
        ("45 min", 2700),
        ("45m", 2700),
        ("1 h 30", 5400),
        ("1h30m", 5400),
        ("1:30", 5400),
        ("006:19", 22_740),
        ("0:00:30", 30),
        ("1.5 h", 5400),
        ("1,5 h", 5400),
        ("2 days", 172_800),
        ("90 s", 90),
        ("1 d 2 h 3 min 4 s", 93_784),
        ("0", 0),
    ],
)
def test_lengths(text, seconds):
    assert read_length(text) == seconds


@pytest.mark.parametrize("text", ["", "a while", "1 h 2 h", "30 1 h", "-5", "1 week", "1:75", "5 min!", "1 000", "∞"])
def test_what_is_no_length(text):
    assert read_length(text) is None


@pytest.mark.parametrize("seconds", [1, 59, 60, 61, 2700, 3600, 5400, 3661, 90_000, 31_622_400])
def test_a_length_that_is_shown_is_read_back(seconds):
    assert read_length(length_text(seconds)) == seconds


def slips_of(**step):
    slips = {}
    read = read_order(OrderText(product="x", steps=[StepText(name="Saw", **step)]), BERLIN, slips)
    return read.operations[0], slips


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-01 14:30",
        "2026-07-01T14:30",
        "01.07.2026 14:30",
        "1.7.2026 14:30",
        "2026/07/01 14:30:00",
        "2026-07-01T12:30Z",
    ],
)
def test_times_are_those_of_the_site(text):
    step, slips = slips_of(start=text, takes="30", cell="C01")

    assert (step.start, slips) == (datetime(2026, 7, 1, 12, 30, tzinfo=UTC), {})


@pytest.mark.parametrize(
    "text", ["07/01/2026 14:30", "2026-03-29 02:30", "2026-10-25 02:30", "31.02.2026 10:00", "14:30"]
)
def test_what_could_be_two_times_or_none_is_refused(text):
    assert list(slips_of(start=text, takes="30", cell="C01")[1]) == ["operations.0.start"]


def test_an_end_says_how_long():
    step, slips = slips_of(start="2026-07-01 14:30", end="2026-07-01 15:15:30", cell="C01")

    assert (step.seconds, slips) == (2730, {})


def test_and_has_to_agree_with_the_length_that_is_given():
    _, slips = slips_of(start="2026-07-01 14:30", end="2026-07-01 15:30", takes="30", cell="C01")

    assert slips == {"operations.0.seconds": ["is 30, which is not the time from start to end"]}


@pytest.mark.parametrize(("text", "number"), [("40", 40), ("1 000", 1000), ("12.0", 12), ("12,00", 12)])
def test_numbers(text, number):
    assert read_order(OrderText(qty=text), BERLIN, {}).qty == number


@pytest.mark.parametrize("text", ["1,000", "1.5", "-3", "x", "٣", "9" * 12])
def test_what_is_no_number(text):
    slips = {}
    read_order(OrderText(qty=text), BERLIN, slips)

    assert slips == {"qty": ["must be a whole number"]}
