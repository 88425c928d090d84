"""Who is told of what stands, step by step; and what became of one's project."""

from datetime import timedelta

import pytest

from tests.cells.alarms.standing import kept, only, sampled, says
from tests.projects.shop import later, make_cell, make_running, person, show
from tests.projects.test_races import together
from tests.world import at, make_project
from webapp import cells, people, projects
from webapp.lib.clock import utcnow

CAST = ("ada", "eizumoto", "sam", "dee", "pat", "oli", "root")


@pytest.fixture
def everybody(app):
    return {name: person(name).user.id for name in CAST}


@pytest.fixture
def stopped(everybody):
    """A cell with ada's project, down at 09:58."""
    cell = make_cell("C01")
    make_running(name="Housing", now=at("09:00"))
    show(cell, "down", since=at("09:58"), detail="E-417")
    return cell


def look(cell, clock):
    says(cell, "down", "09:58", "E-417")
    sampled(cell, at(clock))
    cells.note_stops(at(clock), 5)
    projects.tell_people(at(clock))


def ids():
    return projects.ids_of(person("ada").user.id)


def told(everybody, kind="stop"):
    """{name: what they were told of that kind, oldest first}, of those who were."""
    found = {name: [n.words for n in people.notices(id) if n.kind == kind][::-1] for name, id in everybody.items()}
    return {name: words for name, words in found.items() if words}


def test_at_first_the_operators_are_told_and_whose_project_stands(stopped, everybody):
    look(stopped, "10:00")

    label = projects.one(ids()[0]).label
    assert told(everybody) == {
        "oli": ["C01 is down: E-417"],
        "ada": [f"C01 is down: E-417. Your {label} Housing is on it"],
    }
    assert (only(stopped).step, only(stopped).told_at) == (1, at("10:00"))


def test_while_nobody_comes_others_are_told(stopped, everybody):
    for clock in ("10:00", "10:04", "10:05", "10:10", "10:15", "10:40"):
        look(stopped, clock)

    assert {name: len(words) for name, words in told(everybody).items()} == {
        "ada": 1,
        "oli": 1,
        "sam": 1,
        "dee": 1,
        "root": 1,
    }
    assert told(everybody)["sam"] == ["C01 is down and nobody has come: E-417"]
    assert (only(stopped).step, only(stopped).told_at) == (3, at("10:00"))


def test_once_somebody_comes_nobody_else_is_told(stopped, everybody):
    look(stopped, "10:00")
    cells.acknowledge_stop(stopped.id, "oli", at("10:02"))

    look(stopped, "10:30")

    assert set(told(everybody)) == {"oli", "ada"}


def test_a_stop_shorter_than_the_grace_is_told_to_nobody(stopped, everybody):
    says(stopped, "down", "10:00", "E-417")
    sampled(stopped, at("10:00"))
    cells.note_stops(at("10:00"), 5)
    projects.tell_people(at("10:00"))

    says(stopped, "running", "10:00")
    cells.note_stops(at("10:00"), 5)
    projects.tell_people(at("10:01"))

    assert (told(everybody), kept(stopped)) == ({}, [])


def test_eight_sweeps_at_once_tell_it_once(app, stopped, everybody):
    sampled(stopped, at("10:00"))
    cells.note_stops(at("10:00"), 5)

    together(app, *[lambda: projects.tell_people(at("10:00"))] * 8)

    assert {name: len(words) for name, words in told(everybody).items()} == {"ada": 1, "oli": 1}


def test_where_there_are_no_operators_the_supervisors_are_told_at_once(app):
    sam, cell = person("sam").user.id, make_cell("C01")

    look(cell, "10:00")

    assert len(people.unseen(sam)) == 1
    assert (only(cell).step, only(cell).told_at) == (2, at("10:00"))


def test_where_all_operators_do_not_want_to_hear_of_it_the_next_are_told(app):
    oli, sam, cell = person("oli").user.id, person("sam").user.id, make_cell("C01")
    people.change_wishes(oli, ["stop"], False, None, None)

    look(cell, "10:00")

    assert (len(people.unseen(oli)), len(people.unseen(sam))) == (0, 1)


def test_in_a_factory_of_nobody_nobody_was_told(app):
    cell = make_cell("C01")

    look(cell, "10:00")

    assert (only(cell).step, only(cell).told_at) == (3, None)


def test_who_calls_for_help_is_not_told_of_it(everybody):
    cell = make_cell("C01")

    cells.call_for_help(cell.id, "Crane wanted", "oli", at("10:00"))
    projects.tell_people(at("10:00"))

    assert told(everybody) == {"sam": ["Nobody has come to C01, where oli called for help: Crane wanted"]}


def test_a_call_is_told_at_once(everybody):
    cell = make_cell("C01")

    cells.call_for_help(cell.id, "Crane wanted", "ada", at("10:00"))
    projects.tell_people(at("10:00"))

    assert told(everybody) == {"oli": ["ada calls for help at C01: Crane wanted"]}


def test_the_last_step_breaks_quiet_hours(stopped, everybody):
    people.change_wishes(everybody["dee"], ["stop"], False, 9 * 60, 20 * 60)
    people.change_wishes(everybody["oli"], [], False, 9 * 60, 20 * 60)
    for clock in ("10:00", "10:15"):
        look(stopped, clock)

    [dee], [oli] = people.unseen(everybody["dee"]), people.unseen(everybody["oli"])

    assert (dee.due_at, oli.due_at) == (at("10:15"), at("20:00"))


def test_its_owner_hears_that_it_started(everybody):
    make_cell("C01")

    project = make_running(by="ada", name="Housing")

    assert told(everybody, "started") == {"ada": [f"{project.label} Housing has started on C01"]}


def test_its_owner_hears_who_finished_it(everybody):
    make_cell("C01")
    project = make_running(by="ada", name="Housing")

    projects.finish(project.id, person("sam"), later(minutes=5))

    assert told(everybody, "finished") == {"ada": [f"{project.label} Housing finished, by sam"]}
    assert told(everybody, "started") == {}


def test_who_ends_it_knows_it(everybody):
    make_cell("C01")
    project = make_running(by="ada")

    projects.fail(project.id, person("ada"), later(minutes=5), "Tool broke")

    assert told(everybody, "failed") == {}


def test_its_owner_hears_why_it_failed(everybody):
    make_cell("C01")
    project = make_running(by="ada", name="Housing")

    projects.fail(project.id, person("sam"), later(minutes=5), "Tool broke")

    assert told(everybody, "failed") == {"ada": [f"{project.label} Housing failed, by sam: Tool broke"]}


def test_its_owner_hears_that_it_was_withdrawn(everybody):
    project = make_project("ada", name="Housing", cell_kind="laser")

    projects.fail(project.id, person("sam"), utcnow(), "Not needed")

    assert told(everybody, "failed") == {"ada": [f"{project.label} Housing was withdrawn, by sam: Not needed"]}


def test_what_was_taken_back_is_not_told(everybody):
    make_cell("C01")
    project = make_running(by="ada")
    projects.finish(project.id, person("sam"), later(minutes=5), undo=timedelta(minutes=4))

    projects.undo_ending(project.id, person("sam"), later(minutes=6))

    assert told(everybody, "finished") == {}
