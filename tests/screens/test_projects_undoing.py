"""Taking an ending back."""

from datetime import timedelta

import pytest

from tests.screens.desk import leads_to, sits, words
from tests.world import idle_cell, make_project, make_running, person
from webapp import projects
from webapp.extensions import db
from webapp.lib.clock import utcnow
from webapp.screens.projects import UNDO


@pytest.fixture
def project(app):
    """Just finished by its owner."""
    idle_cell("C01")
    return ended(make_running("ada"))


def ended(project, ago=timedelta(0)):
    projects.finish(project.id, person("ada"), utcnow() - ago, undo=UNDO)
    return project


def undo(client, project):
    return client.post(f"/projects/{project.id}/undo")


def status(project):
    db.session.rollback()
    return projects.one(project.id).status


@pytest.mark.parametrize("username", ["ada", "sam", "root"])
def test_within_ten_seconds_it_goes_on(client, project, username):
    sits(client, username)

    offered = words(client.get(f"/projects/{project.id}"))
    answer = undo(client, project)

    assert f"{project.label} marked finished. Undo" in offered
    assert leads_to(answer, f"/projects/{project.id}")
    assert status(project) == "running"
    assert f"{project.label} is running again." in words(client.get(answer.location))


def test_after_that_it_can_no_longer(client):
    idle_cell("C01")
    project = ended(make_running("ada"), ago=UNDO)
    sits(client, "ada")

    page, answer = client.get(f"/projects/{project.id}"), undo(client, project)

    assert "Undo" not in words(page)
    assert answer.status_code == 409
    assert f"{project.label} can no longer be taken back." in words(answer)
    assert "Not possible now" in words(answer)
    assert status(project) == "finished"


def test_one_that_was_withdrawn_waits_again(client):
    project = make_project("ada")
    projects.fail(project.id, person("ada"), utcnow(), reason="", undo=UNDO)
    sits(client, "ada")

    answer = undo(client, project)

    assert status(project) == "created"
    assert f"{project.label} is waiting again." in words(client.get(answer.location))


def test_twice_is_harmless(client, project):
    sits(client, "ada")

    statuses = [undo(client, project).status_code for _ in range(2)]

    assert statuses == [303, 409]
    assert status(project) == "running"


@pytest.mark.parametrize("username", ["eizumoto", "dee"])
def test_nobody_else_may(client, project, username):
    sits(client, username)

    assert "Undo" not in words(client.get(f"/projects/{project.id}"))
    assert undo(client, project).status_code == 403
    assert status(project) == "finished"


def test_nobody_is_sent_to_sign_in(client, project):
    assert undo(client, project).status_code == 401


def test_a_missing_one_is_not_found(client):
    sits(client, "ada")

    assert client.post("/projects/77/undo").status_code == 404
