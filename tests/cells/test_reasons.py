"""The factory's own list of reasons."""

import pytest

from tests.world import NOW, make_site
from webapp import cells, journal
from webapp.lib.refusal import Invalid, NotFound, WrongState


def names(**asked):
    return [reason.name for reason in cells.reasons(**asked)]


def add(name="Coolant", states=("down",)):
    return cells.add_reason(name, states, "root", NOW)


def test_a_new_factory_starts_with_a_short_list(app):
    make_site()

    assert {"Tool broke", "No material", "Changeover"} <= set(names())
    assert all(set(reason.states) <= set(cells.LOSING) and reason.states for reason in cells.reasons())
    assert "Tool broke" in names(state="down")
    assert "Tool broke" not in names(state="idle")


def test_a_second_site_brings_no_second_list(app):
    make_site()
    before = names()

    make_site("Hall 2")

    assert names() == before


def test_a_factory_of_before_gets_the_usual_ones_when_it_asks(app):
    cells.start_reasons("root", NOW)

    assert "Tool broke" in names()
    with pytest.raises(WrongState):
        cells.start_reasons("root", NOW)


def test_one_is_added_at_the_end(app):
    make_site()

    reason = add(" Coolant ", ["setup", "down"])

    assert names()[-1] == "Coolant"
    assert reason.states == ["down", "setup"]
    assert journal.recent(f"reason:{reason.id}")[0].verb == "added reason"


def test_one_is_renamed_and_retired(app):
    reason = add()

    cells.change_reason(reason.id, "Coolant low", ["idle"], False, "root", NOW)

    assert names() == []
    assert [(one.name, one.states) for one in cells.reasons(retired=True)] == [("Coolant low", ["idle"])]
    assert journal.recent(f"reason:{reason.id}")[0].details["before"]["name"] == "Coolant"


def test_they_change_places(app):
    first, second, third = (add(name) for name in ("A", "B", "C"))

    cells.move_reason(third.id, True, "root", NOW)
    cells.move_reason(first.id, True, "root", NOW)
    cells.move_reason(second.id, False, "root", NOW)

    assert names() == ["A", "C", "B"]


def test_a_retired_one_has_no_place(app):
    reason = add()
    cells.change_reason(reason.id, reason.name, reason.states, False, "root", NOW)

    with pytest.raises(WrongState):
        cells.move_reason(reason.id, True, "root", NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"states": ()}, "states"),
        ({"states": ("running",)}, "states"),
    ],
)
def test_one_that_cannot_be(app, given, field):
    with pytest.raises(Invalid) as no:
        add(**given)

    assert list(no.value.details["fields"]) == [field]
    assert names() == []


def test_a_name_is_given_once(app):
    add()

    with pytest.raises(Invalid) as no:
        add()

    assert no.value.code == "CONFLICT"


def test_a_missing_one(app):
    with pytest.raises(NotFound):
        cells.change_reason(77, "x", ["idle"], True, "root", NOW)
