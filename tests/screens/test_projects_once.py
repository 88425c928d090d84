"""The form's hidden key: pressed twice, done once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.screens.desk import TYPED, complained_of, sits, values, words
from webapp import projects
from webapp.extensions import db


@pytest.fixture
def ada(client):
    sits(client, "ada")


def count() -> int:
    db.session.rollback()
    return projects.count(projects.Filters())


def filled(client, **typed):
    """The open form, with these values typed into it."""
    return {**values(client.get("/projects/new")), **TYPED, **typed}


def test_two_clicks_are_one_project_and_lead_to_the_same_page(client, ada):
    form = filled(client)

    first, second = client.post("/projects", data=form), client.post("/projects", data=form)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert count() == 1


def test_two_clicks_at_the_same_moment_too(client, ada, app):
    form, cookie = filled(client), client.get_cookie("factory")

    def click(_):
        other = app.test_client()
        other.set_cookie("factory", cookie.value)
        with app.app_context():
            return other.post("/projects", data=form).location

    with ThreadPoolExecutor(4) as presses:
        pages = set(presses.map(click, range(4)))

    assert len(pages) == 1
    assert count() == 1


def test_the_same_words_in_a_new_form_are_a_new_project(client, ada):
    client.post("/projects", data=filled(client))
    client.post("/projects", data=filled(client))

    assert count() == 2


def test_other_words_under_a_used_key_are_asked_about_first(client, ada):
    form = filled(client)
    client.post("/projects", data=form)

    answer = client.post("/projects", data={**form, "x1": "0.3"})

    assert answer.status_code == 422
    assert "This form was sent before" in words(answer)
    assert values(answer)["x1"] == "0.3"
    assert count() == 1


def test_and_sent_again_they_count(client, ada):
    form = filled(client)
    client.post("/projects", data=form)

    answer = client.post("/projects", data=values(client.post("/projects", data={**form, "x1": "0.3"})))

    assert answer.status_code == 303
    assert count() == 2


def test_a_form_that_was_refused_may_be_mended_and_sent(client, ada):
    refused = client.post("/projects", data=filled(client, cad_model=""))

    answer = client.post("/projects", data={**values(refused), **TYPED})

    assert complained_of(refused) == ["cad_model"]
    assert answer.status_code == 303
    assert count() == 1


def test_somebody_elses_key_is_another_key(client, ada):
    form = filled(client)
    client.post("/projects", data=form)
    sits(client, "eizumoto")

    client.post("/projects", data=form)

    assert count() == 2


@pytest.mark.parametrize("key", ["", "x" * 5000, "ü"])
def test_any_key_will_do(client, ada, key):
    assert client.post("/projects", data={**TYPED, "key": key}).status_code == 303
