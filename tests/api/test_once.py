"""Idempotency-Key: the same key and body get the first answer again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.api.programs import ANY_PROJECT, assert_refused, create, free_cell, program_of
from webapp import journal, projects
from webapp.extensions import db
from webapp.lib.clock import utcnow


def count():
    db.session.rollback()
    return db.session.query(projects.Project).count()


def test_the_first_answer_is_given_again(app):
    ada = program_of(app, "ada")

    first, second = [ada.post("/projects", ANY_PROJECT, Idempotency_Key="k1") for _ in "12"]

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    assert [second.headers[name] for name in ("Location", "ETag")] == [
        first.headers[name] for name in ("Location", "ETag")
    ]
    assert second.headers["Idempotent-Replayed"] == "true"
    assert count() == 1


def test_the_first_answer_stays_though_the_project_went_on(app):
    ada = program_of(app, "ada")
    free_cell("C01")
    first = ada.post("/projects", ANY_PROJECT, Idempotency_Key="k1")
    ada.patch(f"/projects/{first.json['project_id']}/status", {"status": "failure"})

    assert ada.post("/projects", ANY_PROJECT, Idempotency_Key="k1").json == first.json


def test_another_body_is_422(app):
    ada = program_of(app, "ada")
    ada.post("/projects", ANY_PROJECT, Idempotency_Key="k1")

    answer = ada.post("/projects", {**ANY_PROJECT, "name": "other"}, Idempotency_Key="k1")

    assert_refused(answer, 422, "KEY_REUSED")
    assert count() == 1


def test_another_persons_same_key_is_another_key(app):
    told = [
        program_of(app, username).post("/projects", ANY_PROJECT, Idempotency_Key="k1").json["created_by"]
        for username in ("ada", "eizumoto")
    ]

    assert told == ["ada", "eizumoto"]


def test_what_was_refused_may_come_again_with_its_key(app):
    ada = program_of(app, "ada")
    assert_refused(ada.post("/projects", {"config": "b"}, Idempotency_Key="k1"), 400, "VALIDATION")

    assert ada.post("/projects", ANY_PROJECT, Idempotency_Key="k1").status_code == 201


def test_a_key_is_forgotten_after_a_day(app):
    ada = program_of(app, "ada")
    ada.post("/projects", ANY_PROJECT, Idempotency_Key="k1")

    journal.forget_answers(utcnow() + timedelta(hours=24, minutes=1))

    ada.post("/projects", ANY_PROJECT, Idempotency_Key="k1")
    assert count() == 2


@pytest.mark.parametrize("key", ["", "x" * 151, "a\tb", "é"])
def test_a_key_has_a_form(app, key):
    assert_refused(program_of(app, "ada").post("/projects", ANY_PROJECT, Idempotency_Key=key), 400, "VALIDATION")


def test_who_may_not_does_not_hear_the_answer(app):
    ada = program_of(app, "ada")
    ada.post("/projects", ANY_PROJECT, Idempotency_Key="k1")

    assert_refused(program_of(app, "sam").post("/projects", ANY_PROJECT, Idempotency_Key="k1"), 403, "NOT_ALLOWED")


def test_eight_equal_requests_at_one_moment_make_one_project(app):
    ada = program_of(app, "ada")
    create(ada)

    def click(_):
        with app.app_context():
            from tests.api.programs import Program

            again = Program(app)
            again.headers = ada.headers
            return again.post("/projects", ANY_PROJECT, Idempotency_Key="double")

    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(click, range(8)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert count() == 2
