from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from tests.world import NOW, PASSWORD, make_person
from webapp import people

HERE = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def with_csrf(app, monkeypatch):
    """As outside tests: an unsafe request with the cookie must prove that one of our own pages sent it."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


@pytest.fixture
def ada(app):
    return make_person("ada")


@pytest.fixture
def token(ada):
    return people.issue_token(ada.id, "script", "all", None, "ada", NOW)[1]


def proof(client, path="/login"):
    return client.get(path).text.split('name="csrf_token" value="')[1].split('"')[0]


def sign_in(client):
    given = {"username": "ada", "password": PASSWORD, "csrf_token": proof(client)}
    assert client.post("/login", data=given).status_code == 303
    return proof(client, "/account")


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


def test_a_token_opens_pages_as_well(client, token):
    assert client.get("/account", headers=bearer(token)).status_code == 200
    assert client.get("/account", headers={"Authorization": f"bearer {token}"}).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic YWRhOmFkYQ==", "Bearer \xe9\xff"]
)
def test_a_bad_header_is_never_made_good_by_the_cookie(client, ada, header):
    client.sign_in("ada")

    assert client.get("/board", headers={"Authorization": header}).location.startswith("/login")
    assert client.post("/account/looks", headers={"Authorization": header}).status_code == 401


def test_a_token_in_an_address_is_nothing(client, token):
    assert client.get(f"/account?token={token}&access_token={token}").status_code == 302


def test_being_seen_is_written_down(client, ada):
    client.sign_in("ada")
    client.get("/account")

    assert people.one_user(ada.id).seen_at > NOW


def test_where_nothing_can_be_written_reading_goes_on(client, token, app, monkeypatch):
    tried = []

    def fail(*_):
        tried.append(1)
        raise OperationalError("database is locked", {}, Exception())

    monkeypatch.setattr(people, "note_seen", fail)
    answers = [client.get("/account", headers=bearer(token)).status_code for _ in range(3)]
    app.extensions.pop("seen_again")

    assert (answers, len(tried)) == ([200, 200, 200], 1)


@pytest.mark.usefixtures("with_csrf")
def test_a_form_of_our_own_is_taken(client, ada):
    given = {"theme": "dark", "density": "normal", "csrf_token": sign_in(client)}

    assert client.post("/account/looks", data=given, headers=HERE).status_code == 303


@pytest.mark.usefixtures("with_csrf")
def test_the_proof_may_come_in_a_header(client, ada):
    headers = {"X-CSRF-Token": sign_in(client), **HERE}

    assert (
        client.post("/account/looks", data={"theme": "dark", "density": "normal"}, headers=headers).status_code == 303
    )


@pytest.mark.usefixtures("with_csrf")
@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://sub.localhost", "Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": "http://[::1"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_sites_request_is_refused_even_with_the_proof(client, ada, headers):
    given = {"theme": "dark", "density": "normal", "csrf_token": sign_in(client)}

    assert client.post("/account/looks", data=given, headers=headers).status_code == 403
    assert people.one_user(ada.id).theme == "auto"


@pytest.mark.usefixtures("with_csrf")
@pytest.mark.parametrize("given", [{}, {"csrf_token": "0" * 40}])
def test_without_the_proof_nothing_happens(client, ada, given):
    sign_in(client)

    answer = client.post("/account/looks", data={"theme": "dark", "density": "normal", **given})

    assert answer.status_code == 403
    assert people.one_user(ada.id).theme == "auto"


@pytest.mark.usefixtures("with_csrf")
def test_a_form_from_before_signing_in_again_says_so(client, ada):
    old = sign_in(client)
    client.post("/logout", data={"csrf_token": old})
    sign_in(client)

    answer = client.post("/account/looks", data={"theme": "dark", "csrf_token": old})

    assert answer.status_code == 403
    assert "older than your sign-in" in answer.text


@pytest.mark.usefixtures("with_csrf")
def test_the_sign_in_page_itself_wants_its_proof_and_keeps_the_name(client, ada):
    answer = client.post("/login", data={"username": "ada", "password": PASSWORD})

    assert answer.status_code == 403
    assert 'value="ada"' in answer.text
    assert "<h1>Sign in</h1>" in answer.text


@pytest.mark.usefixtures("with_csrf")
def test_a_form_of_a_session_that_ended_leads_to_signing_in(client, ada):
    given = {"theme": "dark", "csrf_token": sign_in(client)}
    people.set_disabled(ada.id, True, "root", NOW)

    answer = client.post("/account/looks", data=given, headers={"Referer": "http://localhost/account"})

    assert answer.status_code == 401
    assert "what you typed is kept" in answer.text


@pytest.mark.usefixtures("with_csrf")
def test_a_program_with_a_token_needs_no_proof(client, token):
    answer = client.post("/account/looks", data={"theme": "dark", "density": "normal"}, headers=bearer(token))

    assert answer.status_code == 303


@pytest.mark.usefixtures("with_csrf")
def test_an_address_that_does_not_exist_is_not_found_rather_than_refused(client, ada):
    sign_in(client)

    assert client.post("/no-such-page").status_code == 404
    assert client.post("/board").status_code == 405


@pytest.mark.usefixtures("with_csrf")
def test_behind_tls_a_program_without_a_referer_is_heard(client, ada):
    base = {"base_url": "https://localhost"}
    page = client.get("/login", **base).text
    csrf = page.split('name="csrf_token" value="')[1].split('"')[0]

    answer = client.post("/login", data={"username": "ada", "password": PASSWORD, "csrf_token": csrf}, **base)

    assert answer.status_code == 303


def test_an_origin_that_is_allowed_may_send_to_the_api_alone(client, token, app, monkeypatch):
    allowed = replace(app.extensions["factory"], cors_origins=("https://tool.example",))
    monkeypatch.setitem(app.extensions, "factory", allowed)
    headers = {"Origin": "https://tool.example", "Sec-Fetch-Site": "cross-site"}

    assert client.post("/api/no-such-thing", headers=headers).status_code == 404
    assert client.post("/account/looks", headers=headers).status_code == 403
