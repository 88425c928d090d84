import re

import pytest

from tests.world import NOW, PASSWORD, make_person
from webapp import people
from webapp.people.guessing import BOTH

MISMATCH = "The name or the password is wrong"


def cookie_of(client):
    cookie = client.get_cookie("factory")
    return cookie.value if cookie else None


def send(client, username="ada", password=PASSWORD, **more):
    return client.post("/login", data={"username": username, "password": password, **more})


@pytest.fixture(autouse=True)
def ada(app):
    return make_person("ada")


def test_signing_in_leads_home(client):
    answer = send(client)

    assert (answer.status_code, answer.location) == (303, "/projects?mine=1")


@pytest.mark.parametrize(("username", "home"), [("sam", "/board"), ("dee", "/utilization"), ("oli", "/issues")])
def test_each_role_has_its_own_home(client, username, home):
    make_person(username)

    assert send(client, username).location == home
    assert client.get("/").location == home


def test_nobody_is_led_to_the_public_board(client):
    assert client.get("/").location == "/board"


def test_where_boards_are_not_public_nobody_is_led_to_the_form(client, not_public):
    assert client.get("/").location == "/login"


def test_a_mismatch_shows_the_form_again_with_the_name(client):
    answer = send(client, "ada", "wrong")

    assert answer.status_code == 401
    assert MISMATCH in answer.text
    assert 'value="ada"' in answer.text
    assert "wrong</" not in answer.text
    assert "<title>Error: Sign in" in answer.text


def test_guessing_is_answered_with_a_pause(client):
    statuses = [send(client, "ada", "wrong").status_code for _ in range(BOTH.most)]
    answer = send(client)

    assert set(statuses) == {401}
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_a_free_header_is_not_an_address(client):
    for n in range(BOTH.most):
        client.post("/login", data={"username": "ada", "password": "x"}, headers={"X-Forwarded-For": f"10.0.0.{n}"})

    assert send(client).status_code == 429


def test_who_is_signed_in_is_not_asked_again(client):
    client.sign_in("ada")

    assert client.get("/login").location == "/"


def test_the_cookie_is_for_servers_only(client):
    header = send(client).headers["Set-Cookie"]

    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Secure" not in header


def test_over_tls_the_cookie_stays_there(client):
    answer = client.post("/login", data={"username": "ada", "password": PASSWORD}, base_url="https://localhost")

    assert "Secure" in answer.headers["Set-Cookie"]


def test_what_the_cookie_held_before_is_worth_nothing_after(client):
    with client.session_transaction() as session:
        session["proof"] = "planted"
        session["more"] = "planted"
    planted = cookie_of(client)

    send(client)

    assert cookie_of(client) != planted
    with client.session_transaction() as session:
        assert "more" not in session
        assert session["proof"] != "planted"
    assert people.caller_for_session("planted", NOW) is None


def test_signing_out_kills_a_copied_cookie(client, app):
    client.sign_in("ada")
    thief = app.test_client()
    thief.set_cookie("factory", cookie_of(client))
    assert thief.get("/account").status_code == 200

    answer = client.post("/logout")

    assert answer.location == "/login"
    assert client.get("/account").location.startswith("/login")
    assert thief.get("/account").location.startswith("/login")


def test_signing_out_twice_is_harmless(client):
    client.sign_in("ada")

    assert [client.post("/logout").status_code for _ in range(2)] == [303, 303]


def test_signing_out_is_not_done_by_reading(client):
    client.sign_in("ada")

    assert client.get("/logout").status_code == 405
    assert client.get("/account").status_code == 200


def test_who_is_disabled_is_out_at_the_next_page(client, ada):
    client.sign_in("ada")

    people.set_disabled(ada.id, True, "root", NOW)

    assert client.get("/account").location == "/login?next=/account"


def test_a_page_that_needs_an_account_is_found_again_after_signing_in(client):
    asked = client.get("/account")
    form = client.get(asked.location)

    assert 'name="next" type="hidden" value="/account"' in form.text
    assert send(client, next="/account").location == "/account"


def test_a_form_sent_too_late_leads_back_to_where_it_was_typed(client):
    answer = client.post("/account/looks", data={"theme": "dark"}, headers={"Referer": "http://localhost/account?x=1"})

    assert answer.status_code == 401
    assert "what you typed is kept" in answer.text
    assert "<h1>Sign in</h1>" in answer.text
    assert 'value="/account?x=1"' in answer.text
    assert "data-keeps" in answer.text


@pytest.mark.parametrize("referrer", ["http://evil.example/account", "http://[::1", ""])
def test_a_form_sent_too_late_from_elsewhere_leads_home(client, referrer):
    answer = client.post("/account/looks", data={"theme": "dark"}, headers={"Referer": referrer})

    assert re.search(r'name="next" type="hidden" value=""', answer.text)


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client):
    answer = client.get("/account", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/log?project=7"})

    assert (answer.status_code, answer.text) == (401, "")
    assert answer.headers["HX-Redirect"] == "/login?next=/log?project%3D7"


ELSEWHERE = [
    "//evil.example",
    "https://evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "///evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "http://evil.example@127.0.0.1",
    ".evil.example",
    "/..//evil.example",
    "%2f%2fevil.example",
    "/login\r\nX-Injected: 1",
    "/" + "x" * 2000,
    "/\u2028/evil.example",
    "",
]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_after_signing_in_nobody_is_led_away(client, path):
    assert send(client, next=path).location == "/projects?mine=1"


@pytest.mark.parametrize("path", ELSEWHERE)
def test_the_form_does_not_carry_an_address_elsewhere(client, path):
    answer = client.get("/login", query_string={"next": path})

    assert re.search(r'name="next" type="hidden" value=""', answer.text)


@pytest.mark.parametrize("path", ["/", "/login?next=//x", "/account", "/account/", "/no-such-page"])
def test_a_foreign_host_is_not_repeated(client, path):
    answer = client.get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})

    assert "evil.example" not in (answer.location or "") + answer.text


def test_two_slashes_are_no_way_to_have_it_repeated(client):
    answer = client.get("/admin//users", headers={"Host": "evil.example"})

    assert (answer.status_code, answer.location) == (404, None)
