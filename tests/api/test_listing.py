"""GET /api/projects and /api/projects/<id>."""

import pytest

from tests.api.programs import assert_refused, cell_program, create, free_cell, nobody, program_of, running
from webapp import projects
from webapp.config import Config
from webapp.lib.clock import iso

FIELDS = {
    *("project_id", "name", "cad_model", "config", "cell_id"),
    *("created_at_utc", "updated_at_utc", "started_at_utc", "ended_at_utc", "status", "created_by"),
    *(f"x{n}" for n in range(1, 11)),
    *("waiting_reason", "predicted_start_utc", "predicted_end_utc"),
}


@pytest.fixture
def closed(app, monkeypatch):
    """PUBLIC_BOARDS=off."""
    config: Config = app.extensions["factory"]
    monkeypatch.setitem(app.extensions, "factory", Config(**{**vars(config), "public_boards": False}))
    return app


def ids(answer):
    return [project["project_id"] for project in answer.json["projects"]]


def test_a_project_is_flat(app):
    told = create(program_of(app, "ada"), **{"x-params": {"x1": "12", "x10": 3}}, name="Housing")

    shown = nobody(app).get(f"/projects/{told['project_id']}").json

    project = projects.one(told["project_id"])
    assert set(shown) == FIELDS
    assert (shown["x1"], shown["x2"], shown["x10"]) == ("12", None, "3")
    assert (shown["name"], shown["created_by"], shown["status"]) == ("Housing", "ada", "created")
    assert (shown["created_at_utc"], shown["started_at_utc"]) == (iso(project.created_at), None)
    assert shown["waiting_reason"]["code"] == project.waiting_code


def test_the_list_holds_the_same(app):
    told = create(program_of(app, "ada"))

    answer = nobody(app).get("/projects")

    assert answer.json == {"projects": [nobody(app).get(f"/projects/{told['project_id']}").json], "next": None}


def test_a_start_is_foretold_until_it_is_known(app):
    free_cell("C01")
    ada = program_of(app, "ada")
    first, second = running(ada), create(ada)["project_id"]

    started, waiting = [nobody(app).get(f"/projects/{number}").json for number in (first, second)]

    assert (started["predicted_start_utc"], waiting["started_at_utc"]) == (None, None)
    assert started["started_at_utc"] is not None


def test_it_pages_in_the_order_of_numbers(app):
    ada = program_of(app, "ada")
    made = [create(ada)["project_id"] for _ in range(5)]

    first = nobody(app).get("/projects?limit=2")
    second = nobody(app).get(f"/projects?limit=2&after={first.json['next']}")
    last = nobody(app).get(f"/projects?limit=2&after={second.json['next']}")

    assert ids(first) + ids(second) + ids(last) == made
    assert last.json["next"] is None


def test_it_filters_by_status_person_and_cell(app):
    cell = free_cell("C01")
    ada, other = program_of(app, "ada"), program_of(app, "eizumoto")
    first, second = running(ada), create(other)["project_id"]

    assert ids(nobody(app).get("/projects?status=running")) == [first]
    assert ids(nobody(app).get("/projects?status=created")) == [second]
    assert ids(nobody(app).get("/projects?engineer=eizumoto")) == [second]
    assert ids(nobody(app).get(f"/projects?cell_id={cell.id}")) == [first]
    assert ids(nobody(app).get("/projects?status=&engineer=&start_time=")) == [first, second]


@pytest.mark.parametrize(
    "end", ["2026-11-05", "2026-11-05T00:00:00Z", "2026-11-05:00:00:00", "2026-11-05T02:00:00%2B02:00"]
)
def test_windows_are_half_open_and_written_in_four_ways(app, end):
    create(program_of(app, "ada"))

    assert ids(nobody(app).get(f"/projects?start_time=2020-01-01&end_time={end}&status=finished")) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("status=nonsense", "status"),
        ("status=RUNNING", "status"),
        ("status=running%0A", "status"),
        ("status=created,running", "status"),
        ("start_time=2025-13-45", "start_time"),
        ("start_time=2025-02-29", "start_time"),
        ("end_time=tomorrow", "end_time"),
        ("start_time=1899-12-31", "start_time"),
        ("start_time=2025-09-05&end_time=2025-09-01", "end_time"),
        ("start_time=2025-09-05&end_time=2025-09-05", "end_time"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=١٢", "limit"),
        ("after=-1", "after"),
        ("after=9223372036854775808", "after"),
        ("cell_id=x", "cell_id"),
        ("staus=running", "staus"),
        ("status=running&status=created", "status"),
    ],
)
def test_an_unknown_word_is_never_an_empty_200(app, query, field):
    details = assert_refused(nobody(app).get(f"/projects?{query}"), 400, "VALIDATION")

    assert list(details["fields"]) == [field]


def test_no_text_is_refused(app):
    assert_refused(nobody(app).get("/projects?engineer=a%00b"), 400, "VALIDATION")


def test_it_is_read_without_an_account_while_boards_are_public(app):
    assert nobody(app).get("/projects").status_code == 200


def test_it_needs_an_account_when_they_are_not(closed):
    for path in ("/projects", "/projects/1", "/projects/1/decisions", "/engineers", "/cells", "/cells/1/timeline"):
        assert_refused(nobody(closed).get(path), 401, "NOT_SIGNED_IN")
    assert program_of(closed, "dee").get("/projects").status_code == 200
    assert_refused(cell_program(closed, free_cell("C01")).get("/projects"), 403, "NOT_ALLOWED")
