"""The engineer's form."""

import pytest

from tests.screens.desk import READERS, TYPED, complained_of, leads_to, sits, values, words
from tests.world import NOW, idle_cell, make_project
from webapp import projects
from webapp.extensions import db

ALL = {
    **TYPED,
    "x1": "0.15",
    "x10": "Ü<b>",
    "name": "Housing",
    "tags": "steel, coolant",
    "expected_minutes": "90",
    "priority": "7",
}


def every() -> list[projects.Project]:
    db.session.rollback()
    return projects.search(projects.Filters()).projects


@pytest.fixture
def ada(client):
    sits(client, "ada")


def test_it_goes_to_a_free_cell_and_the_next_page_says_which(client, ada):
    idle_cell("C01")

    answer = client.post("/projects", data=TYPED)

    [project] = every()
    assert leads_to(answer, f"/projects/{project.id}")
    assert f"{project.label} created and dispatched to C01." in words(client.get(answer.location))


def test_without_a_free_cell_the_next_page_says_why_it_waits(client, ada):
    answer = client.post("/projects", data=TYPED)

    [project] = every()
    assert f"{project.label} is waiting: There is no cell yet." in words(client.get(answer.location))


def test_all_that_was_typed_is_asked_for(client, ada):
    cell = idle_cell("C01", tags=["steel", "coolant"])

    client.post("/projects", data={**ALL, "cell_kind": "mill", "requested_cell_id": str(cell.id)})

    [project] = every()
    assert project.given == {"x1": "0.15", "x10": "Ü<b>"}
    assert (project.name, project.tags, project.cell_kind) == ("Housing", ["steel", "coolant"], "mill")
    assert (project.expected_minutes, project.priority, project.requested_cell_id) == (90, 7, cell.id)


def test_nobody_is_sent_to_sign_in(client):
    assert client.get("/projects/new").location == "/login?next=/projects/new"
    assert client.get("/projects/outlook").status_code == 302
    assert client.post("/projects", data=TYPED).status_code == 401
    assert not every()


@pytest.mark.parametrize("username", ["sam", *READERS])
def test_who_creates_none_is_refused(client, username):
    sits(client, username)

    assert client.get("/projects/new").status_code == 403
    assert client.get("/projects/outlook").status_code == 403
    assert client.post("/projects", data=TYPED).status_code == 403
    assert not every()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"cad_model": " "}, "cad_model"),
        ({"config": ""}, "config"),
        ({"cad_model": "x" * 1001}, "cad_model"),
        ({"cad_model": "a\x07b"}, "cad_model"),
        ({"x1": "x" * 201}, "x1"),
        ({"name": "x" * 121}, "name"),
        ({"tags": "x" * 41}, "tags"),
        ({"expected_minutes": "soon"}, "expected_minutes"),
        ({"expected_minutes": "0"}, "expected_minutes"),
        ({"expected_minutes": "٣"}, "expected_minutes"),
        ({"priority": "10"}, "priority"),
        ({"requested_cell_id": "77"}, "requested_cell_id"),
        ({"requested_cell_id": "99999999999999999999"}, "requested_cell_id"),
        ({"cell_kind": "x" * 61}, "cell_kind"),
    ],
)
def test_what_cannot_be_accepted_is_named_and_all_else_stays(client, ada, wrong, field):
    answer = client.post("/projects", data={**ALL, **wrong})

    assert answer.status_code == 422
    assert complained_of(answer) == [field]
    assert "<title>Error: New project" in answer.text
    kept = values(answer)
    assert {name: kept[name] for name in ALL if name not in wrong} == {n: v for n, v in ALL.items() if n not in wrong}
    assert not every()


@pytest.mark.parametrize("wrong", [{"x1": "x" * 201}, {"expected_minutes": "soon"}, {"name": "x" * 121}])
def test_what_is_wrong_stays_to_be_mended(client, ada, wrong):
    answer = client.post("/projects", data={**ALL, **wrong})

    assert values(answer).items() >= wrong.items()


def test_every_complaint_is_told_at_once(client, ada):
    answer = client.post("/projects", data={"cad_model": "", "config": "", "x2": "x" * 201, "priority": "12"})

    assert complained_of(answer) == ["cad_model", "config", "priority", "x2"]


def test_a_parameter_is_asked_for_as_the_administrator_named_it(client, ada):
    projects.set_parameter(1, label="Feed", unit="mm/rev", low=0.1, high=0.5, by="root", now=NOW)
    projects.set_parameter(2, label="Coolant", allowed=["wet", "dry"], by="root", now=NOW)
    projects.set_parameter(3, in_use=False, by="root", now=NOW)

    page = client.get("/projects/new")
    answer = client.post("/projects", data={**TYPED, "x1": "9", "x2": "dry", "x3": "hidden"})

    assert "x1 Feed mm/rev" in words(page)
    assert "x3" not in values(page)
    assert "Feed must be a number from 0.1 to 0.5" in words(answer)
    assert (values(answer)["x1"], values(answer)["x2"]) == ("9", "dry")


def test_a_script_in_a_value_is_text(client, ada):
    answer = client.post("/projects", data={**TYPED, "cad_model": "javascript:alert(1)", "x1": "<script>x</script>"})
    page = client.get(answer.location)

    assert "<script>x" not in page.text
    assert 'href="javascript' not in page.text
    assert make_project().id > every()[0].id
