"""The hall plan of a site: numbers in a table, checked and saved at once, and the floor drawn by it."""

import pytest

from tests.screens.desk import complained_of, sits, tree, values, words
from tests.world import NOW, make_cell, make_site
from webapp import cells
from webapp.cells import HallMark, Spot


@pytest.fixture
def hall(client):
    """Two cells, and the administrator at the browser."""
    found = [make_cell("C01", location="Bay 1"), make_cell("C02", location="Bay 2")]
    sits(client, "root")
    return found


def save(client, **changed):
    """The form as it is shown, with these fields typed over."""
    typed = values(client.get("/admin/plan")) | {name.replace("_", "-"): value for name, value in changed.items()}
    return client.post(f"/admin/plan/sites/{site()}", data=typed)


def site():
    return cells.sites()[0].id


def plan():
    return cells.hall_plan(site())


def placed(cell, column, row):
    return {f"column_{cell.id}": column, f"row_{cell.id}": row}


def test_without_cells_it_leads_to_them(client):
    sits(client, "root")

    assert "No site yet" in words(client.get("/admin/plan"))
    make_site()
    assert "No cell at Hall 1" in words(client.get("/admin/plan"))


def test_only_administrators_draw(client, hall):
    sits(client, "sam")

    assert client.get("/admin/plan").status_code == 403


def test_typed_numbers_are_saved(client, hall):
    answer = save(client, **placed(hall[0], "3", "2"), mark_label_0="Milling", mark_column_0="1", mark_row_0="2")

    assert answer.status_code == 303
    assert plan().places == {hall[0].id: Spot(2, 3)}
    assert plan().marks == [HallMark("bay", 2, 1, "Milling")]
    shown = values(client.get("/admin/plan"))
    assert (shown[f"column-{hall[0].id}"], shown[f"row-{hall[0].id}"]) == ("3", "2")
    assert shown["mark-label-0"] == "Milling"


def test_what_is_wrong_is_said_at_its_line_and_nothing_is_lost(client, hall):
    page = save(client, **placed(hall[0], "x", "2"), **placed(hall[1], "4", "4"))

    assert page.status_code == 422
    assert complained_of(page) == [f"place-{hall[0].id}"]
    assert "C01 must have a column and a row" in words(page)
    assert values(page)[f"column-{hall[1].id}"] == "4"
    assert plan().places == {}


def test_two_in_one_place(client, hall):
    page = save(client, **placed(hall[0], "1", "1"), **placed(hall[1], "1", "1"))

    assert "C02 is where C01 stands" in words(page)


def test_who_saves_over_a_newer_plan_sees_what_changed_and_may_insist(client, hall):
    typed = values(client.get("/admin/plan")) | {f"column-{hall[0].id}": "5", f"row-{hall[0].id}": "5"}
    cells.arrange_hall(site(), {hall[1].id: Spot(1, 1)}, [], typed["version"], "ruth", NOW)

    page = client.post(f"/admin/plan/sites/{site()}", data=typed)

    assert page.status_code == 412
    assert "was changed since you opened it" in words(page)
    assert "C02 to column 1, row 1" in words(page)
    assert values(page)[f"column-{hall[0].id}"] == "5"
    assert client.post(f"/admin/plan/sites/{site()}", data=values(page)).status_code == 303
    assert plan().places == {hall[0].id: Spot(5, 5)}


def test_the_bays_are_a_plan_to_begin_with(client, hall):
    shown = values(client.get("/admin/plan?start=bays"))

    assert (shown[f"column-{hall[1].id}"], shown[f"row-{hall[1].id}"]) == ("1", "2")
    assert shown["mark-label-1"] == "Bay 2"
    assert plan().places == {}


def test_each_site_has_its_own(client, hall):
    second = make_site("Hall 2")
    other = make_cell("X01", site_id=second.id)

    page = client.get(f"/admin/plan?site={second.id}")

    assert f"column-{other.id}" in values(page)
    assert f"column-{hall[0].id}" not in values(page)


def test_the_floor_is_drawn_by_it(client, hall):
    marks = [HallMark("bay", 2, 2, "Milling"), HallMark("across", 2, 0, "Main aisle"), HallMark("along", 0, 3, "")]
    cells.arrange_hall(site(), {hall[0].id: Spot(2, 3)}, marks, plan().version, "root", NOW)

    page = client.get("/floor")

    tile = next(link for link in tree(page) if link.attrs.get("id") == f"tile-{hall[0].id}")
    assert tile.parent.attrs["class"] == "spot at-3"
    said = words(page)
    assert said.index("Main aisle") < said.index("Milling") < said.index("C01") < said.index("Not on the plan")
    assert "Not on the plan: Bay 2" in said


def test_the_floor_is_new_when_its_plan_is(client, hall):
    before = client.get("/floor/tiles")
    cells.arrange_hall(site(), {hall[0].id: Spot(1, 1)}, [], plan().version, "root", NOW)

    assert "hall of-1" in client.get("/floor/tiles").text
    assert "hall of-1" not in before.text
