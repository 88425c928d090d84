"""A project's page, whatever became of it."""

from datetime import timedelta

import pytest

from tests.screens.desk import silent_project, sits, tree, words
from tests.world import idle_cell, make_project, make_running, person, says
from webapp import projects
from webapp.lib.clock import utcnow


def page_of(client, project):
    answer = client.get(f"/projects/{project.id}")
    assert answer.status_code == 200
    return answer


def acts(page):
    """The buttons in its head."""
    return [a.text for head in tree(page) if head.attrs.get("class") == "acts" for a in head if a.tag == "a"]


def test_one_that_waits_and_starts_by_itself(client):
    idle_cell("C01")
    make_running()
    project = make_project()

    page = page_of(client, project)

    assert "Queued" in words(page)
    assert "C01 is busy. It starts by itself." in words(page)
    assert "position 1 in the queue" in words(page)


def test_one_that_waits_for_a_person(client):
    cell = idle_cell("C01", state="down", detail="Spindle overload")
    project = make_project()

    page = page_of(client, project)

    assert "C01 is down: Spindle overload. Somebody has to act." in words(page)
    assert f'href="/cells/{cell.id}">Open cell' in page.text


def test_one_that_is_being_handed_over(client):
    idle_cell("C01")

    page = page_of(client, make_project())

    assert "Handing over" in words(page)
    assert "Being handed to C01" in words(page)
    assert "Somebody has to act" not in words(page)


def test_one_whose_cell_is_silent(client):
    project = silent_project()

    page = page_of(client, project)

    assert "C09 does not say whether it took the job" in words(page)
    assert "Somebody has to act." in words(page)
    assert f'href="/cells/{project.cell_id}">Open cell' in page.text


def test_one_that_runs(client):
    cell = idle_cell("C01")
    project = make_running(parameters={"x1": "0.2"})
    says(cell, "running")

    page = page_of(client, project)

    assert "Running on C01" in words(page)
    assert "1 of 10 used" in words(page)
    assert "hx-get" in page.text


@pytest.mark.parametrize(("end", "word"), [(projects.finish, "Finished"), (projects.fail, "Failed")])
def test_one_that_ended(client, end, word):
    idle_cell("C01")
    project = make_running()
    end(project.id, person("sam"), utcnow(), reason="Enough of it")

    page = page_of(client, project)

    assert word in words(page)
    assert "Ended by sam: Enough of it" in words(page)
    assert f"/projects/{project.id}/part" not in page.text


def test_one_that_was_withdrawn(client):
    project = make_project()
    projects.fail(project.id, person("ada"), utcnow(), reason="")

    assert "Failed" in words(page_of(client, project))


def test_one_whose_parameters_the_cell_has_not_taken_yet(client):
    idle_cell("C01")
    project = make_running()
    projects.revise(project.id, {"x1": "0.3"}, person("ada"), utcnow())

    assert "The cell has not taken the changed values yet." in words(page_of(client, project))


def test_each_attempt_to_place_it_is_told(client):
    idle_cell("C01", kind="laser")
    project = make_project(cell_kind="mill")

    page = words(page_of(client, project))

    assert "Why it is where it is" in page
    assert "C01 Refused" in page


def test_its_history_is_told(client):
    assert "Created project" in words(page_of(client, make_project()))


@pytest.mark.parametrize(
    ("username", "buttons"),
    [
        ("ada", ["Same again", "Edit parameters", "Mark failed…", "Mark finished…"]),
        ("eizumoto", ["Same again"]),
        ("sam", ["Mark failed…", "Mark finished…"]),
        ("root", ["Same again", "Edit parameters", "Mark failed…", "Mark finished…"]),
        ("dee", []),
    ],
)
def test_only_what_one_may_do_is_offered(client, username, buttons):
    idle_cell("C01")
    project = make_running("ada")
    sits(client, username)

    assert acts(page_of(client, project)) == buttons


def test_what_ended_can_only_be_done_again(client):
    idle_cell("C01")
    project = make_running("ada")
    projects.finish(project.id, person("ada"), utcnow() - timedelta(seconds=1))
    sits(client, "ada")

    assert acts(page_of(client, project)) == ["Same again"]


@pytest.mark.parametrize("path", ["/projects/77", "/projects/77/part", "/projects/0", f"/projects/{10**30}"])
def test_a_missing_one_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_nobody_is_sent_to_sign_in_where_boards_are_not_public(client, not_public):
    project = make_project()

    assert client.get(f"/projects/{project.id}").location == f"/login?next=/projects/{project.id}"
