"""Every number opens: its formula with its own seconds, and the stretches that add up to it."""

import random
from datetime import timedelta

import pytest

from tests.screens.desk import tree, words
from tests.screens.sheet import sheet_rows
from tests.screens.test_utilization import HOUR, asked, lines_of, was
from tests.world import make_cell
from webapp import cells, ledger
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch, iso, utcnow, whole
from webapp.lib.window import Window
from webapp.screens.utilization.measures import MEASURES
from webapp.screens.utilization.stretches import PAGE

STATES = [*ledger.State][1:]
SOURCES = [ledger.Source.FEED, ledger.Source.FEED, ledger.Source.PERSON, ledger.Source.INFERRED]


@pytest.fixture
def past():
    """(start, end): a day and a half that ended this hour, with odd seconds."""
    end = whole(utcnow()) - timedelta(minutes=61, seconds=7)
    return end - timedelta(hours=37, seconds=11), end


def make_works(past):
    """Two cells with shifts and breaks, one without; held by projects now and then; unknown in between."""
    since = past[0] - timedelta(days=1)
    made = [make_cell(name, now=utcnow(), in_service_from=since) for name in ("C01", "C02", "C03")]
    shift = cells.Shift("Day", 6 * 60, 14 * 60, ((9 * 60, 9 * 60 + 30),), tuple(range(7)))
    calendar = cells.add_calendar("Day", "UTC", [shift], by="root", now=utcnow())
    cells.use_calendar([cell.id for cell in made[:2]], calendar.id, since, by="root", now=utcnow())
    chance = random.Random(7)
    for cell in made:
        _fill(cell, past, chance)
    return made


def _fill(cell, past, chance):
    at = past[0]
    with transaction():
        while at < past[1]:
            end = at + timedelta(seconds=chance.randrange(60, 9000))
            source = chance.choice(
                [ledger.Source.FEED, ledger.Source.FEED, ledger.Source.PERSON, ledger.Source.INFERRED]
            )
            if chance.random() < 0.8:
                ledger.assign(cell.book_id, cell.id, epoch(at), epoch(end), chance.choice(STATES), source)
            at = end
    held = past[0] + timedelta(hours=2)
    for n in range(4):
        with transaction():
            claim = cells.claim(cell, f"project:{10 * cell.id + n}", held)
            cells.release(claim, held + timedelta(hours=4, seconds=n), "over", stop_owed=False)
        held += timedelta(hours=6)


def test_the_stretches_behind_each_number_add_up_to_it(app, past):
    make_works(past)
    window, now = Window(*past), utcnow()
    report = cells.utilization_report(window, now)
    found = list(cells.evidence(window, now))

    for measure in MEASURES.values():
        for row in report.cells:
            mine = [piece for piece in found if piece.cell.id == row.cell.id and measure.counts(piece)]
            assert sum(piece.seconds for piece in mine) == measure.part(row.account), (measure.key, row.cell.name)
    assert sum(piece.seconds for piece in found) == report.account.window
    counted = report.account
    assert all((counted.running_off, counted.planned_stop, counted.occupied, counted.delayed, counted.entered))


def test_each_number_opens_with_its_own_seconds(client, past):
    make_works(past)
    account = cells.utilization_report(Window(*past), utcnow()).account

    for key, measure in MEASURES.items():
        page = words(client.get(asked(f"/utilization/{key}", past)))
        rows = lines_of(client.get(asked(f"/utilization/{key}.csv", past)))
        told = client.get(asked(f"/utilization/{key}.json", past)).json

        part, whole = measure.part(account), measure.whole(account) if measure.whole else None
        assert f"{part} s" in page
        assert sum(int(row["counted_seconds"]) for row in rows) == part == told["numerator_seconds"]
        assert [int(row["seconds"]) for row in rows] == [row["seconds"] for row in told["rows"]]
        assert (told["denominator_seconds"], told["per_cent"]) == (whole, measure.value(account))
        assert whole is None or f"{part} ÷ {whole} = {measure.value(account)} %" in page


def test_it_says_who_held_the_cell_what_the_calendar_was_and_who_said_so(client, past):
    first, *_ = make_works(past)

    rows = lines_of(client.get(asked("/utilization/utilization.csv", past) + "&all=1"))

    assert {row["calendar"] for row in rows} == {"not scheduled", "working", "planned stop"}
    assert {row["source"] for row in rows} == {"none", "inferred", "feed", "person"}
    assert f"project:{10 * first.id}" in {row["held_by"] for row in rows}
    assert {row["counted_seconds"] for row in rows if row["state"] != "running"} == {"0"}


def test_one_cell_and_one_square_open_by_themselves(client, past):
    _, second, _ = make_works(past)
    square = Window(past[0] + 5 * HOUR, past[0] + 6 * HOUR)
    account = cells.utilization_report(square, utcnow(), {second.id}).account

    page = client.get(asked("/utilization/utilization", (square.start, square.end)) + f"&cell={second.id}")

    assert f"{account.running} s" in words(page)
    assert "· C02" in words(page)
    assert "By cell" not in [head.text for head in tree(page) if head.tag == "h2"]


def test_pages_of_stretches_follow_each_other(client, past):
    cell = make_cell("C01", now=utcnow(), in_service_from=past[0])
    with transaction():
        starts = range(epoch(past[0]), epoch(past[0]) + 3 * 250 * 60, 180)
        running = ledger.State.RUNNING
        ledger.fill(cell.book_id, cell.id, [(at, at + 60, running) for at in starts], ledger.Source.FEED)

    first = client.get(asked("/utilization/utilization", past))
    [following] = [link.attrs["href"] for link in tree(first) if link.attrs.get("rel") == "next"]
    second = client.get(following)

    assert f"{PAGE} on this page, {PAGE * 60} s counted here" in words(first)
    assert "50 on this page, 3000 s counted here" in words(second)
    assert client.get(asked("/utilization/utilization", past) + "&after=x-y").status_code == 200


def test_a_spreadsheet_has_the_same_rows_and_runs_nothing(client, past):
    make_works(past)
    cell = cells.by_name("C03")
    window = Window(past[0] + 3 * HOUR, past[0] + 4 * HOUR)
    cells.correct_history(cell.id, window, "running", '=HYPERLINK("http://x")', "Sam", utcnow())
    address = asked("/utilization/{}.csv", past).format("utilization")

    lines, sheet = lines_of(client.get(address)), sheet_rows(client.get(address.replace(".csv", ".xlsx")))

    head, *rows = sheet
    assert head == list(lines[0])
    assert [[str(value) for value in row[:6]] for row in rows] == [list(line.values())[:6] for line in lines]
    assert '=HYPERLINK("http://x") (Sam)' in {row[8] for row in rows}


def test_losses_add_up_and_each_line_opens(client, past):
    make_works(past)
    account = cells.utilization_report(Window(*past), utcnow()).account
    [reason] = [one for one in cells.reasons() if "down" in one.states][:1] or [
        cells.add_reason("Tool broke", ["down"], by="root", now=utcnow())
    ]
    stop = next(piece for piece in cells.evidence(Window(*past), utcnow()) if piece.state == "down" and piece.scheduled)
    cells.give_reason(stop.cell.id, Window(stop.start, stop.end), reason.id, by="Sam", now=utcnow())

    page = client.get(asked("/utilization/losses", past))
    lines = lines_of(client.get(asked("/utilization/losses.csv", past)))

    lost = account.idle + account.setup + account.down + account.maintenance
    assert sum(int(line["seconds"]) for line in lines) == lost
    assert lines[-1]["cumulative_share"] == "100.0"
    assert [line["reason"] for line in lines if line["state"] != "maintenance"][-1] == ""
    assert "Planned stop (break)" in page.text
    assert "Planned stop (break)" in {line["reason"] for line in lines}
    opened = [link.attrs["href"] for link in tree(page) if "reason=" in link.attrs.get("href", "")]
    own = list(dict.fromkeys(href for href in opened if href.startswith("/utilization/losses?")))
    assert len(own) == len(lines)
    for href, line in zip(own, lines, strict=True):
        counted = lines_of(client.get(href.replace("/losses?", "/losses.csv?")))
        assert sum(int(row["counted_seconds"]) for row in counted) == int(line["seconds"])
        assert client.get(href).status_code == 200


def test_what_was_restated_as_a_page_and_a_file(client, past):
    first, *_ = make_works(past)
    window = Window(past[0] + HOUR, past[0] + 2 * HOUR)
    cells.correct_history(first.id, window, "idle", "Nobody was there", "Sam Okafor", utcnow())

    page = client.get(asked("/utilization/restated", past))
    last = lines_of(client.get(asked("/utilization/restated.csv", past)))[0]

    assert "Nobody was there" in words(page)
    assert (last["kind"], last["by"], last["cell"]) == ("correction", "Sam Okafor", "C01")
    assert (last["from"], last["to"]) == (iso(window.start), iso(window.end))


def test_a_measure_that_is_none(client):
    make_cell(now=utcnow())

    assert client.get("/utilization/oee").status_code == 404
    assert client.get("/utilization/oee.csv").status_code == 404


@pytest.mark.parametrize("path", ["/utilization/down", "/utilization/losses", "/utilization/restated"])
def test_a_bad_address_is_told_and_its_file_refused(client, path):
    make_cell(now=utcnow())

    page = client.get(f"{path}?start=tuesday&end=2026-01-01&kind=crane")

    assert page.status_code == 400
    assert "From must be a time such as" in words(page)
    assert "Kind must be one of" in words(page)
    assert client.get(f"{path}.csv?start=tuesday").status_code == 400


def test_nothing_scheduled_is_no_share(client):
    make_cell(now=utcnow())
    ahead = whole(utcnow()) + HOUR

    page = client.get(asked("/utilization/utilization", (ahead, ahead + HOUR)))

    assert "Utilization not scheduled" in words(page)


def test_reading_needs_what_the_page_needs(client, not_public):
    for path in ("/utilization/down", "/utilization/down.csv", "/utilization/losses", "/utilization/restated.xlsx"):
        assert client.get(path).location.startswith("/login")


def test_a_stop_with_its_intervals_is_the_same_on_the_page(client, past):
    cell = make_cell("C01", now=utcnow(), in_service_from=past[0])
    was(cell, "down", past[0] + HOUR, 600)
    was(cell, "down", past[0] + 3 * HOUR, 1200)

    assert "2 stops, longest 20 min on C01" in words(client.get(asked("/utilization", past)))


def test_a_stop_of_which_a_person_confirmed_a_part_is_one(client, past):
    cell = make_cell("C01", now=utcnow(), in_service_from=past[0])
    was(cell, "down", past[0] + HOUR, 3600)
    was(cell, "down", past[0] + 3 * HOUR, 600)
    part = Window(past[0] + timedelta(minutes=70), past[0] + timedelta(minutes=80))
    cells.correct_history(cell.id, part, "down", "I saw it", "sam", utcnow())

    page = client.get(asked("/utilization", past))

    assert "2 stops, longest 1 h 00 on C01" in words(page)
    [href] = [link.attrs["href"] for link in tree(page) if link.tag == "a" and link.text == "2 stops"]
    stops = client.get(href)
    [table] = [table for table in tree(stops) if table.tag == "table"]
    assert [cell.attrs["data-seconds"] for cell in table if "data-seconds" in cell.attrs] == ["3600", "600"]
    rows = lines_of(client.get(href.replace("/stops?", "/stops.csv?")))
    assert [(row["from"], row["scheduled_seconds"]) for row in rows] == [
        (iso(past[0] + HOUR), "3600"),
        (iso(past[0] + 3 * HOUR), "600"),
    ]


def test_stops_of_a_long_time_are_not_listed(client, past):
    make_cell("C01", now=utcnow(), in_service_from=past[0])
    long = past[1] - timedelta(days=8), past[1]

    assert "Stops are listed for up to 7 days and 60 cells" in words(client.get(asked("/utilization/stops", long)))
    assert client.get(asked("/utilization/stops.csv", long)).status_code == 400


def test_a_file_of_what_was_restated_is_complete_and_the_page_says_what_it_leaves_out(client, past):
    cell, now = make_cell("C01", now=utcnow(), in_service_from=past[0]), utcnow()
    about = {"kind": "correction", "start": past[0], "end": past[1], "by": "sam", "at": now, "cell_id": cell.id}
    with transaction():
        db.session.add_all(cells.Restatement(why=f"Number {n}", **about) for n in range(1030))

    page = client.get(asked("/utilization/restated", past))
    rows = lines_of(client.get(asked("/utilization/restated.csv", past)))

    assert "the newest 200 of 1030, all in the file" in words(page)
    assert page.text.count("Number ") == 200
    assert [row["why"] for row in rows] == [f"Number {n}" for n in reversed(range(1030))]
    assert [row["why"] for row in client.get(asked("/utilization/restated.json", past)).json["rows"]] == [
        row["why"] for row in rows
    ]
    assert len(sheet_rows(client.get(asked("/utilization/restated.xlsx", past)))) == 1031


def test_every_figure_says_what_its_time_rests_on(client, past):
    make_works(past)
    account = cells.utilization_report(Window(*past), utcnow()).account
    share = cells.percent(account.entered, account.scheduled)

    for path in ("/utilization/utilization", "/utilization/out-of-shift", "/utilization/losses"):
        assert f"{share} % entered by people" in words(client.get(asked(path, past)))
        told = client.get(asked(f"{path}.json", past)).json
        assert (told["measured_seconds"], told["entered_seconds"]) == (account.measured, account.entered)
    rows = lines_of(client.get(asked("/utilization.csv", past)))
    assert sum(int(row["measured_seconds"]) for row in rows) == account.measured
    assert all(row["measured_share"] and row["entered_share"] and row["inferred_share"] for row in rows)


def test_each_number_of_the_table_opens_to_itself(client, past):
    make_works((past[0] - timedelta(hours=20), past[1]))
    page = tree(client.get(asked("/utilization", past) + "&compare=1"))
    [table] = [table for table in page if table.attrs.get("class", "").startswith("tbl cells")]

    rows = [row for row in table if row.tag == "tr" and ("C02" in row.text or row.above("tfoot"))]
    numbers = [cell for row in rows for cell in row if cell.tag == "td" and cell.text not in ("0", "–")]

    assert len(numbers) > 20
    shown = []
    for number in numbers:
        links = [link.attrs["href"] for link in number if link.tag == "a"]
        shown.append(
            number.text.removeprefix("▲ ").removeprefix("▼ ") + (" points" if "compare=1" in str(links) else "")
        )
        if links:
            opened = words(client.get(links[0]))
            assert all(one in opened for one in shown), (links, shown)
            shown.clear()
    assert not shown


def test_what_the_figures_are_compared_with_opens(client, past):
    make_works((past[0] - timedelta(hours=20), past[1]))
    page = tree(client.get(asked("/utilization", past) + "&compare=1"))
    before = cells.utilization_report(Window(past[0] - (past[1] - past[0]), past[0]), utcnow()).account

    [more] = [link for link in page if link.tag == "a" and " h " in link.text and "/productive?" in link.attrs["href"]][
        :1
    ]
    [of] = [link for link in page if link.tag == "a" and "cell-hours" in link.text][:1]

    assert f"{before.running} s" in words(client.get(more.attrs["href"]))
    assert "Scheduled time" in words(client.get(of.attrs["href"]))
