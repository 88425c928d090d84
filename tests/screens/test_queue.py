"""What waits, in order, why, and the act that helps."""

from datetime import timedelta

import pytest

from tests.screens.desk import READERS, leads_to, silent_project, sits, values, words
from tests.world import idle_cell, make_project, make_running
from webapp import projects
from webapp.extensions import db
from webapp.lib.clock import utcnow


def set_priority(client, project, level="9"):
    return client.post(f"/projects/{project.id}/priority", data={"priority": level})


def priority(project):
    db.session.rollback()
    return projects.one(project.id).priority


def test_an_empty_queue_says_so(client):
    assert "The queue is empty" in words(client.get("/queue"))


def test_higher_priority_comes_first_then_the_oldest(client):
    old, young, urgent = make_project(), make_project(), make_project(priority=9)

    page = words(client.get("/queue/part"))

    assert page.index(urgent.label) < page.index(old.label) < page.index(young.label)


def test_each_says_why_it_waits_and_for_how_long(client):
    idle_cell("C01")
    make_running()
    make_project("eizumoto", now=utcnow() - timedelta(minutes=42))

    page = words(client.get("/queue"))

    assert "C01 is busy Starts by itself" in page
    assert "Eiko Izumoto" in page
    assert "42 min priority 5" in page


@pytest.mark.parametrize(
    ("state", "says", "act"),
    [("down", "C01 is down", "look at the cell"), ("idle", "C01 is closed", "open a cell")],
)
def test_what_needs_a_person_leads_to_the_act_that_helps(client, state, says, act):
    from webapp import cells

    cell = idle_cell("C01", state=state)
    if state == "idle":
        cells.set_mode(cell.id, "closed", "", "sam", utcnow())
    make_project()

    page = client.get("/queue")

    assert says in words(page)
    assert f'href="/cells/{cell.id}">{act}</a>' in page.text


def test_a_silent_cell_leads_to_letting_go(client):
    project = silent_project()

    assert f'href="/cells/{project.cell_id}">release the cell</a>' in client.get("/queue").text


def test_one_that_no_cell_fits_leads_to_asking_anew(client):
    idle_cell("C01", kind="mill")
    project = make_project(cell_kind="laser")

    assert f'href="/projects/new?from={project.id}"' in client.get("/queue").text


def test_one_that_is_being_handed_over_stands_first(client):
    waiting = make_project(cell_kind="laser")
    idle_cell("C01")
    handed = make_project()

    page = words(client.get("/queue/part"))

    assert page.index(handed.label) < page.index(waiting.label)
    assert "Being handed to its cell" in page


@pytest.mark.parametrize("username", ["sam", "root"])
def test_a_supervisor_gives_priority(client, username):
    project = make_project()
    sits(client, username)

    page = client.get("/queue")
    answer = set_priority(client, project)

    assert values(page)["priority"] == "5"
    assert leads_to(answer, "/queue")
    assert priority(project) == 9
    assert f"{project.label} has priority 9." in words(client.get("/queue"))


@pytest.mark.parametrize("username", ["ada", *READERS])
def test_nobody_else_does(client, username):
    project = make_project("ada")
    sits(client, username)

    assert "Give priority" not in words(client.get("/queue"))
    assert set_priority(client, project).status_code == 403
    assert priority(project) == 5


def test_nobody_is_sent_to_sign_in(client, not_public):
    assert client.get("/queue").location == "/login?next=/queue"
    assert set_priority(client, make_project()).status_code == 401


def test_a_missing_one_is_not_found(client):
    sits(client, "sam")

    assert client.post("/projects/77/priority", data={"priority": "1"}).status_code == 404


def test_twice_is_harmless(client):
    project = make_project()
    sits(client, "sam")

    assert [set_priority(client, project).status_code for _ in range(2)] == [303, 303]
    assert projects.one(project.id).version == 2


@pytest.mark.parametrize("level", ["", "10", "-1", "high", "٣", "9" * 30])
def test_what_is_no_priority_is_refused_in_words(client, level):
    project = make_project()
    sits(client, "sam")

    answer = set_priority(client, project, level)

    assert answer.status_code == 400
    assert "Priority must be a whole number" in words(answer)
    assert priority(project) == 5


def test_what_has_its_cell_is_not_offered_and_refused(client):
    idle_cell("C01")
    project = make_project()
    sits(client, "sam")

    answer = set_priority(client, project)

    assert "Give priority" not in words(client.get("/queue"))
    assert answer.status_code == 409
    assert "has its cell: priority decides nothing any more" in words(answer)
