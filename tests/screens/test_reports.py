"""Reports: a time, a kind and a site, one press each."""

import pytest

from tests.screens.desk import tree, words
from tests.screens.sheet import sheet_rows
from tests.world import make_cell, make_site, person
from webapp.lib.clock import utcnow

FILES = (".csv", ".json", ".xlsx")


def links(page):
    return [link.attrs["href"] for link in tree(page) if link.tag == "a" and "/utilization" in link.attrs["href"]]


def test_each_report_opens_and_comes_as_a_file(client):
    make_cell("C01", now=utcnow())

    page = client.get("/reports")

    assert {"Utilization", "Losses", "Coverage", "Restated figures"} <= {h.text for h in tree(page) if h.tag == "h2"}
    for label in ("Yesterday", "Last 7 days", "Last month", "This month so far", "Last quarter"):
        assert label in words(page)
    files = [href for href in links(page) if any(kind in href for kind in FILES)]
    assert len(files) == 4 * 5 * 3
    assert {client.get(href).status_code for href in links(page)} == {200}


def test_a_report_of_one_site(client):
    make_cell("C01", now=utcnow(), site_id=make_site("Hall A").id)
    make_cell("C02", now=utcnow(), site_id=(far := make_site("Hall B")).id)

    page = client.get(f"/reports?site={far.id}")
    [sheet] = [href for href in links(page) if href.startswith("/utilization.xlsx")][1:2]

    assert [row[0] for row in sheet_rows(client.get(sheet))] == ["cell", "C02"]


def test_a_site_that_is_none(client):
    make_site("Hall A")

    page = client.get("/reports?site=99")

    assert page.status_code == 400
    assert "Site must be one of" in words(page)


def test_printing_is_one_press_too(client):
    make_cell("C01", now=utcnow())

    [printed, *_] = [href for href in links(client.get("/reports")) if "print=1" in href]

    assert [b for b in tree(client.get(printed)) if "data-print-now" in b.attrs]


@pytest.mark.parametrize("name", ["dee", "pat"])
def test_heads_and_planners_have_it_in_their_menu(client, name):
    person(name)
    client.sign_in(name)

    assert "/reports" in [link.attrs.get("href") for link in tree(client.get("/reports")) if link.tag == "a"]


def test_it_is_open_to_all_unless_boards_are_not_public(client, not_public):
    assert client.get("/reports").location.startswith("/login")
