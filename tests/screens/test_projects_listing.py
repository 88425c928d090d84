"""The list, and its filters in the address."""

from datetime import timedelta

import pytest

from tests.screens.desk import listed, sits, tree, words
from tests.world import idle_cell, make_project, make_running, person
from webapp import projects
from webapp.lib.clock import utcnow


def rows(client, **asked):
    answer = client.get("/projects", query_string=asked)
    assert answer.status_code == 200
    return listed(answer)


def numbers(*found):
    return [str(project.id) for project in found]


def test_newest_come_first(client):
    first, second = make_project(), make_project()

    assert rows(client) == numbers(second, first)


def test_nobody_may_look_while_boards_are_public(client):
    assert client.get("/projects").status_code == 200


def test_nobody_is_sent_to_sign_in_where_they_are_not(client, not_public):
    assert client.get("/projects").location == "/login?next=/projects"


def test_by_status(client):
    idle_cell("C01")
    running, waiting = make_running(), make_project()

    assert rows(client, status="running") == numbers(running)
    assert rows(client, status="created") == numbers(waiting)
    assert rows(client, status="failure") == []


def test_by_engineer_and_by_cell(client):
    cell = idle_cell("C01")
    hers, his = make_project("ada"), make_project("eizumoto")

    assert rows(client, engineer="eizumoto") == numbers(his)
    assert rows(client, cell=cell.id) == numbers(hers)
    assert rows(client, engineer="eizumoto", cell=cell.id) == []


def test_ones_own(client):
    mine, theirs = make_project("ada"), make_project("eizumoto")
    sits(client, "ada")

    assert rows(client, mine="1") == numbers(mine)
    assert rows(client, mine="") == numbers(theirs, mine)


def test_to_nobody_mine_means_nothing(client):
    project = make_project("ada")

    assert rows(client, mine="1") == numbers(project)


@pytest.mark.parametrize("text", ["sprocket", "SPROCKET", "P-{id}", "p-{id}", "{id}", "R4.step", "100%_"])
def test_by_words(client, text):
    project = make_project(name="Sprocket 100%_x", cad_model="s3:models/r4.step", config="a")
    make_project(name="Other", cad_model="b", config="c")

    assert rows(client, q=text.format(id=project.id)) == numbers(project)


def finished_at(at):
    now = at - timedelta(hours=1)
    project = make_running(now=now)
    projects.finish(project.id, person("ada"), at)
    return project


def test_the_window_is_half_open(client):
    idle_cell("C01")
    ten = utcnow().replace(second=0, microsecond=0) - timedelta(hours=6)
    noon, minute = ten + timedelta(hours=2), timedelta(minutes=1)
    first, second = finished_at(ten), finished_at(noon)

    assert ended(client, start=ten, end=noon) == numbers(first)
    assert ended(client, start=ten + minute, end=noon + minute) == numbers(second)
    assert ended(client, start=noon) == numbers(second)
    assert ended(client, end=noon) == numbers(first)


def ended(client, **window):
    return rows(client, status="finished", **{name: at.strftime("%Y-%m-%d %H:%M") for name, at in window.items()})


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"start": "yesterday"}, "From must be a time"),
        ({"end": "2026-02-30"}, "Up to must be a time"),
        ({"start": "2026-03-04", "end": "2026-03-04"}, "Up to must be later than From"),
        ({"start": "2026-03-05", "end": "2026-03-04"}, "Up to must be later than From"),
        ({"status": "done"}, "Status must be one of created, running, finished, failure"),
        ({"cell": "C01"}, "Cell must be the number of a cell"),
        ({"kind": "crane"}, "Kind must be one of"),
        ({"site": "x"}, "Site must be one of"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_form_stays(client, asked, says):
    project = make_project()

    answer = client.get("/projects", query_string={**asked, "q": "housing"})

    assert answer.status_code == 400
    assert says in words(answer)
    fields = {e.attrs["name"]: e.attrs.get("value") for e in tree(answer) if e.tag == "input" and "name" in e.attrs}
    typed = {"q": "housing", **{name: text for name, text in asked.items() if name in ("start", "end")}}
    assert {name: fields[name] for name in typed} == typed
    assert listed(answer) == numbers(project)


def test_the_filters_stay_chosen(client):
    cell = idle_cell("C01")
    make_project("ada")

    page = client.get("/projects", query_string={"status": "created", "engineer": "ada", "cell": cell.id})

    chosen = [e.attrs["value"] for e in tree(page) if e.tag == "option" and "selected" in e.attrs]
    assert chosen == ["created", "ada", str(cell.id)]


def test_pages_follow_each_other_and_keep_the_filters(client, monkeypatch):
    made = [make_project() for _ in range(5)]
    monkeypatch.setattr("webapp.screens.projects.PAGE", 2)

    page = client.get("/projects?engineer=ada&_external=1&endpoint=x")
    seen = listed(page)
    while older := [e.attrs["href"] for e in tree(page) if e.tag == "a" and e.text == "Older"]:
        page = client.get(older[0])
        assert "engineer=ada" in older[0]
        seen += listed(page)

    assert seen == numbers(*reversed(made))
    assert "Newest" in words(page)
    assert "1 of 5" in words(page)


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "٣"])
def test_a_page_that_is_none_is_the_first(client, after):
    project = make_project()

    assert rows(client, after=after) == numbers(project)


def test_a_list_without_a_match_says_how_to_go_on(client):
    make_project()

    assert "Clear filters" in words(client.get("/projects?q=nothing"))


def test_an_empty_list_invites_who_may_create(client):
    sits(client, "ada")

    assert "Say where the CAD model is" in words(client.get("/projects"))


def test_nobody_is_told_what_an_empty_list_is(client):
    assert "when an engineer creates one" in words(client.get("/projects"))
