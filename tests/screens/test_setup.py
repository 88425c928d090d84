import pytest

from tests.world import NOW, PASSWORD, make_person
from webapp import people


def send(client, code, **given):
    details = {"username": "root", "password": PASSWORD, "first_name": "Ruth", "last_name": "Oduya"}
    return client.post("/setup", data={"code": code, **details, **given})


@pytest.mark.parametrize("path", ["/", "/login"])
def test_an_empty_factory_leads_to_its_set_up(client, path):
    assert client.get(path, follow_redirects=True).request.path == "/setup"


def test_with_the_code_one_is_the_administrator_and_signed_in(client):
    code = people.setup_code(NOW)

    answer = send(client, code)

    assert (answer.status_code, answer.location) == (303, "/")
    assert people.has_admin()
    assert client.get("/account").status_code == 200


def test_without_it_nothing_is_made_and_what_was_typed_stays(client):
    people.setup_code(NOW)

    answer = send(client, "AAAA-AAAA-AAAA")

    assert answer.status_code == 422
    assert "is not the one the terminal shows" in answer.text
    assert 'value="Oduya"' in answer.text
    assert PASSWORD not in answer.text
    assert not people.users()


def test_a_weak_password_is_told_at_its_field(client):
    answer = send(client, people.setup_code(NOW), password="password1")

    assert answer.status_code == 422
    assert 'id="password-e"' in answer.text


def test_once_there_is_an_administrator_there_is_no_such_page(client):
    code = people.setup_code(NOW)
    send(client, code)

    assert client.get("/setup").status_code == 404
    assert send(client, code, username="second").status_code == 404
    assert [user.username for user in people.users()] == ["root"]


def test_people_without_an_administrator_sign_in_as_ever(client):
    make_person("ada")

    assert client.get("/login").status_code == 200
    assert client.get("/setup").status_code == 200
