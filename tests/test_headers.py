import pytest

from tests.world import make_person
from webapp.lib.headers import HEADERS


@pytest.mark.parametrize("path", ["/login", "/setup", "/no-such-page", "/account", "/static/no-such-file.css"])
def test_every_answer_carries_them(client, path):
    answer = client.get(path)

    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_a_file_carries_them_and_may_be_kept(client, app):
    with app.test_request_context():
        address = app.url_for("static", filename="css/tokens.css")

    answer = client.get(address)

    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_a_fault_carries_them(client, app, monkeypatch):
    def fail():
        raise RuntimeError("a bug")

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setitem(app.view_functions, "session.sign_in", fail)
    answer = client.get("/login")

    assert answer.status_code == 500
    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_no_cache_between_us_keeps_a_page(client):
    make_person("ada")
    client.sign_in("ada")

    for path in ("/account", "/no-such-page", "/login"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Cookie" in answer.headers["Vary"]


def test_only_over_tls_it_is_promised_to_stay_there(client):
    assert "Strict-Transport-Security" not in client.get("/login").headers
    promised = client.get("/login", base_url="https://localhost").headers["Strict-Transport-Security"]
    assert promised == "max-age=31536000"


def test_no_answer_says_what_made_it(client):
    assert "Server" not in client.get("/login").headers
