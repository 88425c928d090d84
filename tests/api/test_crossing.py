"""CORS: off, but for named origins."""

from dataclasses import replace

import pytest

from tests.api.programs import ANY_PROJECT, assert_refused, nobody, program_of

THERE, EVIL = "https://plan.example", "https://evil.example"
ASKING = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "content-type, authorization"}


@pytest.fixture
def opened(app, monkeypatch):
    monkeypatch.setitem(app.extensions, "factory", replace(app.extensions["factory"], cors_origins=(THERE,)))
    return app


def test_it_is_off(app):
    for answer in (
        nobody(app).get("/projects", Origin=EVIL),
        nobody(app).ask("OPTIONS", "/projects", {"Origin": EVIL, **ASKING}),
    ):
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_options_say_what_can_be_done(app):
    answer = nobody(app).ask("OPTIONS", "/projects")

    assert answer.status_code == 200
    assert {"GET", "POST", "OPTIONS"} <= set(answer.headers["Allow"].replace(" ", "").split(","))


def test_a_named_origin_may_ask(opened):
    answer = nobody(opened).ask("OPTIONS", "/projects", {"Origin": THERE, **ASKING})

    assert answer.headers["Access-Control-Allow-Origin"] == THERE
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_it_hears_answers_and_refusals(opened):
    ada = program_of(opened, "ada")

    made = ada.post("/projects", ANY_PROJECT, Origin=THERE)
    refused = ada.get("/nothing", Origin=THERE)

    assert made.status_code == 201
    assert_refused(refused, 404, "NOT_FOUND")
    for answer in (made, refused):
        assert answer.headers["Access-Control-Allow-Origin"] == THERE
        assert "Origin" in answer.headers["Vary"]


def test_others_do_not(opened):
    answer = nobody(opened).get("/projects", Origin=EVIL)

    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


def test_the_cookie_never_crosses(opened):
    assert_refused(
        program_of(opened, "ada").post("/projects", ANY_PROJECT, Origin=EVIL, Sec_Fetch_Site="cross-site"),
        403,
        "NOT_ALLOWED",
    )
