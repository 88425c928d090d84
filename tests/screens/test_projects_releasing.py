"""Letting go of a cell that does not say whether it started."""

import pytest

from tests.screens.desk import leads_to, silent_project, sits, words
from tests.world import idle_cell, make_running, says
from webapp import cells, projects
from webapp.extensions import db


def release(client, project):
    return client.post(f"/projects/{project.id}/release")


def now(project):
    db.session.rollback()
    return projects.one(project.id)


@pytest.mark.parametrize("username", ["sam", "root"])
@pytest.mark.parametrize("state", ["idle", "unknown"])
def test_a_supervisor_lets_go_and_the_project_waits_again(client, username, state):
    project = silent_project()
    cell = cells.one(project.cell_id)
    says(cell, state)
    sits(client, username)

    page = words(client.get(f"/cells/{cell.id}"))
    answer = release(client, project)

    assert "Let go of C09" in page
    assert leads_to(answer, f"/projects/{project.id}")
    assert now(project).cell_id is None
    assert cells.open_claim(project.what) is None
    assert f"The cell of {project.label} was let go" in words(client.get(answer.location))


@pytest.mark.parametrize("username", ["ada", "dee", "oli"])
def test_who_does_not_run_the_floor_may_not(client, username):
    project = silent_project()
    sits(client, username)

    assert "Let go" not in words(client.get(f"/cells/{project.cell_id}"))
    assert release(client, project).status_code == 403
    assert now(project).cell_id


def test_nobody_is_sent_to_sign_in(client):
    assert release(client, silent_project()).status_code == 401


def test_a_missing_one_is_not_found(client):
    sits(client, "sam")

    assert client.post("/projects/77/release").status_code == 404


def test_twice_is_harmless(client):
    project = silent_project()
    sits(client, "sam")

    assert [release(client, project).status_code for _ in range(2)] == [303, 409]


def test_a_cell_that_speaks_keeps_its_project(client):
    idle_cell("C01")
    project = make_running()
    sits(client, "sam")

    answer = release(client, project)

    assert answer.status_code == 409
    assert f"The cell of {project.label} is not silent about it." in words(answer)
    assert "Let go" not in words(client.get(f"/cells/{project.cell_id}"))
    assert now(project).status == "running"
