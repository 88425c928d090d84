import re

import pytest

from tests.world import NOW, PASSWORD, make_person
from webapp import people
from webapp.lib.clock import utcnow
from webapp.screens.account import browser_named

NEW = "a staple of batteries"
ACTS = {
    "/account/looks": {"theme": "dark", "density": "compact"},
    "/account/password": {"old": PASSWORD, "new": NEW},
    "/account/tokens": {"name": "night", "scope": "all", "days": "90"},
    "/account/tokens/1/revocation": {},
    "/account/sessions/1/end": {},
    "/account/sessions/others/end": {},
}


@pytest.fixture
def ada(app, client):
    person = make_person("ada")
    client.sign_in("ada")
    return person


@pytest.mark.parametrize("path", ACTS)
def test_nobody_is_sent_to_sign_in(client, path):
    assert client.post(path, data=ACTS[path]).status_code == 401


def test_the_page_shows_the_person_and_this_session(client, ada):
    page = client.get("/account").text

    assert "Ada Byron" in page
    assert "Engineer" in page
    assert "This one" in page


def test_looks_are_kept_and_painted(client, ada):
    answer = client.post("/account/looks", data=ACTS["/account/looks"], follow_redirects=True)

    assert 'data-theme="dark"' in answer.text
    assert 'data-density="compact"' in answer.text


def test_looks_that_there_are_not_are_refused(client, ada):
    assert client.post("/account/looks", data={"theme": "pink", "density": "normal"}).status_code == 422


def test_the_password_changes_and_this_session_goes_on(client, ada, app):
    other = app.test_client()
    other.sign_in("ada")

    answer = client.post("/account/password", data=ACTS["/account/password"])

    assert answer.status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    assert other.sign_in("ada", NEW).status_code == 303


def test_a_wrong_present_password_is_told_at_its_field(client, ada):
    answer = client.post("/account/password", data={"old": "wrong", "new": NEW})

    assert answer.status_code == 422
    assert "Present password is not your password" in answer.text
    assert NEW not in answer.text


def test_a_new_token_is_shown_once(client, ada):
    answer = client.post("/account/tokens", data=ACTS["/account/tokens"])
    [secret] = re.findall(r'value="(df_[\w-]{43})"', answer.text)

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert people.caller_for_token(secret, NOW).name == "ada"
    assert secret not in client.get("/account").text
    assert "night" in client.get("/account").text


def test_a_token_for_nothing_is_refused_and_what_was_chosen_stays(client, ada):
    answer = client.post("/account/tokens", data={"name": " ", "scope": "read", "days": "7"})

    assert answer.status_code == 422
    assert re.search(r'<option selected value="read">', answer.text)
    assert not people.tokens_of(ada.id)


def test_ones_own_token_is_revoked(client, ada):
    token, secret = people.issue_token(ada.id, "night", "all", None, "ada", NOW)

    answer = client.post(f"/account/tokens/{token.id}/revocation")

    assert answer.status_code == 303
    assert people.caller_for_token(secret, NOW) is None


def test_somebody_elses_token_is_not_there(client, ada):
    token, secret = people.issue_token(make_person("sam").id, "night", "all", None, "sam", NOW)

    assert client.post(f"/account/tokens/{token.id}/revocation").status_code == 404
    assert people.caller_for_token(secret, NOW)


def test_another_session_of_ones_own_is_ended(client, ada, app):
    other = app.test_client()
    other.sign_in("ada")
    here, there = sorted(row.id for row in people.sessions_of(ada.id, utcnow()))

    assert client.post(f"/account/sessions/{there}/end").status_code == 303
    assert [row.id for row in people.sessions_of(ada.id, utcnow())] == [here]
    assert client.post(f"/account/sessions/{there}/end").status_code == 404


def test_one_signs_out_everywhere_else(client, ada, app):
    for _ in range(3):
        app.test_client().sign_in("ada")

    client.post("/account/sessions/others/end")

    assert len(people.sessions_of(ada.id, utcnow())) == 1
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
            "Safari on iPad",
        ),
        ("curl/8.5.0", "curl"),
        ("", "Unnamed program"),
    ],
)
def test_a_browser_is_named_as_people_name_it(told, name):
    assert browser_named(told) == name
