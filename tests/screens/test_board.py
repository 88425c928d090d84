"""The running board: what is wrong, then what runs, then what waits."""

from tests.screens.desk import silent_project, sits, tree, words
from tests.world import idle_cell, make_cell, make_project, make_running, says
from webapp import projects
from webapp.extensions import db, transaction


def test_an_empty_factory_shows_the_next_step(client):
    sits(client, "root")

    page = words(client.get("/board"))

    assert "Nothing is running yet" in page
    assert "Name it" in page


def test_to_nobody_it_says_who_has_to(client):
    assert "An administrator has yet to add the cells." in words(client.get("/board"))


def test_what_is_wrong_stands_first_with_what_it_holds_up(client):
    cell = idle_cell("C01")
    project = make_running("ada", name="Housing")
    says(cell, "down", "Spindle overload")

    page = words(client.get("/board"))

    assert page.index("Spindle overload") < page.index("Down first, then by planned finish")
    assert f"{project.label} Housing Ada Byron" in page


def test_a_cell_that_never_answered_is_unknown(client):
    make_cell("C01")

    assert "No status received" in words(client.get("/board"))


def test_a_silent_one_leads_to_its_project(client):
    project = silent_project()

    page = client.get("/board")

    assert "C09 does not say whether it took the job" in words(page)
    assert f'href="/projects/{project.id}">Open project' in page.text


def test_what_runs_tells_how_far_it_is(client):
    cell = idle_cell("C01")
    project = make_running("ada")
    says(cell, "running")
    with transaction():
        db.session.get_one(projects.Project, project.id).progress = 0.42

    assert "42 %" in words(client.get("/board"))


def test_what_waits_says_why(client):
    idle_cell("C01", kind="mill")
    make_project(cell_kind="laser")

    assert "No cell fits: it asks for" in words(client.get("/board"))


def test_when_all_is_well_it_is_quiet(client):
    idle_cell("C01")

    page = words(client.get("/board"))

    assert "Nothing needs attention." in page
    assert "The queue is empty." in page


def test_cells_are_counted_by_state_and_lead_to_the_floor(client):
    idle_cell("C01")
    idle_cell("C02", state="down")

    links = {a.attrs["href"]: a.text for a in tree(client.get("/board")) if a.tag == "a"}

    assert links["/floor?state=down"].startswith("1")
    assert links["/floor?state=running"].startswith("0")


def test_nobody_is_sent_to_sign_in_where_boards_are_not_public(client, not_public):
    assert client.get("/board").location == "/login?next=/board"
    assert client.get("/board/part", headers={"HX-Request": "true"}).status_code == 401
