"""Beside the form: what would happen now."""

import pytest

from tests.screens.desk import TYPED, sits, words
from tests.world import idle_cell, make_project


@pytest.fixture(autouse=True)
def ada(client):
    sits(client, "ada")


def foreseen(client, **typed):
    return client.get("/projects/outlook", query_string={**TYPED, **typed})


def test_it_names_the_cell(client):
    idle_cell("C01")

    answer = foreseen(client)

    assert "Goes to C01 at once" in words(answer)
    assert "<html" not in answer.text


def test_it_names_the_place_in_the_queue_and_why(client):
    make_project("eizumoto")

    answer = foreseen(client)

    assert "Joins the queue at position 2" in words(answer)
    assert "There is no cell yet." in words(answer)


def test_it_heeds_what_is_asked_for(client):
    idle_cell("C01", kind="mill")

    assert "No cell fits: it asks for" in words(foreseen(client, cell_kind="laser"))


@pytest.mark.parametrize(
    "typed",
    [
        {"expected_minutes": "1."},
        {"requested_cell_id": "C01"},
        {"priority": "x"},
        {"expected_minutes": "9" * 30},
    ],
)
def test_while_a_number_is_half_typed_it_waits(client, typed):
    answer = foreseen(client, **typed)

    assert answer.status_code == 200
    assert "as soon as the numbers" in words(answer)


@pytest.mark.parametrize("typed", [{}, {"priority": "12"}, {"tags": ",,"}, {"requested_cell_id": "77"}])
def test_half_a_form_is_no_mistake(client, typed):
    assert client.get("/projects/outlook", query_string=typed).status_code == 200


def test_the_open_form_shows_the_same(client):
    idle_cell("C01")

    assert "Goes to C01 at once" in words(client.get("/projects/new"))
