"""What can be accepted of what an engineer asks for."""

import pytest

from tests.projects.shop import a_spec
from tests.world import NOW
from webapp.lib.refusal import Invalid
from webapp.projects import Parameter


def complaints(spec, parameters=()):
    with pytest.raises(Invalid) as no:
        spec.check(parameters, None, NOW)
    return {name: says[0] for name, says in no.value.details["fields"].items()}


def a_parameter(n: int = 1, **given):
    return Parameter(**{"n": n, "allowed": [], "low": None, "high": None, "in_use": True, **given})


def test_two_locations_are_enough():
    a_spec().check((), None, NOW)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cad_model", ""),
        ("cad_model", "  "),
        ("cad_model", None),
        ("cad_model", 7),
        ("cad_model", "a\0b"),
        ("cad_model", "a\nb"),
        ("cad_model", "\ud800"),
        ("config", "x" * 1001),
        ("name", "x" * 121),
        ("name", None),
        ("cell_kind", ["mill"]),
        ("tags", "mill"),
        ("tags", [""]),
        ("tags", ["x" * 41]),
        ("tags", ["a"] * 21),
        ("requested_cell_id", 99),
        ("requested_cell_id", "C01"),
        ("priority", 10),
        ("priority", -1),
        ("priority", True),
        ("priority", 2.0),
        ("expected_minutes", 0),
        ("expected_minutes", 100_001),
        ("expected_minutes", 2**64),
    ],
)
def test_what_cannot_be_accepted_is_named(field, value):
    assert list(complaints(a_spec(**{field: value}))) == [field]


def test_all_complaints_come_at_once():
    found = complaints(a_spec(cad_model="", priority=11, parameters={"x3": "x" * 201, "x11": "1"}))

    assert set(found) == {"cad_model", "priority", "x3", "x11"}
    assert found["x3"] == "must be 200 characters or fewer; it has 201"


@pytest.mark.parametrize("strange", ["x0", "x11", "self", "message", "", "__proto__"])
def test_an_unknown_parameter_is_named(strange):
    assert complaints(a_spec(parameters={strange: "1"})) == {strange: "is not a parameter: there are x1 to x10"}


@pytest.mark.parametrize("value", ["1", "", None, "1.5e-3", "coarse→fine", "x" * 200])
def test_a_parameter_nobody_described_takes_any_text(value):
    a_spec(parameters={"x1": value}).check((), None, NOW)


@pytest.mark.parametrize("value", [7, [], {"a": 1}, "a\tb"])
def test_a_parameter_is_one_line_of_text(value):
    assert list(complaints(a_spec(parameters={"x1": value}))) == ["x1"]


def test_only_allowed_values():
    steel = a_parameter(allowed=["C45", "316L"])

    a_spec(parameters={"x1": "316L"}).check([steel], None, NOW)

    assert complaints(a_spec(parameters={"x1": "oak"}), [steel]) == {"x1": "must be one of C45, 316L"}


@pytest.mark.parametrize(
    ("low", "high", "wrong", "says"),
    [
        (0, 1, "2", "must be a number from 0 to 1"),
        (0, None, "-1", "must be a number from 0"),
        (None, 1, "7", "must be a number up to 1"),
        (0, 1, "half", "must be a number from 0 to 1"),
        (0, None, "inf", "must be a number from 0"),
        (0, None, "nan", "must be a number from 0"),
        (0, None, "1_0", "must be a number from 0"),
        (0, None, "١", "must be a number from 0"),
    ],
)
def test_a_range_holds_plain_numbers(low, high, wrong, says):
    assert complaints(a_spec(parameters={"x1": wrong}), [a_parameter(low=low, high=high)]) == {"x1": says}


def test_an_empty_value_breaks_no_rule():
    a_spec(parameters={"x1": "", "x2": None}).check([a_parameter(low=1), a_parameter(2, allowed=["a"])], None, NOW)


def test_a_parameter_out_of_use_has_no_rule():
    a_spec(parameters={"x1": "9"}).check([a_parameter(high=1, in_use=False)], None, NOW)
