"""POST /api/projects."""

import pytest

from tests.api.programs import ANY_PROJECT, assert_refused, cell_program, create, free_cell, nobody, program_of
from webapp import projects
from webapp.extensions import db

FIELDS = {"project_id", "created_by", "cell_id", "x-params", "status", "waiting_reason", "predicted_start_utc"}


def test_it_gets_a_free_cell_at_once(app):
    cell = free_cell("C01")

    answer = program_of(app, "ada").post("/projects", {**ANY_PROJECT, "x-params": {"x1": "0.2"}})

    told = answer.json
    assert answer.status_code == 201
    assert set(told) == FIELDS
    assert (told["created_by"], told["cell_id"], told["status"]) == ("ada", cell.id, "created")
    assert (told["x-params"], told["waiting_reason"]) == ({"x1": "0.2"}, None)
    assert answer.headers["Location"] == f"/api/projects/{told['project_id']}"
    assert answer.headers["ETag"]


def test_without_a_free_cell_it_says_why_it_waits(app):
    told = create(program_of(app, "ada"))

    assert told["cell_id"] is None
    assert set(told["waiting_reason"]) == {"code", "message", "needs_person"}
    assert (told["waiting_reason"]["code"], told["waiting_reason"]["needs_person"]) == ("no_fit_cell", True)


def test_numbers_are_kept_as_the_text_sent(app):
    values = b'{"x1": 1.50, "x2": 1e5, "x3": -0, "x4": 123456789012345678901234567890}'
    body = b'{"cad_model": "a", "config": "b", "x-params": ' + values + b"}"

    answer = program_of(app, "ada").ask("POST", "/projects", data=body, content_type="application/json")

    assert answer.json["x-params"] == {"x1": "1.50", "x2": "1e5", "x3": "-0", "x4": "123456789012345678901234567890"}


def test_all_that_may_be_asked_for(app):
    cell = free_cell("C01", kind="mill", tags=["steel"])
    asks = {"name": "Housing", "cell_kind": "mill", "tags": ["steel"], "requested_cell_id": cell.id}

    told = create(program_of(app, "ada"), **asks, priority=9, expected_minutes=90)

    project = projects.one(told["project_id"])
    assert (project.name, project.cell_kind, project.tags, project.requested_cell_id) == tuple(asks.values())
    assert (project.priority, project.expected_minutes) == (9, 90)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"config": "b"}, "cad_model"),
        ({"cad_model": "a"}, "config"),
        ({**ANY_PROJECT, "cad_model": ""}, "cad_model"),
        ({**ANY_PROJECT, "cad_model": "x" * 1_001}, "cad_model"),
        ({**ANY_PROJECT, "config": 5}, "config"),
        ({**ANY_PROJECT, "config": None}, "config"),
        ({**ANY_PROJECT, "x-params": []}, "x-params"),
        ({**ANY_PROJECT, "x-params": {"x1": {}}}, "x-params.x1"),
        ({**ANY_PROJECT, "x-params": {"x1": True}}, "x-params.x1"),
        ({**ANY_PROJECT, "x-params": {"x1": "y" * 201}}, "x1"),
        ({**ANY_PROJECT, "x-params": {"x11": "1"}}, "x11"),
        ({**ANY_PROJECT, "x-params": {"self": "1"}}, "self"),
        ({**ANY_PROJECT, "x11": "1"}, "x11"),
        ({**ANY_PROJECT, "cell_id": 1}, "cell_id"),
        ({**ANY_PROJECT, "created_by": "sam"}, "created_by"),
        ({**ANY_PROJECT, "status": "running"}, "status"),
        ({**ANY_PROJECT, "message": "running"}, "message"),
        ({**ANY_PROJECT, "priority": 10}, "priority"),
        ({**ANY_PROJECT, "priority": "9"}, "priority"),
        ({**ANY_PROJECT, "priority": 1.5}, "priority"),
        ({**ANY_PROJECT, "expected_minutes": 0}, "expected_minutes"),
        ({**ANY_PROJECT, "requested_cell_id": 999}, "requested_cell_id"),
        ({**ANY_PROJECT, "requested_cell_id": 2**63}, "requested_cell_id"),
        ({**ANY_PROJECT, "tags": "steel"}, "tags"),
        ({**ANY_PROJECT, "tags": [1]}, "tags.0"),
    ],
)
def test_what_cannot_be_accepted_is_named_and_nothing_is_stored(app, body, field):
    details = assert_refused(program_of(app, "ada").post("/projects", body), 400, "VALIDATION")

    assert list(details["fields"]) == [field]
    assert details["fields"][field][0].startswith(("must", "is"))
    assert db.session.query(projects.Project).count() == 0


def test_a_whole_number_may_be_written_with_a_point(app):
    told = create(program_of(app, "ada"), priority=7.0)

    assert projects.one(told["project_id"]).priority == 7


def test_locations_are_text_and_never_opened(app):
    odd = "../../../../etc/passwd <script>alert(1)</script> =cmd|' /C calc'!A0 \u202e 🏭"

    told = create(program_of(app, "ada"), cad_model=odd)

    shown = nobody(app).get(f"/projects/{told['project_id']}")
    assert (shown.json["cad_model"], shown.mimetype) == (odd, "application/json")


@pytest.mark.parametrize("username", ["sam", "dee", "pat", "oli"])
def test_other_roles_create_none(app, username):
    assert_refused(program_of(app, username).post("/projects", ANY_PROJECT), 403, "NOT_ALLOWED")


def test_an_administrator_may(app):
    assert create(program_of(app, "root"))["created_by"] == "root"


def test_a_token_for_reading_creates_none(app):
    assert_refused(program_of(app, "ada", scope="read").post("/projects", ANY_PROJECT), 403, "NOT_ALLOWED")


def test_a_cell_creates_none(app):
    assert_refused(cell_program(app, free_cell("C01")).post("/projects", ANY_PROJECT), 403, "NOT_ALLOWED")
