"""Correcting what a machine said, and taking it back."""

from datetime import timedelta

import pytest

from tests.screens.desk import complained_of, sits, tree, values, words
from tests.screens.stopped import stop, stopped_cell
from tests.world import make_cell, make_site
from webapp import cells
from webapp.lib.clock import iso, utcnow
from webapp.lib.window import last
from webapp.screens.times import shown_time, site_zone


@pytest.fixture
def cell(app):
    return stopped_cell()


def ago(minutes):
    return shown_time(utcnow() - timedelta(minutes=minutes), site_zone())


def correct(client, cell, **sent):
    typed = {"start": ago(50), "end": ago(40), "state": "running", "why": "It ran, the cable was loose", **sent}
    return client.post(f"/cells/{cell.id}/corrections", data=typed)


def states(cell):
    found = cells.timeline(cell.id, last(utcnow(), hours=1), utcnow())
    return [interval.state for interval in found]


@pytest.mark.parametrize("username", ["sam", "root"])
def test_a_supervisor_knows_better(client, cell, username):
    sits(client, username)

    answer = correct(client, cell)

    assert answer.status_code == 303
    assert "running" in states(cell)
    assert ": running." in words(client.get(answer.location))
    listed = words(client.get(f"/cells/{cell.id}/corrections"))
    assert "It ran, the cable was loose" in listed
    assert username in listed


def test_the_toast_takes_it_back(client, cell):
    sits(client, "sam")
    page = client.get(correct(client, cell).location)
    [toast] = [one for one in tree(page) if "data-toast" in one.attrs]
    undo = next(form.attrs["action"] for form in toast if form.tag == "form")

    answer = client.post(undo)

    assert answer.status_code == 303
    assert "running" not in states(cell)
    assert "taken back by sam" in words(client.get(answer.location))
    assert client.post(undo).status_code == 409


def test_a_row_brings_its_time(client, cell):
    sits(client, "sam")
    found = stop(cell).interval

    query = {"start": iso(found.start), "end": iso(found.end)}
    form = values(client.get(f"/cells/{cell.id}/corrections/new", query_string=query))

    assert form["start"] == shown_time(found.start, site_zone())
    assert form["end"] == shown_time(found.end, site_zone())


@pytest.fixture
def berlin(client):
    """A cell at a site whose clock is not UTC's, in service for years."""
    make_site(zone="Europe/Berlin")
    cell = make_cell("C02", now=utcnow(), in_service_from=utcnow() - timedelta(days=1000))
    sits(client, "sam")
    return cell


def corrected(cell):
    return [(iso(change.start), iso(change.end)) for change in cells.corrections([cell.id])]


@pytest.mark.parametrize(
    "typed",
    [
        {"start": "2026-03-04 10:00:00", "end": "2026-03-04 11:00"},
        {"start": "2026-03-04T10:00", "end": "2026-03-04T11:00:00"},
        {"start": "2026-03-04T09:00:00Z", "end": "2026-03-04 05:00:00-05:00"},
    ],
)
def test_seconds_do_not_change_whose_clock_it_is(client, berlin, typed):
    answer = correct(client, berlin, **typed)

    assert answer.status_code == 303
    assert corrected(berlin) == [("2026-03-04T09:00:00Z", "2026-03-04T10:00:00Z")]


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2026-03-04T10:00:37Z", "2026-03-04T10:00:55Z", ("2026-03-04 11:00:37", "2026-03-04 11:00:55")),
        ("2026-03-04T10:00:00Z", "2026-03-04T10:05:10Z", ("2026-03-04 11:00", "2026-03-04 11:05:10")),
        ("2025-10-26T00:30:00Z", "2025-10-26T01:30:09Z", ("2025-10-26 02:30+02:00", "2025-10-26 02:30:09+01:00")),
    ],
)
def test_a_row_is_corrected_to_its_second(client, berlin, start, end, shown):
    page = client.get(f"/cells/{berlin.id}/corrections/new", query_string={"start": start, "end": end})
    form = values(page)

    answer = correct(client, berlin, start=form["start"], end=form["end"])

    assert (form["start"], form["end"]) == shown
    assert corrected(berlin) == [(start, end)]
    assert shown[1][11:19] + ": running." in words(client.get(answer.location))


def test_an_address_that_names_no_zone_is_the_sites(client, berlin):
    form = values(client.get(f"/cells/{berlin.id}/corrections/new?start=2026-03-04T10:00:37&end=2026-03-29T02:10Z"))

    assert (form["start"], form["end"]) == ("2026-03-04 10:00:37", "2026-03-29 04:10")


@pytest.mark.parametrize(
    ("sent", "field", "says"),
    [
        ({"start": "soon"}, "start", "From must be a time such as"),
        ({"start": ""}, "start", "From must be a time such as"),
        ({"end": "2000-01-01 00:00"}, "end", "must be later than the time above"),
        ({"why": " "}, "why", "Why must be said"),
        ({"state": "tea"}, "state", "It was must be one of"),
        ({"end": "2090-01-01 00:00"}, "window", "must lie in the past"),
        ({"start": "1970-01-01 00:00"}, "window", "must lie in the past"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, cell, sent, field, says):
    sits(client, "sam")

    answer = correct(client, cell, **sent)

    assert answer.status_code == 422
    assert says in words(answer)
    assert field == "window" or complained_of(answer) == [field]
    assert "running" not in states(cell)[1:]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2026-03-29 02:30", "never was on the clock, which went from 02:00 to 03:00 then"),
        ("2026-03-29 02:10:00", "never was on the clock, which went from 02:00 to 03:00 then"),
        ("2025-10-26 02:30", "was on the clock twice then: write 2025-10-26 02:30+02:00 or 2025-10-26 02:30+01:00"),
        ("2025-10-26 02:30:07", "write 2025-10-26 02:30:07+02:00 or 2025-10-26 02:30:07+01:00"),
    ],
)
def test_a_second_that_the_clock_never_showed_or_showed_twice(client, cell, typed, says):
    cells.change_site(cell.site_id, "Hall 1", "Europe/Berlin", 80, "root", utcnow())
    sits(client, "sam")

    answer = correct(client, cell, start=typed)

    assert answer.status_code == 422
    assert says in words(answer)


@pytest.mark.parametrize("username", ["ada", "dee", "pat", "oli"])
def test_nobody_else_may(client, cell, username):
    sits(client, username)

    assert correct(client, cell).status_code == 403
    assert client.get(f"/cells/{cell.id}/corrections/new").status_code == 403
    assert "Nothing was corrected" in words(client.get(f"/cells/{cell.id}/corrections"))


def test_nobody_is_sent_to_sign_in(client, cell):
    assert correct(client, cell).status_code == 401
    assert client.post("/corrections/1/undo").status_code == 401


def test_missing_ones(client, cell):
    sits(client, "sam")

    assert client.post("/cells/77/corrections", data={}).status_code == 404
    assert client.get("/cells/77/corrections").status_code == 404
    assert client.post("/corrections/77/undo").status_code == 404
