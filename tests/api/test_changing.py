"""PATCH /api/projects/<id>: x-values, name, expected minutes; never the status."""

import pytest

from tests.api.programs import assert_refused, cell_program, create, free_cell, nobody, program_of, running
from webapp import projects


def test_values_merge_key_by_key_and_null_clears(app):
    ada = program_of(app, "ada")
    told = create(ada, **{"x-params": {"x1": "1", "x2": "2", "x3": "3"}})

    answer = ada.patch(f"/projects/{told['project_id']}", {"x-params": {"x2": None, "x3": 3.30}})

    assert answer.status_code == 200
    assert [answer.json[name] for name in ("x1", "x2", "x3")] == ["1", None, "3.3"]
    assert answer.json == nobody(app).get(f"/projects/{told['project_id']}").json


def test_name_and_expected_minutes_too(app):
    ada = program_of(app, "ada")
    told = create(ada)

    answer = ada.patch(f"/projects/{told['project_id']}", {"name": "Cover", "expected_minutes": 45})

    assert answer.json["name"] == "Cover"
    assert projects.one(told["project_id"]).expected_minutes == 45


@pytest.mark.parametrize(
    "body",
    [
        {"status": "finished"},
        {"cell_id": 1},
        {"created_by": "eizumoto"},
        {"project_id": 1},
        {"cad_model": "other"},
        {"created_at_utc": "2001-01-01T00:00:00Z"},
        {"version": 99},
        {"x1": "1"},
        {"x-params": {"status": "finished"}},
        {"x-params": {"x11": "1"}},
        {"x-params": {"x9": "1"}, "role": "admin"},
    ],
)
def test_nothing_else_can_be_changed(app, body):
    ada = program_of(app, "ada")
    path = f"/projects/{create(ada)['project_id']}"
    before = ada.get(path).json

    assert_refused(ada.patch(path, body), 400, "VALIDATION")

    assert ada.get(path).json == before


def test_it_is_refused_once_the_project_has_ended(app):
    free_cell("C01")
    ada = program_of(app, "ada")
    number = running(ada)
    ada.patch(f"/projects/{number}/status", {"status": "finished"})

    assert_refused(ada.patch(f"/projects/{number}", {"x-params": {"x1": "1"}}), 409, "WRONG_STATE")


def test_only_its_owner_and_an_administrator_may(app):
    path = f"/projects/{create(program_of(app, 'ada'))['project_id']}"
    body = {"x-params": {"x2": "am"}}

    assert program_of(app, "root").patch(path, body).status_code == 200
    for username in ("eizumoto", "sam", "dee", "pat", "oli"):
        assert_refused(program_of(app, username).patch(path, body), 403, "NOT_ALLOWED")
    assert_refused(cell_program(app, free_cell("C01")).patch(path, body), 403, "NOT_ALLOWED")
    assert_refused(nobody(app).patch(path, body), 401, "NOT_SIGNED_IN")


def test_a_missing_one_is_404(app):
    assert_refused(program_of(app, "ada").patch("/projects/999", {"x-params": {}}), 404, "NOT_FOUND")
