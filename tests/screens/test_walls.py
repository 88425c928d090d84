"""The utilization wall: what is read from five metres, by pages of twelve."""

from datetime import timedelta

import pytest

from tests.screens.desk import tree, words
from tests.world import forget_seconds, make_cell, make_site, says
from webapp import cells, ledger
from webapp.extensions import transaction
from webapp.lib.clock import epoch, utcnow
from webapp.lib.window import Window
from webapp.screens.walls import turns, utilization


def ran(cell, hours, state="running"):
    """It was in this state for the last so many hours."""
    now = epoch(utcnow())
    with transaction():
        ledger.assign(cell.book_id, cell.id, now - hours * 3600, now, ledger.State[state.upper()], ledger.Source.FEED)


def rows(page):
    """Of the page of it that is shown."""
    return [e for e in tree(page) if e.attrs.get("data-cell") and not _is_hidden(e)]


def _is_hidden(element):
    return "hidden" in element.attrs or (element.parent is not None and _is_hidden(element.parent))


def test_an_empty_factory_says_so(client):
    assert "No cells yet" in words(client.get("/wall/utilization"))


def test_its_figure_is_the_pages_own(client):
    ran(make_cell("C01", now=utcnow()), 12)
    make_cell("C02", now=utcnow())
    now = utcnow()

    page = words(client.get("/wall/utilization"))

    [first, *_] = [row.text for row in rows(client.get("/wall/utilization"))]
    own = cells.utilization_report(Window(now - timedelta(hours=23, minutes=now.minute), now), now)
    assert f"{own.figures.utilization:.1f}"[:3] in page.replace(" ", "")
    assert "points under 80 %" in page
    assert "% seen" in page
    assert first.startswith("C01")


def test_a_cell_that_is_down_is_told_in_words_and_its_hours_are_marked(client):
    cell = make_cell("C09", now=utcnow())
    ran(cell, 3, "down")
    says(cell, "down")

    page = client.get("/wall/utilization")

    assert rows(page)[0].attrs["data-state"] == "down"
    assert "C09 down" in words(page)
    assert len([e for e in tree(page) if e.tag == "rect" and e.attrs.get("class") == "dn"]) >= 2


def test_where_only_whole_days_are_known_it_says_what_was_counted(client):
    now = utcnow()
    ran(make_cell("C01", now=now, in_service_from=now - timedelta(days=3)), 30)
    exactly = words(client.get("/wall/utilization"))

    forget_seconds(now.replace(hour=0, minute=0, second=0, microsecond=0))

    by_days = words(client.get("/wall/utilization"))
    assert "UTC" not in exactly
    assert "whole days (UTC): " in by_days
    assert "14 days, UTC" in by_days


def test_twelve_to_a_page_and_a_dot_for_each(client):
    for n in range(1, 26):
        make_cell(f"C{n:02}", now=utcnow())

    third = client.get("/wall/utilization?page=3")

    assert [row.attrs["data-cell"] for row in rows(third)] == ["C25"]
    assert "Page 3 of 3" in words(third)
    assert "All 25 cells" in words(third)


def test_pages_take_turns_by_the_clock(app):
    for n in range(1, 14):
        make_cell(f"C{n:02}", now=utcnow())

    first, second = (utilization.view("", utcnow() + timedelta(seconds=s))["page"] for s in (0, turns.SECONDS))

    assert {first, second} == {1, 2}


def test_a_site_has_a_wall_of_its_own(client):
    hall, other = make_site("Hall 1"), make_site("Hall 2", target=60)
    make_cell("C01", site_id=hall.id, now=utcnow())
    make_cell("C02", site_id=other.id, now=utcnow())

    page = words(client.get(f"/wall/utilization?site={other.id}"))

    assert "Hall 2, last 24 h" in page
    assert "C02" in page
    assert "C01" not in page
    assert "target 60" in page
    assert "All sites, last 24 h" in words(client.get("/wall/utilization"))


@pytest.mark.parametrize(
    ("asked", "accepted"),
    [
        ("page=0", "from 1 to 1"),
        ("page=two", "from 1 to 1"),
        ("page=9", "from 1 to 1"),
        ("site=99999", "must be one of"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(client, asked, accepted):
    make_cell("C01", now=utcnow())

    no = client.get(f"/wall/utilization?{asked}")

    assert no.status_code in (400, 422)
    assert accepted in words(no)


def test_without_news_nothing_is_sent_but_its_age(client):
    make_cell("C01", now=utcnow() - timedelta(days=2))
    asked = next(e for e in tree(client.get("/wall/utilization")) if e.attrs.get("hx-get")).attrs["hx-get"]

    again = client.get(asked)

    assert again.status_code == 204
    assert again.headers["As-Of"]


def test_without_script_it_comes_anew_by_itself(client):
    assert '<noscript><meta http-equiv="refresh" content="20"></noscript>' in client.get("/wall/utilization").text


def test_a_feed_that_is_lost_is_told_by_the_server_itself(client, app):
    make_cell("C01", now=utcnow() - timedelta(days=2))

    banner = next(e for e in tree(client.get("/wall/utilization")) if e.attrs.get("id") == "feed-lost")

    assert "hidden" not in banner.attrs
    assert "Feed lost" in banner.text
