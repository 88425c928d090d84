"""POST /api/login and /api/logout."""

from datetime import datetime, timedelta

import pytest

from tests.api.programs import ANY_PROJECT, Program, assert_refused, nobody
from tests.world import PASSWORD, make_person
from webapp.extensions import db
from webapp.journal import Answer
from webapp.lib.clock import utcnow

ADA = {"username": "ada", "password": PASSWORD}


@pytest.fixture
def guarded(app, monkeypatch):
    """As in production: what rides on the cookie must carry the session's proof."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return app


def sign_in(app):
    browser = nobody(app)
    return browser, browser.post("/login", ADA).json


def test_signing_in_gives_a_token_for_twelve_hours(app):
    make_person("ada")

    answer = nobody(app).post("/login", ADA)

    told = answer.json
    assert answer.status_code == 200
    assert set(told) == {
        *("username", "first_name", "last_name", "role", "roles"),
        *("token", "csrf_token", "expires_at_utc"),
    }
    assert (told["username"], told["role"], told["roles"]) == ("ada", "engineer", ["engineer"])
    ends = datetime.fromisoformat(told["expires_at_utc"]) - utcnow()
    assert timedelta(hours=11, minutes=59) < ends <= timedelta(hours=12)


def test_the_token_opens_what_the_person_may(app):
    make_person("ada")
    _, told = sign_in(app)

    assert Program(app, told["token"]).post("/projects", ANY_PROJECT).status_code == 201


def test_the_cookie_opens_it_too_with_the_sessions_proof(guarded):
    make_person("ada")
    browser, told = sign_in(guarded)

    assert browser.post("/projects", ANY_PROJECT, X_CSRF_Token=told["csrf_token"]).status_code == 201


@pytest.mark.parametrize(
    "forged", [{}, {"X_CSRF_Token": "0" * 32}, {"Sec_Fetch_Site": "cross-site"}, {"Origin": "null"}]
)
def test_the_cookie_alone_changes_nothing(guarded, forged):
    make_person("ada")
    browser, _ = sign_in(guarded)

    assert_refused(browser.post("/projects", ANY_PROJECT, **forged), 403, "NOT_ALLOWED")
    assert browser.get("/projects").json["projects"] == []


def test_every_mismatch_has_one_message(app):
    make_person("ada")
    make_person("root")
    wrong = [{"username": "ada", "password": "wrong"}, {"username": "who", "password": PASSWORD}]
    wrong += [{"username": "ada", "password": PASSWORD + " "}, {"username": "\u202e", "password": "x" * 5_000}]

    told = [nobody(app).post("/login", body) for body in wrong]

    for answer in told:
        assert_refused(answer, 401, "NOT_SIGNED_IN")
    assert len({answer.json["message"] for answer in told}) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "ada"},
        {"username": "ada", "password": None},
        {"username": 1, "password": 2},
        {**ADA, "role": "admin"},
    ],
)
def test_a_body_that_is_none_is_400(app, body):
    assert_refused(nobody(app).post("/login", body), 400, "VALIDATION")


def test_guessing_is_slowed(app):
    answers = [nobody(app).post("/login", {"username": "who", "password": f"x{n}"}) for n in range(30)]

    last = answers[-1]
    assert_refused(last, 429, "TOO_MANY")
    assert int(last.headers["Retry-After"]) > 0


@pytest.mark.parametrize("way", ["token", "cookie"])
def test_signing_out_ends_the_token_and_the_cookie_at_once(app, way):
    make_person("ada")
    browser, told = sign_in(app)
    program, copied = Program(app, told["token"]), browser.client.get_cookie("factory").value

    answer = (program if way == "token" else browser).post("/logout")

    thief = nobody(app)
    thief.client.set_cookie("factory", copied)
    assert (answer.status_code, answer.data) == (204, b"")
    assert_refused(program.get("/projects"), 401, "NOT_SIGNED_IN")
    assert_refused(thief.post("/projects", ANY_PROJECT), 401, "NOT_SIGNED_IN")


def test_nobody_cannot_sign_out(app):
    assert_refused(nobody(app).post("/logout"), 401, "NOT_SIGNED_IN")


def test_a_token_is_never_kept_with_a_key(app):
    make_person("ada")

    first, second = [nobody(app).post("/login", ADA, Idempotency_Key="once") for _ in "12"]

    assert first.json["token"] != second.json["token"]
    assert db.session.query(Answer).count() == 0
