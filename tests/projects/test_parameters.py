"""What x1…x10 mean here."""

import pytest

from tests.projects.shop import make_project, read
from tests.world import NOW
from webapp import journal, projects
from webapp.lib.refusal import Invalid, NotFound


def describe(n: int = 1, **given):
    return projects.set_parameter(n, **given, by="root", now=NOW)


def test_there_are_ten_even_where_nobody_described_any(app):
    found = projects.parameters()

    assert [parameter.n for parameter in found] == list(range(1, 11))
    assert all(parameter.in_use and parameter.label == "" for parameter in found)


def test_a_described_one_has_its_label_and_rules(app):
    describe(2, label="Feed", unit="mm/s", low=0, high=9.5)

    second = projects.parameters()[1]

    assert (second.label, second.unit, second.low, second.high) == ("Feed", "mm/s", 0, 9.5)
    with pytest.raises(Invalid):
        make_project(parameters={"x2": "10"})


def test_a_later_description_replaces_the_first(app):
    describe(1, label="Feed", allowed=["a"])

    describe(1, label="Alloy", in_use=False)

    first = projects.parameters()[0]
    assert (first.label, first.allowed, first.in_use) == ("Alloy", [], False)


def test_stored_values_stay_as_they_are(app):
    project = make_project(parameters={"x1": "oak"})

    describe(1, allowed=["C45"])

    assert read(project).x1 == "oak"


def test_the_journal_keeps_before_and_after_once(app):
    describe(1, label="Feed")
    describe(1, label="Feed")

    [entry] = journal.recent("parameter:1")

    assert (entry.details["before"]["label"], entry.details["after"]["label"]) == ("", "Feed")


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("label", {"label": "x" * 61}),
        ("unit", {"unit": "a\nb"}),
        ("help", {"help": "x" * 201}),
        ("allowed", {"allowed": ["a", "a"]}),
        ("allowed", {"allowed": ["x" * 201]}),
        ("allowed", {"allowed": [str(n) for n in range(51)]}),
        ("high", {"low": 2, "high": 1}),
        ("high", {"low": float("nan")}),
    ],
)
def test_what_cannot_be_accepted_is_named(app, field, given):
    with pytest.raises(Invalid) as no:
        describe(1, **given)

    assert list(no.value.details["fields"]) == [field]


@pytest.mark.parametrize("n", [0, 11])
def test_there_are_no_others(app, n):
    with pytest.raises(NotFound):
        describe(n)
