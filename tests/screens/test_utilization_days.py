"""/utilization and what its numbers open to, of a time of which only whole days are known any more."""

from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tests.screens.desk import tree, words
from tests.screens.sheet import sheet_rows
from tests.screens.test_utilization import asked, lines_of, was
from tests.world import forget_seconds, make_cell, make_site
from webapp.lib.clock import epoch, iso, utcnow
from webapp.screens.times import midnight

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def day(app):
    """The midnight, UTC, that begins a day on which C01 was down; two days later its seconds are known."""
    begin = utcnow().replace(hour=0, minute=0, second=0, microsecond=0) - 9 * DAY
    was(make_cell("C01", now=utcnow(), in_service_from=begin - 5 * DAY), "down", begin, 86_400)
    make_cell("C02", now=utcnow(), in_service_from=begin - 5 * DAY)
    forget_seconds(begin + 2 * DAY)
    return begin


def test_a_local_day_is_the_day_that_most_of_it_is(app, client):
    make_site(zone="Europe/Berlin")
    days = [(utcnow() - n * DAY).date() for n in (10, 9, 8, 7)]
    edges = [midnight(date, BERLIN) for date in days]
    cell = make_cell("C01", now=utcnow(), in_service_from=edges[0] - DAY)
    was(cell, "running", edges[1], epoch(edges[2]) - epoch(edges[1]))
    forget_seconds((edges[3] + DAY).replace(hour=0))

    went = [client.get(f"/utilization?from={first}&to={last}").location for first, last in pairwise(days)]
    shares = [client.get(to.replace("/utilization?", "/utilization.json?")).json["total_utilization"] for to in went]

    assert [round(share / 10) for share in shares] in ([0, 10, 0], [1, 9, 0])
    page = words(client.get(went[1]))
    assert "whole days (UTC)" in page
    assert "only whole days (UTC) are known: counted from" in page


def test_part_of_a_day_is_known_by_whole_days_only(client, day):
    past = (day + 2 * HOUR, day + 8 * HOUR)

    page, opened = client.get(asked("/utilization", past)), client.get(asked("/utilization/utilization", past))
    down = words(client.get(asked("/utilization/down", past)))

    assert "Known by whole days only" in words(page)
    assert "Utilization known by whole days only" in words(opened)
    for text in (words(page), words(opened), down):
        assert "ot scheduled" not in text
    around = next(link for link in tree(page) if link.text == "The whole days around it")
    assert "The same as a table" in words(client.get(around.attrs["href"]))
    told = client.get(asked("/utilization.json", past)).json
    assert [told[name] for name in ("total_utilization", "duration", "precision", "counted_end_time")] == [
        *(None, 0, "day", None)
    ]


def test_rows_behind_a_number_add_up_to_it_also_where_no_stretches_are_kept(client, day):
    past = (day - 2 * HOUR, day + 3 * DAY + HOUR)

    told = client.get(asked("/utilization/unknown.json", past)).json
    lines = lines_of(client.get(asked("/utilization/unknown.csv", past)))
    sheet = sheet_rows(client.get(asked("/utilization/unknown.xlsx", past)))

    assert (told["precision"], told["counted_start_time"], told["counted_end_time"]) == (
        *("day", iso(day), iso(past[1])),
    )
    assert sum(row["counted_seconds"] for row in told["rows"]) == told["numerator_seconds"] == 3 * 86_400 + 2 * 90_000
    assert [(row["cell"], row["calendar"], row["precision"], row["counted_seconds"]) for row in told["rows"][:2]] == [
        ("C01", "whole days", "day", 86_400),
        ("C02", "whole days", "day", 2 * 86_400),
    ]
    assert [line["precision"] for line in lines] == ["day", "day", "second", "second"]
    assert [int(line["counted_seconds"]) for line in lines] == [row[5] for row in sheet[1:]]
    assert {(line["counted_start_time"], line["counted_end_time"]) for line in lines} == {(iso(day), iso(past[1]))}
    page = words(client.get(asked("/utilization/unknown", past)))
    assert f"{told['numerator_seconds']} s counted here" in page


def test_losses_have_their_days_too(client, day):
    past = (day - 2 * HOUR, day + DAY)
    [line] = lines_of(client.get(asked("/utilization/losses.csv", past)))
    [days] = lines_of(client.get(asked("/utilization/losses.csv", past) + "&state=down"))

    assert (line["state"], line["seconds"], line["precision"], line["counted_start_time"]) == (
        *("down", "86400", "day", iso(day)),
    )
    assert (days["counted_seconds"], days["calendar"]) == ("86400", "whole days")
    assert "86400 s counted here" in words(client.get(asked("/utilization/losses", past) + "&state=down"))


def test_stops_are_not_listed_of_it(client, day):
    past = (day, day + DAY)

    page = words(client.get(asked("/utilization/stops", past)))
    answer = client.get(asked("/utilization/stops.csv", past))

    assert "not in how many stops" in page
    assert "no stop" not in words(client.get(asked("/utilization", past)))
    assert answer.status_code == 400


def test_the_map_is_by_days_and_what_is_compared_is_said_by_days_too(client, day):
    past = (day + 2 * DAY + HOUR, day + 3 * DAY)
    page = words(client.get(asked("/utilization", past) + "&compare=1&table=map"))
    before = words(client.get(asked("/utilization", (day, day + 2 * DAY)) + "&table=map"))

    assert "By hour" in page
    assert "Counted to the second. The time before: of the time before" in page
    assert "By day and cell" in before


def test_the_file_of_the_page_says_it_in_each_row(client, day):
    rows = lines_of(client.get(asked("/utilization.csv", (day - 2 * HOUR, day + 22 * HOUR))))

    assert [(row["cell"], row["down_seconds"], row["precision"]) for row in rows] == [
        ("C01", "86400", "day"),
        ("C02", "0", "day"),
    ]
    assert {(row["counted_start_time"], row["counted_end_time"]) for row in rows} == {(iso(day), iso(day + DAY))}
