"""Changing what a project is asked to do."""

import pytest

from tests.projects.shop import later, make_cell, make_project, make_running, person, read
from tests.world import NOW
from webapp import journal, projects
from webapp.lib.refusal import Invalid, Stale, WrongState


def revise(project, changes, now=NOW, version=None):
    return projects.revise(project.id, changes, person(), now, version)


def test_values_merge_key_by_key_and_none_clears(app):
    project = make_project(parameters={"x1": "1", "x2": "2", "x3": "3"})

    revise(project, {"parameters": {"x2": "two", "x3": None}}, later(minutes=1))

    project = read(project)
    assert (project.x1, project.x2, project.x3) == ("1", "two", None)
    assert (project.version, project.updated_at) == (2, later(minutes=1))


def test_name_and_expected_minutes_too(app):
    project = make_project(expected_minutes=60)

    revise(project, {"name": " lid ", "expected_minutes": None, "x10": "9"})

    assert (read(project).name, read(project).expected_minutes, read(project).x10) == ("lid", None, "9")


def test_the_journal_keeps_before_and_after(app):
    project = make_project(parameters={"x1": "1"})

    revise(project, {"parameters": {"x1": "2"}})

    entry = journal.recent(project.what)[0]
    assert (entry.verb, entry.by) == ("changed project", "ada")
    assert (entry.details["before"], entry.details["after"]) == ({"x1": "1"}, {"x1": "2"})


def test_no_change_is_no_news(app):
    project = make_project(parameters={"x1": "1"})

    revise(project, {"parameters": {"x1": "1"}})

    assert read(project).version == 1
    assert journal.recent(project.what)[0].verb == "created project"


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "finished"},
        {"cell_id": 1},
        {"x11": "1"},
        {"parameters": {"self": "1"}},
        {"parameters": []},
        {"parameters": {"x1": 7}},
        {"name": 7},
        {"name": []},
        {"name": "x" * 121},
        {"expected_minutes": 0},
        {"expected_minutes": "5"},
    ],
)
def test_nothing_else_and_nothing_malformed(app, changes):
    project = make_project(parameters={"x1": "1"})

    with pytest.raises(Invalid):
        revise(project, changes)

    assert (read(project).x1, read(project).version) == ("1", 1)


def test_what_has_ended_is_not_changed(app):
    project = make_project()
    projects.fail(project.id, person(), NOW, "no")

    with pytest.raises(WrongState):
        revise(project, {"name": "lid"})


def test_who_saw_an_older_version_gets_both_values(app):
    project = make_project(parameters={"x3": "a", "x4": "same"})
    projects.revise(project.id, {"x3": "b"}, person("root"), NOW, version=1)

    with pytest.raises(Stale) as no:
        revise(project, {"parameters": {"x3": "c", "x4": "same"}}, version=1)

    assert no.value.details == {
        "version": 2,
        "values": {"x3": {"yours": "c", "now": "b"}},
        "changed_by": "root",
    }
    assert read(project).x3 == "b"


def test_finding_a_cell_makes_no_edit_stale(app):
    make_cell()
    project = make_running()

    revise(project, {"x1": "1"}, version=1)

    assert read(project).version == 2


def test_values_of_a_running_project_are_owed_to_its_cell(app):
    make_cell()
    project = make_running()

    revise(project, {"name": "lid"})
    assert read(project).offer is None

    revise(project, {"x1": "1"})
    assert read(project).offer == "owed"


def test_priority_is_for_what_waits(app):
    make_cell()
    project = make_running()

    with pytest.raises(WrongState):
        projects.set_priority(project.id, 9, person("sam"), NOW)


@pytest.mark.parametrize("priority", [-1, 10, True, "5"])
def test_priority_is_a_digit(app, priority):
    project = make_project()

    with pytest.raises(Invalid):
        projects.set_priority(project.id, priority, person("sam"), NOW)
