"""Requests from the floor."""

import pytest

from tests.upkeep.upkeeping import HOUR, plan
from tests.world import NOW, make_cell, person
from webapp import upkeep
from webapp.lib.refusal import Invalid, WrongState


def ask(cell, what="Gauge at 11 bar", urgency="soon", by="ada"):
    return upkeep.request_maintenance(cell.id, what, urgency, person(by), NOW)


def test_the_most_urgent_comes_first(app):
    cell = make_cell()
    ask(cell, "Paint")
    ask(cell, "It stands", "stands")

    assert [one.what for one in upkeep.open_requests()] == ["It stands", "Paint"]
    assert upkeep.count_due(NOW) == 2


@pytest.mark.parametrize(("what", "urgency", "field"), [(" ", "soon", "what"), ("x", "now!", "urgency")])
def test_what_cannot_be_is_refused_by_name(app, what, urgency, field):
    with pytest.raises(Invalid) as no:
        ask(make_cell(), what, urgency)

    assert list(no.value.details["fields"]) == [field]


def test_answered_once(app):
    request = ask(make_cell())

    upkeep.answer_request(request.id, "done", "Nozzle cleaned", person("oli"), NOW)

    assert upkeep.open_requests() == []
    with pytest.raises(WrongState, match="oli answered this request already: done"):
        upkeep.answer_request(request.id, "declined", "No", person("sam"), NOW)


def test_who_declines_says_why(app):
    request = ask(make_cell())

    with pytest.raises(Invalid):
        upkeep.answer_request(request.id, "declined", "", person("oli"), NOW)
    with pytest.raises(Invalid):
        upkeep.answer_request(request.id, "planned", "", person("oli"), NOW)


def test_a_window_planned_for_it_answers_it_and_settles_it(app):
    cell = make_cell()
    request = ask(cell)

    window = plan(cell, request_id=request.id)
    assert (request.answer, upkeep.open_requests()) == ("planned", [])

    upkeep.begin_window(window.id, person("oli"), NOW)
    upkeep.complete_window(window.id, person("oli"), NOW + HOUR, "New nozzle")
    assert (request.answer, request.answer_note) == ("done", "New nozzle")


def test_what_was_seen_to_before_its_window_stays_as_it_was_answered(app):
    cell = make_cell()
    first, second = ask(cell), ask(cell, "Paint")
    done, gone = plan(cell, request_id=first.id), plan(cell, NOW + 3 * HOUR, request_id=second.id)
    for request in (first, second):
        upkeep.answer_request(request.id, "done", "On the spot", person("ada"), NOW)

    upkeep.begin_window(done.id, person("oli"), NOW)
    upkeep.complete_window(done.id, person("oli"), NOW + HOUR, "New nozzle")
    upkeep.cancel_window(gone.id, "", person("oli"), NOW)

    assert [(one.answer, one.answered_by) for one in (first, second)] == [("done", "ada")] * 2


def test_a_window_called_off_leaves_it_open(app):
    cell = make_cell()
    request = ask(cell)
    window = plan(cell, request_id=request.id)

    upkeep.cancel_window(window.id, "", person("oli"), NOW)

    assert [one.id for one in upkeep.open_requests()] == [request.id]
