"""A project is born: it has a cell, or says why it waits."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.projects.shop import CAD, PERIOD, a_spec, claims_of, later, make_cell, make_project, person, read
from tests.world import NOW
from webapp import cells, journal, people, projects
from webapp.extensions import db, held_open, transaction
from webapp.lib.refusal import Invalid, NotAllowed
from webapp.projects import Project


def test_a_free_cell_gets_it_at_once(app):
    cell = make_cell()

    project = read(make_project())

    assert (project.status, project.cell_id, project.waiting_code) == ("created", cell.id, None)
    assert claims_of(project) == [("C01", True)]


def test_without_a_free_cell_it_waits_and_says_why(app):
    make_cell(state="down")

    project = read(make_project())

    assert (project.cell_id, project.waiting_code) == (None, "all_fit_down")
    assert (project.waiting_message, project.waiting_needs_person) == ("C01 is down", True)


def test_without_any_cell_it_waits_too(app):
    assert read(make_project()).waiting_message == "There is no cell yet"


def test_what_was_asked_is_kept_as_it_was_sent(app):
    given = {"name": " lid ", "tags": ["b", "a", "b"], "priority": 9, "expected_minutes": 90, "cell_kind": "mill"}

    project = read(make_project(parameters={"x1": " 1.50 ", "x2": None, "x3": ""}, **given))

    assert (project.name, project.cad_model, project.tags) == ("lid", CAD, ["b", "a"])
    assert (project.x1, project.x2, project.x3) == (" 1.50 ", None, "")
    assert (project.priority, project.expected_minutes, project.cell_kind) == (9, 90, "mill")
    assert project.created_by.username == "ada"
    assert (project.created_at, project.version) == (NOW, 1)


def test_nothing_is_stored_of_what_cannot_be_accepted(app):
    with pytest.raises(Invalid):
        make_project(cad_model="")

    assert db.session.scalar(select(func.count()).select_from(Project)) == 0


def test_the_database_refuses_a_project_that_waits_without_a_reason(app):
    project = make_project()

    with pytest.raises(IntegrityError):
        waits_without_reason(project)


def waits_without_reason(project):
    with transaction():
        projects.one(project.id).wait(None)


def test_only_people_create_projects(app):
    with pytest.raises(NotAllowed):
        projects.create(a_spec(), people.Caller(cell_id=1), NOW, PERIOD)


def test_a_cell_may_be_asked_for(app):
    make_cell("C01")
    wanted = make_cell("C02")

    assert read(make_project(requested_cell_id=wanted.id)).cell_id == wanted.id


def test_a_retired_cell_cannot_be_asked_for(app):
    make_cell("C01")
    old = make_cell("C02")
    cells.retire_cell(old.id, "root", NOW)

    with pytest.raises(Invalid) as no:
        make_project(requested_cell_id=old.id, now=later(minutes=1))

    assert no.value.details["fields"] == {"requested_cell_id": ["is C02, which is retired"]}


def test_each_gets_a_cell_of_its_own(app):
    for name in ("C01", "C02"):
        make_cell(name)

    placed = [read(make_project()) for _ in range(3)]

    assert len({project.cell_id for project in placed[:2]}) == 2
    assert (placed[2].waiting_code, placed[2].waiting_message) == ("cells_busy", "2 fit cells are busy (C01, C02)")


def test_the_newcomer_does_not_take_a_cell_that_is_due_to_another(app):
    cell = make_cell()
    cells.set_mode(cell.id, "closed", "", "sam", NOW)
    patient = make_project()
    cells.set_mode(cell.id, "open", "", "sam", NOW)

    newcomer = read(make_project(now=later(minutes=1)))

    assert newcomer.waiting_message == "C01 is busy"
    assert read(patient).cell_id is None
    [decision] = projects.decisions(newcomer.id)
    assert decision.candidates[0]["message"] == f"{patient.label} is ahead in the queue and gets it"


def test_the_journal_tells_who_asked_and_what_was_found(app):
    make_cell()

    project = make_project(parameters={"x1": "5"})

    placed, created = journal.recent(project.what)
    assert (created.verb, created.by, created.details["parameters"]) == ("created project", "ada", {"x1": "5"})
    assert (placed.verb, placed.by, placed.details["cell"]) == ("placed project", "the factory", "C01")


def test_the_decision_tells_each_cell_and_what_it_lacked(app):
    make_cell("C01", "down", kind="mill")
    make_cell("C02", kind="laser")
    make_cell("C03", kind="mill")

    [decision] = projects.decisions(make_project(cell_kind="mill").id)

    assert (decision.outcome, decision.message) == ("placed", "C03 was the best of those that fit")
    found = [(c["name"], c["accepted"], c["rule"], c["message"]) for c in decision.candidates]
    assert found == [
        ("C01", False, "well", "It is down"),
        ("C02", False, "kind", "It is of the kind laser, not mill"),
        ("C03", True, "", "It fits"),
    ]


def test_created_within_a_doors_own_transaction_it_is_part_of_that(app):
    ada = person("ada")

    with pytest.raises(ZeroDivisionError):
        store_answer_of(lambda: projects.create(a_spec(), ada, NOW, PERIOD))

    assert projects.search(projects.Filters()).projects == []


def store_answer_of(act):
    """As a door does that fails after the act."""
    with held_open():
        act()
        raise ZeroDivisionError
