"""Adding, changing and retiring cells and sites."""

from datetime import timedelta

import pytest

from tests.world import NOW, make_cell, make_site
from webapp import cells, journal
from webapp.cells import CellDetails, FeedDetails
from webapp.config import networks
from webapp.extensions import transaction
from webapp.lib.refusal import Invalid, NotFound, WrongState

HALL = networks("127.0.0.0/8:7000")


def test_a_cell_is_added_with_its_feed_and_its_history_begins(app):
    site = make_site()
    details = CellDetails(
        "C01", "5-axis mill", site.id, "Bay 3", ["steel"], {"travel": "500 mm"}, address="http://127.0.0.1:7000"
    )

    cell = cells.add_cell(details, by="root", now=NOW, networks=HALL)

    assert (cell.name, cell.kind, cell.location, cell.site.name) == ("C01", "5-axis mill", "Bay 3", "Hall 1")
    assert (cell.tags, cell.specs, cell.takes) == (["steel"], {"travel": "500 mm"}, ["project", "operation"])
    assert cell.mode == "open"
    assert [(feed.kind, feed.address, feed.rank) for feed in cell.feeds] == [("http", "http://127.0.0.1:7000", 1)]
    assert cell.in_service_from == NOW
    assert [entry.verb for entry in journal.recent(f"cell:{cell.id}")] == ["added cell"]


def test_everything_wrong_is_said_at_its_field(app):
    make_site()
    details = CellDetails(
        name="x" * 21,
        kind=" ",
        tags=["a" * 41],
        specs={"a": [1]},
        takes=["tea"],
        driver="http",
        address="http://10.0.0.1",
    )

    with pytest.raises(Invalid) as no:
        cells.add_cell(details, by="root", now=NOW, networks=HALL)

    assert sorted(no.value.details["fields"]) == ["address", "kind", "name", "specs", "tags", "takes"]
    assert cells.all_cells() == []


@pytest.mark.parametrize("name", ["", " C01", "C01 ", "a:b", "a/b", "a\x00", "<b>"])
def test_a_name_is_short_and_plain(app, name):
    with pytest.raises(Invalid) as no:
        make_cell(name)

    assert "name" in no.value.details["fields"]


@pytest.mark.parametrize("heartbeat", [0, 3601, True, 1.5])
def test_a_heartbeat_is_a_second_to_an_hour(app, heartbeat):
    with pytest.raises(Invalid) as no:
        make_cell(heartbeat=heartbeat)

    assert list(no.value.details["fields"]) == ["heartbeat"]


@pytest.mark.parametrize("specs", [{"a": float("nan")}, {"a": "x" * 4001}, {"a": "\x00"}, {"a": "\ud800"}, {"a": {}}])
def test_specs_are_what_both_databases_can_keep(app, specs):
    with pytest.raises(Invalid) as no:
        make_cell(specs=specs)

    assert list(no.value.details["fields"]) == ["specs"]


def test_a_site_that_is_not_there_is_refused(app):
    make_site()

    with pytest.raises(Invalid) as no:
        make_cell(site_id=4711)

    assert list(no.value.details["fields"]) == ["site_id"]


def test_a_name_is_taken_once(app):
    make_cell("C01")
    other = make_cell("C02")

    for again in (lambda: make_cell("C01"), lambda: change(other, name="C01")):
        with pytest.raises(Invalid) as no:
            again()
        assert (no.value.status, no.value.details["fields"]) == (409, {"name": ["is taken"]})

    assert [cell.name for cell in cells.all_cells()] == ["C01", "C02"]


def change(cell, **given):
    details = CellDetails(**{"name": cell.name, "kind": cell.kind, "driver": "push", **given})
    return cells.change_cell(cell.id, details, by="root", now=NOW, networks=HALL)


def test_a_change_says_what_was_before(app):
    cell = make_cell("C01")
    feed = cell.feeds[0].id

    change(cell, name="M7", driver="http", address="http://127.0.0.1:7000")

    assert (cell.name, cell.feeds[0].kind, cell.feeds[0].id) == ("M7", "http", feed)
    entry = journal.recent(f"cell:{cell.id}")[0]
    assert (entry.verb, entry.details["before"]["name"], entry.details["after"]["name"]) == (
        "changed cell",
        "C01",
        "M7",
    )
    assert "kind" not in entry.details["before"]


def test_further_feeds_stay_unless_they_are_named(app):
    cell = make_cell(more_feeds=[FeedDetails("push", heartbeat=5), FeedDetails("push", heartbeat=7)])

    change(cell, heartbeat=30)
    assert [(feed.rank, feed.heartbeat) for feed in cell.feeds] == [(1, 30), (2, 5), (3, 7)]

    change(cell, more_feeds=[FeedDetails("push", heartbeat=9)])
    assert [(feed.rank, feed.heartbeat) for feed in cell.feeds] == [(1, 60), (2, 9)]


def test_a_mode_is_set_with_its_reason(app):
    cell = make_cell()

    cells.set_mode(cell.id, "closed", "door switch", "sam", NOW)

    assert (cell.mode, cell.mode_why) == ("closed", "door switch")
    assert journal.recent(f"cell:{cell.id}")[0].details == {"before": "open", "after": "closed", "why": "door switch"}


def test_an_unknown_mode_is_refused(app):
    with pytest.raises(Invalid):
        cells.set_mode(make_cell().id, "asleep", "", "sam", NOW)


def test_a_retired_cell_keeps_its_history_and_its_name(app):
    cell = make_cell()

    cells.retire_cell(cell.id, "root", NOW)

    assert cells.all_cells() == []
    assert cells.all_cells(retired=True) == [cell]
    assert cell.in_service_to == NOW


def test_a_cell_in_use_is_not_retired(app):
    cell = make_cell()
    with transaction():
        cells.claim(cell, "project:7", NOW)

    with pytest.raises(WrongState, match="project 7"):
        cells.retire_cell(cell.id, "root", NOW)

    assert cell.in_service_to is None


def test_a_cell_is_retired_once(app):
    cell = make_cell()
    cells.retire_cell(cell.id, "root", NOW)

    for act in (
        lambda: cells.retire_cell(cell.id, "root", NOW),
        lambda: cells.set_mode(cell.id, "open", "", "sam", NOW),
    ):
        with pytest.raises(WrongState):
            act()


@pytest.mark.parametrize("number", [0, -1, 4711, 2**70])
def test_a_cell_that_is_not_there(app, number):
    with pytest.raises(NotFound):
        cells.one(number)


def test_a_cell_can_be_put_in_service_later(app):
    cell = make_cell(in_service_from=NOW + timedelta(days=1))

    assert cell.in_service_from == NOW + timedelta(days=1)


def test_a_site_is_kept_with_its_zone(app):
    site = make_site("Halle 1", "Europe/Berlin", 75)

    cells.change_site(site.id, "Halle 2", "Europe/Paris", 80, by="root", now=NOW)

    assert (site.name, site.zone, site.target) == ("Halle 2", "Europe/Paris", 80)
    assert [entry.verb for entry in journal.recent(f"site:{site.id}")] == ["changed site", "added site"]


@pytest.mark.parametrize(
    ("name", "zone", "target", "field"),
    [
        ("", "UTC", 80, "name"),
        ("A", "Mars/Olympus", 80, "zone"),
        ("A", "../etc", 80, "zone"),
        ("A", "UTC", 0, "target"),
    ],
)
def test_a_site_says_what_is_wrong(app, name, zone, target, field):
    with pytest.raises(Invalid) as no:
        make_site(name, zone, target)

    assert list(no.value.details["fields"]) == [field]


def test_a_site_is_named_once(app):
    make_site("Hall 1")

    with pytest.raises(Invalid) as no:
        make_site("Hall 1")

    assert no.value.status == 409


def test_a_cells_book_is_chosen_by_its_site_for_life(app):
    north, south = make_site("North"), make_site("South")
    cell, other = make_cell("N1", site_id=north.id), make_cell("S1", site_id=south.id)
    book = cell.book_id

    moved = CellDetails("N1", "mill", south.id, driver="push")
    cells.change_cell(cell.id, moved, "root", NOW)

    assert other.book_id != book
    assert cells.one(cell.id).book_id == book
    assert cells.one(cell.id).site_id == south.id
