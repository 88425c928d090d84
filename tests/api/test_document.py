"""The OpenAPI document: valid, complete, true, and with a page that asks nobody else."""

import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from tests.api.programs import ANY_PROJECT, cell_program, create, free_cell, nobody, program_of
from tests.world import PASSWORD, make_person

VERBS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
def document(app):
    return nobody(app).get("/openapi.json").json


def schema_of(document, path, method="get", status="200", kind="application/json"):
    content = document["paths"][f"/api{path}"][method]["responses"][status]["content"][kind]
    return {**content["schema"], "components": document["components"]}


def test_it_is_openapi_3_1_and_valid(document):
    validate(document)

    assert document["openapi"].startswith("3.1")


def test_it_has_every_route_and_no_other(app, document):
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api")
    }

    told = {(path, method) for path, item in document["paths"].items() for method in item if method in VERBS}

    assert told == routes


def test_its_calls_are_sorted_under_its_tags(document):
    used = {tag for item in document["paths"].values() for method in VERBS & set(item) for tag in item[method]["tags"]}

    assert used == {tag["name"] for tag in document["tags"]}


def test_every_refusal_is_a_problem(document):
    for response in document["components"]["responses"].values():
        assert list(response["content"]) == ["application/problem+json"]


def test_every_call_has_a_summary_and_says_who_may(document):
    for item in document["paths"].values():
        for method in VERBS & set(item):
            assert item[method]["summary"]
            assert item[method]["security"]


def test_answers_are_as_it_says(app, document):
    cell = free_cell("C01")
    ada = program_of(app, "ada")
    number = create(ada, **{"x-params": {"x1": "1"}})["project_id"]
    create(ada)
    ada.patch(f"/projects/{number}", {"name": "a"})
    told = {
        "/projects": nobody(app).get("/projects"),
        "/projects/{id}": nobody(app).get(f"/projects/{number}"),
        "/projects/{id}/decisions": nobody(app).get(f"/projects/{number}/decisions"),
        "/engineers": nobody(app).get("/engineers"),
        "/cells": nobody(app).get("/cells"),
        "/cells/{id}/timeline": nobody(app).get(f"/cells/{cell.id}/timeline"),
        "/health": nobody(app).get("/health"),
    }

    for path, answer in told.items():
        validator = Draft202012Validator(schema_of(document, path))
        assert [error.message for error in validator.iter_errors(answer.json)] == [], path


def test_answers_to_writing_are_as_it_says(app, document):
    cell = free_cell("C01")
    make_person("sam")
    ada = program_of(app, "ada")
    told = {
        ("/projects", "201"): ada.post("/projects", ANY_PROJECT),
        ("/login", "200"): nobody(app).post("/login", {"username": "sam", "password": PASSWORD}),
        ("/cells/{id}/readings", "202"): cell_program(app, cell).post(
            f"/cells/{cell.id}/readings", [{"state": "idle"}, 5]
        ),
    }

    for (path, status), answer in told.items():
        validator = Draft202012Validator(schema_of(document, path, "post", status))
        assert [error.message for error in validator.iter_errors(answer.json)] == [], path


def test_problems_are_as_it_says(app, document):
    schema = {**document["components"]["schemas"]["Problem"], "components": document["components"]}

    for answer in (nobody(app).get("/nothing"), nobody(app).post("/projects", {}), nobody(app).get("/cells?columns=5")):
        assert list(Draft202012Validator(schema).iter_errors(answer.json)) == []


def test_its_page_loads_only_from_here(app):
    answer = app.test_client().get("/api/docs")

    assert answer.status_code == 200
    assert not re.search(r"(src|href)=\"(https?:)?//", answer.text)
    assert "<script>" not in answer.text
