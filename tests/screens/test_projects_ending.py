"""Marking a project finished or failed: the page that asks, and the act."""

import pytest

from tests.screens.desk import READERS, complained_of, leads_to, sits, values, words
from tests.world import idle_cell, make_project, make_running, person
from webapp import cells, projects
from webapp.extensions import db
from webapp.lib.clock import utcnow

ACTS = {"finish": "completion", "fail": "failure"}
ENDS = {"finish": "finished", "fail": "failure"}
WORDS = {"finish": "finished", "fail": "failed"}


@pytest.fixture
def project(app):
    idle_cell("C01")
    return make_running("ada")


def now(project):
    db.session.rollback()
    return projects.one(project.id)


def asks(client, project, act):
    return client.get(f"/projects/{project.id}/{act}")


def does(client, project, act, **typed):
    return client.post(f"/projects/{project.id}/{ACTS[act]}", data=typed)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("username", ["ada", "sam", "root"])
def test_its_owner_a_supervisor_and_an_administrator_may(client, project, act, username):
    sits(client, username)

    page = asks(client, project, act)
    answer = does(client, project, act, **values(page) | {"reason": "Enough"})

    assert f"Mark {project.label} {WORDS[act]}?" in words(page)
    assert leads_to(answer, f"/projects/{project.id}")
    assert (now(project).status, now(project).ended_by, now(project).end_reason) == (ENDS[act], username, "Enough")


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("username", ["eizumoto", *READERS])
def test_nobody_else_may(client, project, act, username):
    sits(client, username)

    assert asks(client, project, act).status_code == 403
    assert does(client, project, act).status_code == 403
    assert now(project).status == "running"


@pytest.mark.parametrize("act", ACTS)
def test_another_engineer_is_told_whose_it_is(client, project, act):
    sits(client, "eizumoto")

    page = words(does(client, project, act))

    assert f"is Ada Byron's; only its owner or a supervisor or an administrator may {act} it." in page


@pytest.mark.parametrize("act", ACTS)
def test_nobody_is_sent_to_sign_in(client, project, act):
    assert asks(client, project, act).location == f"/login?next=/projects/{project.id}/{act}"
    assert does(client, project, act).status_code == 401


@pytest.mark.parametrize("act", ACTS)
def test_a_missing_one_is_not_found(client, act):
    sits(client, "sam")

    assert client.get(f"/projects/77/{act}").status_code == 404
    assert client.post(f"/projects/77/{ACTS[act]}").status_code == 404


@pytest.mark.parametrize("act", ACTS)
def test_pressed_twice_it_is_done_once(client, project, act):
    sits(client, "ada")
    form = values(asks(client, project, act))

    answers = [does(client, project, act, **form) for _ in range(2)]

    assert all(leads_to(answer, f"/projects/{project.id}") for answer in answers)
    assert now(project).status == ENDS[act]


@pytest.mark.parametrize("act", ACTS)
def test_of_two_people_the_slower_is_told_who_and_when(client, project, act):
    sits(client, "ada")
    form = values(asks(client, project, act))
    projects.finish(project.id, person("sam"), utcnow())

    answer = does(client, project, act, **form)

    ended = now(project).ended_at
    assert answer.status_code == 409
    assert "Somebody was faster" in words(answer)
    assert f"{project.label} was already marked finished by sam, {ended:%H:%M}." in words(answer)
    assert now(project).ended_by == "sam"


@pytest.mark.parametrize("act", ACTS)
def test_the_page_about_one_that_ended_asks_nothing(client, project, act):
    projects.finish(project.id, person("sam"), utcnow())
    sits(client, "ada")

    page = asks(client, project, act)

    assert "sam" in words(page)
    assert f"Back to {project.label}" in words(page)
    assert "reason" not in values(page)


@pytest.mark.parametrize("act", ACTS)
def test_a_reason_that_is_too_long_stays_to_be_mended(client, project, act):
    sits(client, "ada")

    answer = does(client, project, act, reason="x" * 301)

    assert answer.status_code == 422
    assert complained_of(answer) == ["reason"]
    assert values(answer)["reason"].strip() == "x" * 301
    assert now(project).status == "running"


def test_the_page_says_what_becomes_of_the_cell_and_who_is_next(client, project):
    following = make_project("eizumoto")
    sits(client, "ada")

    page = words(asks(client, project, "finish"))

    assert f"C01 is freed and the next project in the queue, {following.label}, may be sent to it." in page


def test_one_that_waits_is_withdrawn(client):
    project = make_project("ada")
    sits(client, "ada")

    page = asks(client, project, "fail")
    answer = does(client, project, "fail", **values(page))

    assert f"Withdraw {project.label}?" in words(page)
    assert answer.status_code == 303
    assert now(project).status == "failure"


def test_one_that_waits_cannot_be_finished(client):
    project = make_project("ada")
    sits(client, "ada")

    page, answer = asks(client, project, "finish"), does(client, project, "finish")

    assert "Only a running project can be finished." in words(page)
    assert answer.status_code == 409
    assert "Not possible now" in words(answer)
    assert now(project).status == "created"


def test_its_cell_is_kept_while_it_can_be_undone(client, project):
    sits(client, "ada")

    does(client, project, "finish")

    assert cells.open_claim(project.what)
