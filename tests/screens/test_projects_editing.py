"""Changing what x1 to x10 are, by whoever may."""

import pytest

from tests.screens.desk import READERS, complained_of, leads_to, sits, tree, values, words
from tests.world import NOW, idle_cell, make_project, make_running, person
from webapp import projects
from webapp.extensions import db
from webapp.lib.clock import utcnow


@pytest.fixture
def project(app):
    return make_project("ada", parameters={"x1": "1", "x2": "2"})


def opened(client, project):
    """The form as it stands there."""
    return values(client.get(f"/projects/{project.id}/edit"))


def send(client, project, form):
    return client.post(f"/projects/{project.id}/parameters", data=form)


def given(project):
    db.session.rollback()
    return projects.one(project.id).given


@pytest.mark.parametrize("username", ["ada", "root"])
def test_its_owner_and_an_administrator_may(client, project, username):
    sits(client, username)

    answer = send(client, project, {**opened(client, project), "x1": "5", "x2": "", "x3": " 7 "})

    assert leads_to(answer, f"/projects/{project.id}")
    assert given(project) == {"x1": "5", "x3": "7"}
    assert f"Parameters of {project.label} saved." in words(client.get(answer.location))


@pytest.mark.parametrize("username", ["eizumoto", "sam", *READERS])
def test_nobody_else_may(client, project, username):
    sits(client, username)

    assert client.get(f"/projects/{project.id}/edit").status_code == 403
    assert send(client, project, {"x1": "5"}).status_code == 403
    assert given(project) == {"x1": "1", "x2": "2"}


def test_another_engineer_is_told_whose_it_is(client, project):
    sits(client, "eizumoto")

    page = words(client.get(f"/projects/{project.id}/edit"))

    assert f"{project.label} is Ada Byron's; only its owner or an administrator may edit it." in page


def test_nobody_is_sent_to_sign_in(client, project):
    assert client.get(f"/projects/{project.id}/edit").location == f"/login?next=/projects/{project.id}/edit"
    assert send(client, project, {"x1": "5"}).status_code == 401


def test_a_missing_one_is_not_found(client):
    sits(client, "ada")

    assert client.get("/projects/77/edit").status_code == 404
    assert client.post("/projects/77/parameters", data={"x1": "5"}).status_code == 404


def test_saved_twice_is_saved_once(client, project):
    sits(client, "ada")
    form = {**opened(client, project), "x1": "5"}

    first, second = send(client, project, form), send(client, project, {**form, **opened(client, project)})

    assert (first.status_code, second.status_code) == (303, 303)
    assert projects.one(project.id).version == 2


def test_what_cannot_be_accepted_is_named_and_all_else_stays(client, project):
    sits(client, "ada")

    answer = send(client, project, {**opened(client, project), "x1": "x" * 201, "x2": "kept"})

    assert answer.status_code == 422
    assert complained_of(answer) == ["x1"]
    assert (values(answer)["x1"], values(answer)["x2"]) == ("x" * 201, "kept")
    assert given(project) == {"x1": "1", "x2": "2"}


@pytest.fixture
def overtaken(client, project):
    """ada has the form open, and has typed; root was quicker."""
    sits(client, "ada")
    form = {**opened(client, project), "x1": "5"}
    projects.revise(project.id, {"x1": "9"}, person("root"), utcnow())
    return form


def test_who_was_slower_sees_both_values_and_keeps_what_was_typed(client, project, overtaken):
    answer = send(client, project, overtaken)

    assert answer.status_code == 412
    assert f"{project.label} was changed after you opened it, by root" in words(answer)
    assert "x1 is now 9; you typed 5" in words(answer)
    assert values(answer)["x1"] == "5"
    assert given(project)["x1"] == "9"


def test_sent_again_knowingly_it_counts(client, project, overtaken):
    answer = send(client, project, values(send(client, project, overtaken)))

    assert leads_to(answer, f"/projects/{project.id}")
    assert given(project) == {"x1": "5", "x2": "2"}


def test_a_value_that_was_cleared_is_told_as_empty(client, project, overtaken):
    projects.revise(project.id, {"x1": None}, person("root"), utcnow())

    assert "x1 is now empty; you typed 5" in words(send(client, project, overtaken))


def test_a_project_that_ended_meanwhile_is_told_with_who_and_when(client, project):
    sits(client, "ada")
    form = opened(client, project)
    projects.fail(project.id, person("sam"), utcnow(), reason="")

    answer = send(client, project, {**form, "x1": "5"})

    assert answer.status_code == 409
    assert f"{project.label} was already marked failed by sam, {utcnow():%H:%M}"[:-3] in words(answer)
    assert client.get(f"/projects/{project.id}/edit").status_code == 409


def test_a_running_one_has_them_offered_to_its_cell(client):
    idle_cell("C01")
    project = make_running("ada", parameters={"x1": "1"})
    sits(client, "ada")

    page = client.get(f"/projects/{project.id}/edit")
    send(client, project, {**values(page), "x1": "5"})

    assert "The running cell is offered the changed values" in words(page)
    assert projects.one(project.id).offer == "owed"


def test_a_parameter_hidden_since_can_still_be_cleared(client, project):
    projects.set_parameter(2, in_use=False, by="root", now=NOW)
    sits(client, "ada")

    send(client, project, {**opened(client, project), "x2": ""})

    assert given(project) == {"x1": "1"}


def test_a_value_nobody_touches_may_be_older_than_the_rules(client, project):
    projects.set_parameter(1, label="Feed", low=5, high=9, by="root", now=NOW)
    projects.set_parameter(2, label="Coolant", allowed=["wet", "dry"], by="root", now=NOW)
    sits(client, "ada")

    form = opened(client, project)
    answer = send(client, project, {**form, "x3": "new"})

    assert (form["x1"], form["x2"]) == ("1", "2")
    assert answer.status_code == 303
    assert given(project) == {"x1": "1", "x2": "2", "x3": "new"}


def test_editing_never_changes_a_status(client, project):
    sits(client, "ada")

    send(client, project, {**opened(client, project), "status": "finished", "cad_model": "other"})

    assert projects.one(project.id).status == "created"
    assert projects.one(project.id).cad_model == project.cad_model


def test_what_was_before_stands_beside_each_field(client, project):
    sits(client, "ada")

    page = client.get(f"/projects/{project.id}/edit")

    before = {e.attrs["name"]: e.attrs["data-before"] for e in tree(page) if "data-before" in e.attrs}
    assert (before["x1"], before["x3"]) == ("1", "")
