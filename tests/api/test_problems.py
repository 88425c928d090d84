"""Errors have one form under /api, and say nothing of the inside."""

import pytest
from sqlalchemy.exc import OperationalError

from tests.api.programs import ANY_PROJECT, assert_refused, nobody, program_of
from webapp import projects


def fails_with(error):
    def question(*args, **kwargs):
        raise error

    return question


@pytest.mark.parametrize(
    "path", ["/nothing", "/projects/", "/projects/abc", "/projects/0", "/projects/-1", "/projects/1.5"]
)
def test_an_unknown_address_is_404(app, path):
    assert_refused(nobody(app).get(path), 404, "NOT_FOUND")


@pytest.mark.parametrize("number", ["9" * 30, "01", "١", "%00"])
def test_a_number_is_written_in_one_way(app, number):
    assert_refused(nobody(app).get(f"/projects/{number}"), 404, "NOT_FOUND")


def test_a_missing_project_is_404(app):
    assert_refused(nobody(app).get("/projects/999999999"), 404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/cells"),
        ("PUT", "/cells"),
        ("DELETE", "/cells"),
        ("POST", "/engineers"),
        ("DELETE", "/engineers"),
        ("DELETE", "/projects/1"),
        ("PUT", "/projects/1"),
        ("TRACE", "/projects"),
    ],
)
def test_what_does_not_exist_is_405_and_says_what_does(app, method, path):
    answer = program_of(app, "root").ask(method, path)

    assert_refused(answer, 405, "METHOD_NOT_ALLOWED")
    assert "GET" in answer.headers["Allow"]


def test_other_kinds_of_body_are_415(app):
    ada = program_of(app, "ada")

    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-7", ""):
        answer = ada.ask("POST", "/projects", data=b"{}", headers={"Content-Type": kind})
        assert_refused(answer, 415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_body_over_256_kib_is_413(app):
    answer = program_of(app, "ada").post("/projects", {**ANY_PROJECT, "name": "x" * 262_144})

    assert_refused(answer, 413, "TOO_LARGE")


@pytest.mark.parametrize("body", [b"[]", b'"a"', b"5", b"null", b"{", b"[" * 1_000 + b"]" * 10])
def test_a_body_that_is_no_object_is_400(app, body):
    answer = program_of(app, "ada").ask("POST", "/projects", data=body, content_type="application/json")

    assert_refused(answer, 400, "VALIDATION")


def test_many_unknown_fields_come_back_as_a_few(app):
    names = {f"{number}{'n' * 500}": 1 for number in range(300)}

    details = assert_refused(program_of(app, "ada").post("/projects", names), 400, "VALIDATION")

    assert len(details["fields"]) == 20
    assert max(map(len, details["fields"])) == 80


def test_nobody_is_told_to_sign_in(app):
    answer = nobody(app).post("/projects", ANY_PROJECT)

    assert_refused(answer, 401, "NOT_SIGNED_IN")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "proof", ["Bearer", "Bearer  ", "Bearer x.y.z", "Basic !!!", "Bearer " + "A" * 7_000, "Digest x"]
)
def test_a_bad_proof_is_401_even_where_none_is_needed(app, proof):
    answer = nobody(app).get("/projects", Authorization=proof)

    assert_refused(answer, 401, "NOT_SIGNED_IN")


def test_a_token_in_the_address_is_no_proof(app):
    token = program_of(app, "ada").headers["Authorization"].removeprefix("Bearer ")

    answer = nobody(app).post(f"/projects?token={token}&access_token={token}", ANY_PROJECT)

    assert_refused(answer, 401, "NOT_SIGNED_IN")


def test_a_bug_is_500_and_says_nothing_of_the_inside(app, monkeypatch):
    monkeypatch.setattr(projects, "search", fails_with(RuntimeError("SELECT secrets FROM /srv/app.py")))
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    answer = nobody(app).get("/projects")

    assert_refused(answer, 500, "INTERNAL")
    assert b"secrets" not in answer.data


def test_a_database_that_does_not_answer_is_503_with_when_to_come_again(app, monkeypatch):
    locked = OperationalError("SELECT secrets", {}, Exception("database is locked"))
    monkeypatch.setattr(projects, "search", fails_with(locked))

    answer = nobody(app).get("/projects")

    assert_refused(answer, 503, "UNAVAILABLE")
    assert int(answer.headers["Retry-After"]) > 0
    assert b"secrets" not in answer.data


def test_no_answer_is_for_a_shared_cache(app):
    for path in ("/projects", "/nothing", "/engineers"):
        answer = nobody(app).get(path)

        assert "private" in answer.headers["Cache-Control"]
        assert "Cookie" in answer.headers["Vary"]


def test_pages_keep_their_own_errors(app):
    assert app.test_client().get("/no-such-page").mimetype != "application/problem+json"
