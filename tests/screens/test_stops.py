"""Why a cell stood, said with two taps: on its page, on the list of all, and on a page of its own."""

from datetime import timedelta

import pytest

from tests.screens.desk import sits, tree, values, words
from tests.screens.stopped import address, notes, reason, stop, stopped_cell
from tests.world import idle_cell, make_cell, make_site
from webapp import cells, ledger
from webapp.extensions import transaction
from webapp.lib.clock import epoch, iso, utcnow
from webapp.screens.times import shown_time, site_zone


@pytest.fixture
def cell(app):
    return stopped_cell()


def give(client, stood, name="Tool broke", state="down", **more):
    found = stop(stood, state).interval
    return client.post(address(stood, "reason", state), data={"end": iso(found.end), "reason": reason(name), **more})


def panel(client, cell, **query):
    page = words(client.get(f"/cells/{cell.id}", query_string=query))
    return page.partition("What happened")[2]


def test_the_page_of_a_cell_tells_what_was_lost(client, cell):
    sits(client, "oli")

    said = panel(client, cell)

    assert "2 without a reason" in said
    assert "Down 30 min" in said
    assert "No reason yet machine said E-417 · measured" in said
    assert "Tool broke Spindle or drive fault Crash" in said


@pytest.mark.parametrize("username", ["sam", "oli", "root"])
def test_two_taps_and_it_is_said(client, cell, username):
    sits(client, username)

    answer = give(client, cell, comment=" Spare ordered ")
    page = client.get(answer.location)

    assert answer.status_code == 303
    assert answer.location.endswith("#happened")
    assert notes(cell) == ["Tool broke: Spare ordered"]
    assert "Tool broke: Spare ordered" in words(page).partition("What happened")[2]
    assert "Undo" in words(page)


def test_the_toast_takes_it_back(client, cell):
    sits(client, "oli")
    page = client.get(give(client, cell).location)
    [toast] = [one for one in tree(page) if "data-toast" in one.attrs]
    undo = next(form.attrs["action"] for form in toast if form.tag == "form")

    answer = client.post(undo)

    assert answer.status_code == 303
    assert notes(cell) == []
    assert "Taken back." in words(client.get(answer.location))
    assert client.post(undo).status_code == 404


def test_twice_is_harmless(client, cell):
    sits(client, "oli")

    answers = [give(client, cell).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert notes(cell) == ["Tool broke"]


def test_a_stop_that_lasts_still_is_explained_to_its_end(client, cell):
    sits(client, "oli")

    give(client, cell, "No material", "idle", goes_on="1")

    assert [note.going_on for note in cells.notes([cell.id], stop(cell, "idle").window)] == [True]


def test_it_works_on_a_page_of_its_own(client, cell):
    sits(client, "oli")

    page = words(client.get(address(cell, "reason").removesuffix("/reason")))

    assert "Why C01 was down" in page
    assert "Tool broke" in page
    assert "Split C01" in page


def split(client, cell, minutes=10, **chosen):
    found = stop(cell).interval
    at = shown_time(found.start + timedelta(minutes=minutes), site_zone())
    named = {part: reason(name) for part, name in chosen.items()}
    return client.post(address(cell, "split"), data={"end": iso(found.end), "at": at, **named})


def test_a_stop_is_split(client, cell):
    sits(client, "oli")

    answer = split(client, cell, before="Tool broke", after="Crash")

    assert notes(cell) == ["Tool broke", "Crash"]
    assert "C01 split at" in words(client.get(answer.location))


@pytest.fixture
def short(app):
    """In Lagos, where no night has an hour twice; down for one minute of the clock."""
    make_site(zone="Africa/Lagos")
    cell = make_cell("C02", now=utcnow(), in_service_from=utcnow() - timedelta(days=2))
    start = epoch(utcnow()) // 60 * 60 - 7200
    with transaction():
        ledger.assign(cell.book_id, cell.id, start, start + 60, ledger.State.DOWN, ledger.Source.FEED)
    return cell


def test_a_short_stop_is_split_at_its_second(client, short):
    sits(client, "oli")
    found = stop(short).interval
    form = values(client.get(address(short, "split").removesuffix("/split")))

    sent = {"end": iso(found.end), "at": form["at"], "before": reason("Tool broke"), "after": reason("Crash")}
    answer = client.post(address(short, "split"), data=sent)

    assert form["at"] == f"{found.start + timedelta(hours=1, seconds=30):%Y-%m-%d %H:%M:%S}"
    assert notes(short) == ["Tool broke", "Crash"]
    assert f"C02 split at {form['at'][11:]}" in words(client.get(answer.location))


@pytest.mark.parametrize(("minutes", "chosen"), [(45, {"before": "Crash"}), (-5, {"before": "Crash"}), (10, {})])
def test_a_split_that_cannot_be(client, cell, minutes, chosen):
    sits(client, "oli")

    answer = split(client, cell, minutes, **chosen)

    assert answer.status_code == 400
    assert notes(cell) == []


@pytest.mark.parametrize("at", ["", "noon", "2026-02-30 10:00"])
def test_a_time_that_is_none(client, cell, at):
    sits(client, "oli")

    end = iso(stop(cell).interval.end)
    answer = client.post(address(cell, "split"), data={"end": end, "at": at, "before": reason("Crash")})

    assert answer.status_code == 400


def test_a_reason_that_does_not_fit_is_refused_in_words(client, cell):
    sits(client, "oli")

    answer = give(client, cell, "No material")

    assert answer.status_code == 409
    assert "C01 was down then; “No material” explains idle. What fits: Tool broke" in words(answer)
    assert notes(cell) == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"reason": ""}, 400),
        ({"reason": "x"}, 400),
        ({"reason": "77777"}, 404),
        ({"end": "soon"}, 400),
        ({"end": "1990-01-01T00:00:00Z"}, 400),
        ({"end": "2090-01-01T00:00:00Z"}, 400),
        ({"comment": "x" * 201}, 400),
    ],
)
def test_odd_words_are_refused(client, cell, sent, status):
    sits(client, "oli")

    answer = client.post(
        address(cell, "reason"),
        data={"end": iso(stop(cell).interval.end), "reason": reason("Tool broke"), **sent},
    )

    assert answer.status_code == status
    assert notes(cell) == []


@pytest.mark.parametrize("username", ["ada", "dee", "pat"])
def test_nobody_else_may(client, cell, username):
    sits(client, username)

    said = panel(client, cell)

    assert "No reason yet" in said
    assert "Spindle or drive fault" not in said
    assert give(client, cell).status_code == 403
    assert client.get("/reasons").status_code == 403


def test_nobody_is_sent_to_sign_in(client, cell):
    assert give(client, cell).status_code == 401


def test_a_day_of_the_past(client, cell):
    sits(client, "oli")

    assert "No time was lost" in panel(client, cell, day="2020-02-29")
    assert "last 24 hours" in panel(client, cell, day="nonsense")
    assert "2 without a reason" in panel(client, cell)


def test_those_that_want_a_reason_in_one_list(client, cell):
    other = stopped_cell("C02", said=((50, "down", "E-9"),))
    sits(client, "oli")

    page = words(client.get("/reasons"))
    of_one = words(client.get("/reasons", query_string={"cell": other.id}))

    assert "Last 24 hours 3" in page
    assert page.index("machine said E-9") < page.index("machine said E-417")
    assert "Last 24 hours 1" in of_one


def test_back_to_the_list_with_its_filters(client, cell):
    sits(client, "oli")

    answer = give(client, cell, back="list", r="7d", cell=str(cell.id))

    assert answer.location.startswith(f"/reasons?r=7d&cell={cell.id}&undo=")
    assert "Last 7 days 1" in words(client.get(answer.location))


def test_every_stop_has_a_reason(client):
    idle_cell()
    sits(client, "oli")

    assert "Every stop has a reason" in words(client.get("/reasons"))


@pytest.mark.parametrize("query", [{"r": "x"}, {"cell": "x"}, {"site": "9" * 30}, {"cell": "77"}])
def test_odd_filters_are_as_if_they_had_not_been_said(client, cell, query):
    sits(client, "oli")

    assert client.get("/reasons", query_string=query).status_code == 200


@pytest.mark.parametrize("start", ["x", "2020-01-01T00:00:00Z", "9999-12-31T00:00:00Z"])
def test_a_stop_that_is_not_there(client, cell, start):
    sits(client, "oli")

    assert client.get(f"/cells/{cell.id}/intervals/{start}").status_code in (400, 404)


def test_the_history_as_a_program_reads_it_says_the_same(client, cell):
    sits(client, "oli")
    give(client, cell, comment="Spare ordered")
    now = utcnow()

    query = {"start_time": iso(now - timedelta(hours=2)), "end_time": iso(now)}
    told = client.get(f"/api/cells/{cell.id}/timeline", query_string=query).json
    rows = client.get(f"/api/cells/{cell.id}/timeline.csv", query_string=query).get_data(as_text=True)

    assert [one["reason"] for one in told["intervals"] if one["state"] == "down"] == ["Tool broke: Spare ordered"]
    assert ",Tool broke: Spare ordered,feed" in rows
