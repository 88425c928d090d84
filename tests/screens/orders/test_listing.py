"""The list of orders: late ones first, filters and sorting in the address, pages, and the counts above it."""

import re
from datetime import timedelta

import pytest

from tests.screens.desk import sits, tree, words
from tests.screens.orders.paper import HOUR, make_machine, make_order, placed, soon
from tests.world import person
from webapp import orders
from webapp.lib.clock import utcnow

DAY = timedelta(days=1)


@pytest.fixture
def shop(app):
    """One late, one that will be, one in time, one done with."""
    cell = make_machine("C01")
    make_order("OK-1", placed("Saw", cell), due_at=soon(48))
    make_order("SOON-1", placed("Mill", cell, 2), due_at=soon(2.5), product="Gear 100%")
    make_order("LATE-1", "Bend", due_at=utcnow() - 2 * HOUR)
    make_order("OFF-1", "Cut", due_at=utcnow() - DAY)
    orders.cancel_order("OFF-1", person("pat"), utcnow())


def rows(client, **asked):
    answer = client.get("/orders", query_string=asked)
    assert answer.status_code == 200
    return refs(answer)


def refs(page):
    return re.findall(r'<a class="pid" href="/orders/([^"]+)">', page.get_data(as_text=True))


def test_late_ones_come_first_and_say_by_how_much(client, shop):
    page = client.get("/orders")

    assert refs(page) == ["LATE-1", "SOON-1", "OK-1", "OFF-1"]
    assert "2 h 00 late" in words(page)
    assert "will be 30 min late" in words(page)
    assert "in time" in words(page)


def test_nobody_may_look_while_boards_are_public(client, shop):
    assert len(rows(client)) == 4


def test_nobody_is_sent_to_sign_in_where_they_are_not(client, not_public):
    assert client.get("/orders").location == "/login?next=/orders"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"status": "open"}, 3),
        ({"status": "cancelled"}, 1),
        ({"status": "done"}, 0),
        ({"late": "1"}, 2),
        ({"q": "gear"}, 1),
        ({"q": "-1"}, 4),
        ({"q": "100%"}, 1),
        ({"q": "%_"}, 0),
        ({"from": "2020-01-01", "to": "2021-01-01"}, 0),
        ({"from": "2020-01-01"}, 4),
        ({"late": "1", "q": "late", "status": "planned"}, 1),
    ],
)
def test_filters_in_the_address(client, shop, asked, found):
    assert len(rows(client, **asked)) == found


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"from": "yesterday"}, "must be a time"),
        ({"to": "2026-02-30"}, "must be a time"),
        ({"status": "gone"}, "Status must be one of open, planned"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_form_stays(client, shop, asked, says):
    page = client.get("/orders", query_string={**asked, "q": "late"})

    assert page.status_code == 400
    assert says in words(page)
    assert refs(page) == ["LATE-1"]


def heads(page):
    """{what its head says: (where it leads, how it is sorted)}"""
    return {
        e.text: (next(a.attrs["href"] for a in e if a.tag == "a"), e.attrs.get("aria-sort"))
        for e in tree(page)
        if e.tag == "th" and any(child.tag == "a" for child in e)
    }


def test_a_head_sorts_and_pressed_again_turns_round(client, shop):
    where, how = heads(client.get("/orders?status=open"))["Order"]
    up = client.get(where)
    down = client.get(heads(up)["Order"][0])

    assert how is None
    assert "status=open" in where
    assert (refs(up), heads(up)["Order"][1]) == (["LATE-1", "OK-1", "SOON-1"], "ascending")
    assert (refs(down), heads(down)["Order"][1]) == (["SOON-1", "OK-1", "LATE-1"], "descending")


def test_pages_follow_each_other_and_keep_what_was_asked(client, shop, monkeypatch):
    monkeypatch.setattr("webapp.screens.orders.listing.PAGE", 2)

    page = client.get("/orders?q=-1&sort=ref&_external=1")
    following = next(e.attrs["href"] for e in tree(page) if e.tag == "a" and e.attrs.get("rel") == "next")
    after = client.get(following)

    assert (refs(page), refs(after)) == (["LATE-1", "OFF-1"], ["OK-1", "SOON-1"])
    assert "1–2 of 4" in words(page)
    assert "Page 2 of 2" in words(after)
    assert "q=-1" in following


@pytest.mark.parametrize("page", ["x", "-1", "0", "9" * 30, "٣", "1.5"])
def test_a_page_that_is_none_is_the_first(client, shop, page):
    assert len(rows(client, page=page)) == 4


def test_beyond_the_last_page_it_says_so(client, shop):
    assert "This page is empty" in words(client.get("/orders?page=7"))


def test_a_list_without_a_match_says_how_to_go_on(client, shop):
    assert "Clear filters" in words(client.get("/orders?q=nothing"))


def test_none_late_is_good_news(client):
    make_order("OK-1", "Saw")

    assert "No order is late" in words(client.get("/orders?late=1"))


def test_an_empty_list_invites_who_may_add(client):
    assert "when a planner adds one" in words(client.get("/orders"))
    sits(client, "pat")
    assert "paste rows from a spreadsheet" in words(client.get("/orders"))


def counted(page):
    """{what is counted: how many}"""
    [part] = [e for e in tree(page) if e.attrs.get("id") == "orders-part"]
    links = [[child.text for child in e if child.tag == "span"] for e in part if e.tag == "a"]
    return {label: int(number) for number, label in links}


def test_the_counts_agree_with_the_list(client, shop):
    orders.hold_order("OK-1", "No steel", person("pat"), utcnow())

    assert counted(client.get("/orders")) == {
        "Late now": 1,
        "Will be late": 1,
        "On hold": 1,
        "Running": 0,
        "Planned": 2,
        "Open with steps not placed": 1,
    }


def test_the_rows_alone_are_those_of_the_page(client, shop):
    part = client.get("/orders/list?status=open&sort=ref")

    assert refs(part) == refs(client.get("/orders?status=open&sort=ref"))
    assert part.text.strip() in client.get("/orders?status=open&sort=ref").text
