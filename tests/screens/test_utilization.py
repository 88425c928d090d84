"""Utilization as a department head reads it, and the same figures by every door."""

import csv
import io
import re
from datetime import timedelta

import pytest

from tests.screens.desk import tree, words
from tests.world import make_cell, make_person, make_site
from webapp import cells, ledger
from webapp.extensions import transaction
from webapp.lib.clock import epoch, iso, utcnow, whole
from webapp.lib.window import Window

HOUR = timedelta(hours=1)


@pytest.fixture
def past():
    """(start, end): seven odd hours that ended an hour ago."""
    end = whole(utcnow()) - HOUR
    return end - timedelta(hours=7, minutes=3, seconds=7), end


def was(cell, state, start, seconds):
    with transaction():
        first = epoch(start)
        ledger.assign(cell.book_id, cell.id, first, first + seconds, ledger.State[state.upper()], ledger.Source.FEED)


def make_history(past):
    """Three cells that were not equally long there, with odd seconds everywhere."""
    first, second = make_cell("C01", now=utcnow()), make_cell("C02", now=utcnow(), in_service_from=past[0] + HOUR)
    make_cell("C03", now=utcnow(), kind="=lathe")
    for n, state in enumerate(("running", "setup", "down", "idle", "running", "maintenance")):
        was(first, state, past[0] + timedelta(minutes=53 * n), 2311 + n)
        was(second, "running", past[0] + HOUR + timedelta(minutes=47 * n), 1777)


def asked(path, past):
    return f"{path}?start={iso(past[0])}&end={iso(past[1])}"


def rows_of(page):
    """Its table: {cell: (shares in words, seconds)}, with the foot under None."""
    [table] = [table for table in tree(page) if table.attrs.get("class", "").startswith("tbl cells")]
    found = {}
    for row in (row for row in table if row.tag == "tr" and row.above("thead") is None):
        cells_ = [cell for cell in row if cell.tag == "td"]
        head = next(cell for cell in row if cell.tag == "th")
        name = next((link.text for link in head if link.tag == "a"), None)
        shares = [cell.text.removesuffix(" %") for cell in cells_[:3]]
        found[name] = shares, [int(cell.attrs["data-seconds"]) for cell in cells_ if "data-seconds" in cell.attrs]
    return found


def lines_of(answer):
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_page_file_and_api_say_the_same_to_the_last_digit(app, client, past):
    make_history(past)

    page = rows_of(client.get(asked("/utilization", past)))
    file = {line["cell"]: line for line in lines_of(client.get(asked("/utilization.csv", past)))}
    api = client.get(f"/api/cells?start_time={iso(past[0])}&end_time={iso(past[1])}").json

    total = page.pop(None)
    assert list(page) == list(file) == [row["name"] for row in api["cells"]] == ["C01", "C02", "C03"]
    for row in api["cells"]:
        shares, seconds = page[row["name"]]
        line = file[row["name"]]
        told = [row["utilization"], row["utilization_high"], row["coverage"]]
        assert shares == [str(share) for share in told]
        assert [line["utilization"], line["utilization_high"], line["coverage"]] == shares
        assert [line["utilization_low"], line["calendar_utilization"]] == [
            str(row["utilization_low"]),
            str(row["calendar_utilization"]),
        ]
        states = ("running", "setup", "idle", "maintenance", "down", "unknown")
        assert seconds == [*(row["states"][state] for state in states), row["scheduled_seconds"]]
        assert seconds == [int(line[f"{state}_seconds"]) for state in (*states, "scheduled")]
        assert (line["start_time"], line["end_time"]) == (api["start_time"], api["end_time"])
    assert total[0] == [str(api[name]) for name in ("total_utilization", "total_utilization_high", "coverage")]
    assert total[1] == [sum(numbers) for numbers in zip(*(seconds for _, seconds in page.values()), strict=True)]


def test_the_headline_is_the_pooled_figure_with_its_range(client, past):
    was(make_cell("C01", now=utcnow()), "running", past[0], 3600)
    report = cells.utilization_report(Window(*past), utcnow())

    said = words(client.get(asked("/utilization", past)))

    assert f"{report.figures.utilization}%" in said.replace(" %", "%")
    assert f"up to {report.figures.high} % if all unknown time ran" in said
    assert "nothing known of" in said


@pytest.mark.parametrize("preset", ["today", "yesterday", "24h", "7d", "30d", "90d", "year"])
def test_presets(client, preset):
    make_cell(now=utcnow(), in_service_from=utcnow() - timedelta(days=3))

    page = client.get(f"/utilization?r={preset}")

    [current] = [link for link in tree(page) if link.attrs.get("aria-current") == "true"]
    assert current.attrs["href"] == f"/utilization?r={preset}"
    download = re.search(r"/utilization\.csv\?start=(\S+?)&amp;end=(\S+?)\"", page.text)
    [line] = lines_of(client.get(f"/utilization.csv?start={download[1]}&end={download[2]}"))
    assert (line["start_time"], line["end_time"]) == (download[1].replace("%3A", ":"), download[2].replace("%3A", ":"))


def test_the_last_day_where_nothing_is_said(client):
    make_cell(now=utcnow())

    assert "24 h" in words(client.get("/utilization"))


def test_what_is_typed_in_site_time_becomes_an_address_for_everybody(client):
    make_site(zone="Europe/Berlin")

    answer = client.get("/utilization?from=2026-03-29+00:00&to=2026-03-30")

    assert (answer.status_code, answer.location) == (
        302,
        "/utilization?start=2026-03-28T23:00:00Z&end=2026-03-29T22:00:00Z",
    )
    page = client.get(answer.location)
    assert shown_range(page) == ("2026-03-29 00:00", "2026-03-30 00:00")
    assert "23 h" in words(page)


def test_both_ends_are_the_sites_with_and_without_seconds(client):
    make_site(zone="Europe/Berlin")
    address = "/utilization?start=2026-03-04T09:00:07Z&end=2026-03-04T11:00:00Z"

    page = client.get(address)
    again = client.get("/utilization?from=2026-03-04T10:00:07&to=2026-03-04 12:00")

    assert (shown_range(page), again.location) == (("2026-03-04 10:00:07", "2026-03-04 12:00"), address)


def shown_range(page):
    shown = {field.attrs.get("name"): field.attrs.get("value") for field in tree(page) if field.tag == "input"}
    return shown["from"], shown["to"]


def test_a_range_that_begins_when_the_clock_showed_nothing(client):
    make_site(zone="Europe/Berlin")

    page = client.get("/utilization?from=2026-03-29 02:10:00&to=2026-03-29 12:00")

    assert "From never was on the clock, which went from 02:00 to 03:00 then" in words(page)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("from=2026-03-05&to=2026-03-01", "Up to must be later than"),
        ("from=2026-03-05&to=2026-03-05", "Up to must be later than"),
        ("from=tuesday&to=2026-03-01", "From must be a time such as"),
        ("from=2026-03-01", "Up to must be a time such as"),
        ("start=2026-03-01T00:00:00Z&end=9999-12-31T23:59:59Z", "Up to must lie between 1970 and 9998"),
        ("r=fortnight", "Range must be one of today, yesterday, 24h, 7d"),
        ("start=1950-01-01&end=2026-01-01", "From must lie between 1970 and 9998"),
        ("start=1970-01-01&end=2026-01-01", "Up to must be within 50 years of From"),
    ],
)
def test_a_bad_range_says_so_and_shows_the_last_day(client, query, says):
    make_cell(now=utcnow())

    page = client.get(f"/utilization?{query}")

    assert page.status_code == 400
    assert says in words(page)
    assert "Shown: the last 24 hours" in words(page)
    assert client.get(f"/utilization.csv?{query}").status_code == 400


def test_what_was_typed_stays_in_a_bad_range(client):
    page = client.get('/utilization?from=tuesday"><b>&to=2026-03-01')

    assert {field.attrs.get("value") for field in tree(page) if field.tag == "input"} >= {'tuesday"><b>', "2026-03-01"}


def test_a_window_in_the_future(client):
    make_cell(now=utcnow())
    start = whole(utcnow()) + HOUR

    page = client.get(asked("/utilization", (start, start + HOUR)))
    [line] = lines_of(client.get(asked("/utilization.csv", (start, start + HOUR))))

    assert page.status_code == 200
    assert "This window has not begun" in words(page)
    assert (line["utilization"], line["scheduled_seconds"]) == ("", "0")


def test_a_window_across_now_says_up_to_when_it_counts(client):
    make_cell(now=utcnow())
    start = whole(utcnow()) - HOUR

    assert "counted up to" in words(client.get(asked("/utilization", (start, start + 2 * HOUR))))


def test_no_cells_yet(client):
    page = client.get("/utilization")

    assert page.status_code == 200
    assert "No cell was in service then" in words(page)
    assert lines_of(client.get("/utilization.csv")) == []


def test_a_window_of_decades_does_not_stretch_the_chart(client):
    make_cell(now=utcnow())
    make_cell("C02", now=utcnow(), in_service_from=utcnow() - timedelta(days=200))

    for year in (1980, 2020):
        page = client.get(f"/utilization?start={year}-01-01T00:00:00Z&end=2029-12-01T00:00:00Z")
        assert page.status_code == 200
        assert "By 4 days and cell" in words(page)
        assert len(page.data) < 80_000


@pytest.mark.parametrize(("days", "title"), [(2, "By hour"), (3, "By day and cell"), (60, "By day and cell")])
def test_a_long_window_is_mapped_by_days(client, days, title):
    make_cell(now=utcnow(), in_service_from=utcnow() - timedelta(days=90))
    end = whole(utcnow())

    page = client.get(asked("/utilization", (end - timedelta(days=days), end)))

    assert title in [head.text for head in tree(page) if head.tag == "h2"]


def test_the_file_is_named_for_its_window_and_runs_no_formula(client, past):
    make_history(past)

    answer = client.get(asked("/utilization.csv", past))

    assert answer.mimetype == "text/csv"
    name = f"utilization-{past[0]:%Y%m%dT%H%MZ}-{past[1]:%Y%m%dT%H%MZ}.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert [line["kind"] for line in lines_of(answer)] == ["mill", "mill", "'=lathe"]


def test_a_retired_cell_stays_in_the_figures_of_its_time(client, past):
    cell = make_cell("C01", now=utcnow())
    cells.retire_cell(cell.id, by="root", now=utcnow())

    assert "C01" in rows_of(client.get(asked("/utilization", past)))


def test_it_is_open_to_all_unless_boards_are_not_public(client, not_public):
    for path in ("/utilization", "/utilization.csv"):
        assert client.get(path).status_code == 302
        assert client.get(path).location.startswith("/login")


def test_everybody_who_signed_in_may_read_it(app, not_public):
    for name in ("ada", "sam", "dee", "pat", "oli", "root"):
        make_person(name)
        client = app.test_client()
        client.sign_in(name)
        assert {client.get(path).status_code for path in ("/utilization", "/utilization.csv")} == {200}


def test_a_time_of_which_nothing_is_known_leads_to_where_history_is(client):
    long_ago = whole(utcnow()) - timedelta(days=400)
    cell = make_cell("C01", now=utcnow(), in_service_from=long_ago)
    was(cell, "running", long_ago, 3600)

    page = client.get("/utilization")

    assert "Nothing is known of this time. The newest history of these cells ends on" in words(page)
    [link] = [a.attrs["href"] for a in tree(page) if a.tag == "a" and "the 30 days up to it" in a.text]
    assert rows_of(client.get(link))["C01"][1][0] == 3600
    assert "Nothing is known" not in words(client.get(link))


def test_machines_out_of_service_lead_to_their_last_days(client, past):
    cell = make_cell("C01", now=past[0], in_service_from=past[0])
    was(cell, "running", past[0], 60)
    cells.retire_cell(cell.id, by="root", now=past[1])

    later = client.get(f"/utilization?start={iso(past[1] + HOUR)}&end={iso(past[1] + 2 * HOUR)}")

    assert "No cell was in service then" in words(later)
    assert "The 30 days up to it" in words(later)
    assert "Its last 30 days" in words(client.get(f"/cells/{cell.id}"))
