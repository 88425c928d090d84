"""One cell's page."""

import pytest

from tests.screens.desk import silent_project, sits, words
from tests.world import idle_cell, make_cell, make_running, person, says
from webapp import cells, projects
from webapp.extensions import db, transaction
from webapp.lib.clock import utcnow


def page_of(client, cell):
    answer = client.get(f"/cells/{cell.id}")
    assert answer.status_code == 200
    return words(answer)


def test_a_free_one(client):
    page = page_of(client, idle_cell("C01", kind="mill", tags=["steel"], specs={"axes": 5}))

    assert "Idle" in page
    assert "free" in page
    assert "steel" in page
    assert "axes 5" in page


def test_one_that_runs_a_project(client):
    cell = idle_cell("C01")
    project = make_running("ada", name="Housing")
    says(cell, "running")
    with transaction():
        db.session.get_one(projects.Project, project.id).progress = 0.5

    page = page_of(client, cell)

    assert f"{project.label} Housing · Ada Byron" in page
    assert f"{project.label} Housing Running Ada Byron" in page


def test_one_that_never_answered(client):
    assert "Unknown" in page_of(client, make_cell("C01"))


def test_one_that_is_down_says_why(client):
    assert "Spindle overload" in page_of(client, idle_cell("C01", state="down", detail="Spindle overload"))


def test_one_that_is_silent_about_its_project(client):
    project = silent_project()

    assert project.label in page_of(client, cells.one(project.cell_id))


def test_one_out_of_service_takes_no_orders(client):
    cell = idle_cell("C01")
    cells.retire_cell(cell.id, "root", utcnow())
    sits(client, "sam")

    page = page_of(client, cell)

    assert "out of service since" in page
    assert "Close C01" not in page


def test_what_ran_there_is_listed(client):
    cell = idle_cell("C01")
    project = make_running("ada")
    projects.finish(project.id, person("ada"), utcnow())

    assert f"{project.label} housing_r4.step Finished" in page_of(client, cell)


@pytest.mark.parametrize("path", ["/cells/77", "/cells/77/part", "/cells/0", f"/cells/{10**30}"])
def test_a_missing_one_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_nobody_is_sent_to_sign_in_where_boards_are_not_public(client, not_public):
    cell = idle_cell("C01")

    assert client.get(f"/cells/{cell.id}").location == f"/login?next=/cells/{cell.id}"
