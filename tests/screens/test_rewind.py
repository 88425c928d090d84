"""The floor at a past minute: looked at, stepped through, and handed to the browser an hour at a time."""

from datetime import timedelta

import pytest

from tests.screens.desk import tree, words
from tests.screens.stopped import stopped_cell
from tests.world import make_cell, make_site
from webapp import cells
from webapp.lib.clock import iso, utcnow
from webapp.lib.window import Window
from webapp.screens.filters import minute


@pytest.fixture
def stood(app):
    """A cell with a past."""
    return stopped_cell("C20")


def ago(**length):
    return minute(utcnow() - timedelta(**length))


def rewound(client, at):
    return client.get("/floor/rewind", query_string={"at": at})


def test_without_a_minute_it_leads_to_the_newest_that_is_over(client, stood):
    answer = client.get("/floor/rewind")

    assert answer.status_code == 302
    assert answer.location in (f"/floor/rewind?at={ago(minutes=1)}", f"/floor/rewind?at={ago(minutes=2)}")


def test_a_time_typed_as_the_site_reads_it_leads_to_its_minute(client):
    make_site("North", zone="Europe/Berlin")
    make_cell("C01")

    assert rewound(client, "2026-03-04 10:30").location == "/floor/rewind?at=2026-03-04T09:30Z"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2999-01-01 10:00", "has not come yet"),
        ("1999-01-01 10:00", "before any cell was in service"),
        ("tomorrow", "must be a time such as"),
    ],
)
def test_what_nobody_can_have_seen_is_refused_in_words(client, stood, typed, says):
    page = rewound(client, typed)

    assert page.status_code == 422
    assert says in words(page)
    assert f'value="{typed}"' in page.text


def test_it_can_never_be_taken_for_now(client, stood):
    page = rewound(client, ago(minutes=50))

    assert "Rewind:" in words(page)
    assert "50 min ago" in words(page) or "51 min ago" in words(page)
    assert "Back to now" in words(page)
    assert "data-live-topic" not in page.text
    assert "data-as-of" not in page.text


def test_a_tile_says_what_the_cell_did_then_and_why(client, stood):
    stop = cells.stops(stood.id, Window(utcnow() - timedelta(hours=3), utcnow()), utcnow())[0]

    then = words(rewound(client, minute(stop.interval.start, 1)))

    assert f"C20 {stop.interval.state.capitalize()}" in then


def test_each_step_is_a_link_and_none_leads_ahead(client, stood):
    page = rewound(client, ago(minutes=5))
    steps = {link.attrs["data-by"]: link.attrs.get("href") for link in tree(page) if "data-by" in link.attrs}

    assert steps["-1"] == f"/floor/rewind?at={ago(minutes=6)}"
    assert steps["1"] == f"/floor/rewind?at={ago(minutes=4)}"
    assert steps["10"] is None


def test_an_hour_of_changes_is_what_the_page_says_minute_by_minute(client, stood):
    hour = utcnow().replace(minute=0, second=0, microsecond=0)
    told = client.get("/floor/rewind/changes", query_string={"from": iso(hour - timedelta(hours=1))}).json
    rows = told["cells"][str(stood.id)]

    assert told["to"] - told["from"] == 3600
    assert [row[1] for row in rows[:-1]] == [row[0] for row in rows[1:]]
    for at in range(told["from"], told["to"], 600):
        row = next(row for row in rows if row[0] <= at < row[1])
        page = words(rewound(client, minute(hour + timedelta(seconds=at - hour.timestamp()))))
        assert f"C20 {row[3].capitalize()}" in page


def test_of_an_hour_to_come_nothing_is_told(client, stood):
    told = client.get("/floor/rewind/changes", query_string={"from": iso(utcnow() + timedelta(hours=2))}).json

    assert told["cells"] == {}


def test_a_retired_cell_is_on_the_floor_it_stood_on(client, stood):
    before = ago(minutes=30)
    cells.retire_cell(stood.id, "root", utcnow() - timedelta(minutes=10))

    assert "C20" in words(client.get(f"/floor/rewind?at={before}"))
    assert tile(rewound(client, before), stood).attrs.get("hidden") is None
    assert "hidden" in tile(rewound(client, ago(minutes=5)), stood).attrs


def tile(page, cell):
    return next(link for link in tree(page) if link.attrs.get("data-rewound") == str(cell.id))


def test_an_empty_factory_has_no_past(client):
    assert client.get("/floor/rewind").status_code == 422
