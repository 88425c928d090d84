"""A new project from an earlier one."""

import pytest

from tests.screens.desk import complained_of, sits, values, words
from tests.world import NOW, make_project
from webapp import projects


@pytest.fixture(autouse=True)
def ada(client):
    sits(client, "ada")


def again(client, project):
    return client.get(f"/projects/new?from={project.id}")


def test_every_field_comes_back(client):
    asked = {"name": "Housing", "tags": ["a", "b"], "priority": 7, "expected_minutes": 90, "parameters": {"x2": "wet"}}
    earlier = make_project(**asked)

    page = again(client, earlier)

    kept = values(page)
    assert (kept["cad_model"], kept["config"]) == (earlier.cad_model, earlier.config)
    assert (kept["name"], kept["tags"], kept["priority"], kept["expected_minutes"]) == ("Housing", "a, b", "7", "90")
    assert kept["x2"] == "wet"
    assert f"Same again as {earlier.label}" in words(page)


def test_a_parameter_hidden_since_comes_along(client):
    earlier = make_project(parameters={"x3": "0.4"})
    projects.set_parameter(3, in_use=False, by="root", now=NOW)

    page = again(client, earlier)
    sent = client.post(f"/projects?from={earlier.id}", data=values(page))

    assert values(page)["x3"] == "0.4"
    assert projects.one(int(sent.location.rpartition("/")[2])).x3 == "0.4"
    assert "x3" not in values(client.get("/projects/new"))


def test_and_stays_when_the_form_is_refused(client):
    earlier = make_project(parameters={"x3": "0.4"})
    projects.set_parameter(3, in_use=False, by="root", now=NOW)

    answer = client.post(f"/projects?from={earlier.id}", data={**values(again(client, earlier)), "config": ""})

    assert complained_of(answer) == ["config"]
    assert values(answer)["x3"] == "0.4"
    assert f"from={earlier.id}" in answer.text


def test_a_value_no_longer_allowed_is_shown_and_told(client):
    earlier = make_project(parameters={"x1": "mist"})
    projects.set_parameter(1, label="Coolant", allowed=["wet", "dry"], by="root", now=NOW)

    page = again(client, earlier)
    answer = client.post(f"/projects?from={earlier.id}", data=values(page))

    assert values(page)["x1"] == "mist"
    assert complained_of(answer) == ["x1"]
    assert values(answer)["x1"] == "mist"


def test_somebody_elses_can_be_copied(client):
    earlier = make_project("eizumoto", name="Theirs")

    assert values(again(client, earlier))["name"] == "Theirs"


def test_what_is_missing_is_not_found(client):
    assert client.get("/projects/new?from=77").status_code == 404


@pytest.mark.parametrize("number", ["", "x", "-1", "٣", "9" * 30])
def test_what_is_no_number_is_an_empty_form(client, number):
    page = client.get("/projects/new", query_string={"from": number})

    assert page.status_code == 200
    assert values(page)["cad_model"] == ""


def test_earlier_projects_of_ones_own_are_offered(client):
    mine, theirs = make_project("ada"), make_project("eizumoto")

    page = words(client.get("/projects/new"))

    assert mine.label in page
    assert theirs.label not in page
