"""A tile for each cell, in its bay."""

from datetime import timedelta

import pytest

from tests.screens.desk import tree, words
from tests.world import idle_cell, make_cell, make_project, make_running, says
from webapp import cells
from webapp.extensions import db, transaction
from webapp.lib.clock import utcnow
from webapp.screens.crowds import crowd


def bays(page):
    return [heading.text for heading in tree(page) if heading.attrs.get("class") == "bay"]


def test_an_empty_floor_says_so(client):
    assert "No cells yet" in words(client.get("/floor"))


def test_each_cell_lies_in_its_bay(client):
    idle_cell("C02", location="Bay 2")
    idle_cell("C01", location="Bay 1")
    idle_cell("C03")

    assert bays(client.get("/floor")) == ["No bay given", "Bay 1", "Bay 2"]


def test_a_tile_says_what_its_cell_does(client):
    cell = idle_cell("C01")
    project = make_running("ada", name="Housing")
    says(cell, "running")
    idle_cell("C02")
    idle_cell("C03", takes=["operation"])

    page = words(client.get("/floor"))

    assert f"C01 Running mill {project.label} Housing" in page
    assert "Takes the next project that fits" in page
    assert "Takes the next operation" in page


def test_a_tile_whose_cell_fell_silent_says_since_when(client):
    cell = idle_cell("C01")
    since = utcnow() - timedelta(seconds=5)
    with transaction():
        db.session.get_one(cells.Sighting, cell.id).silent_since = since

    told = [piece.attrs["data-seen"] for piece in tree(client.get("/floor")) if "data-seen" in piece.attrs]

    assert told == [since.isoformat()]


def test_idle_with_work_in_it_is_held(client):
    idle_cell("C01")
    make_project()

    assert "C01 Held" in words(client.get("/floor"))


def test_a_cell_that_takes_no_work_says_why(client):
    cell = idle_cell("C01")
    cells.set_mode(cell.id, "closed", "Audit", "sam", utcnow())

    page = words(client.get("/floor"))

    assert "C01 Idle mill · closed" in page
    assert "Audit" in page


def test_what_is_worst_stands_beside(client):
    idle_cell("C01", state="maintenance")
    idle_cell("C02", state="down", detail="Coolant low")

    page = words(client.get("/floor"))

    assert "C02 · mill Down Coolant low" in page
    assert "Also not well" in page


def test_a_cell_never_heard_of_is_told_as_such(client):
    make_cell("C01")

    assert "Never heard" in words(client.get("/floor"))


@pytest.mark.parametrize("path", ["/floor", "/floor/tiles"])
def test_as_a_list(client, path):
    idle_cell("C01")
    project = make_running("ada")

    page = client.get(f"{path}?view=list")

    assert "Cells as a list" in page.text
    assert project.label in words(page)
    assert "view=list" in page.text


def test_one_state_alone_can_be_asked_for(client):
    idle_cell("C01", state="down")

    assert "State: Down" in words(client.get("/floor?state=down"))
    assert "only-" not in client.get('/floor?state="><script>').text


def test_a_retired_cell_is_not_on_it(client):
    cell = idle_cell("C01")
    cells.retire_cell(cell.id, "root", utcnow())

    assert "No cells yet" in words(client.get("/floor"))


def test_nobody_is_sent_to_sign_in_where_boards_are_not_public(client, not_public):
    assert client.get("/floor").location == "/login?next=/floor"


def test_bays_stand_in_the_order_of_their_numbers(client):
    for name, bay in (("C01", "Bay 10"), ("C02", "Bay 2"), ("C03", "Aisle")):
        idle_cell(name, location=bay)

    assert bays(client.get("/floor")) == ["Aisle", "Bay 2", "Bay 10"]


@pytest.mark.parametrize(("count", "drawn"), [(2, "n-12"), (16, "n-12"), (17, "n-24"), (31, "n-48"), (181, "n-more")])
def test_the_more_there_are_the_closer_they_stand(count, drawn):
    assert crowd(count) == drawn
