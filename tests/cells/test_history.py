"""A cell's past: with its reasons, and corrected by those who know better."""

from datetime import timedelta

import pytest

from tests.cells.machines import open_hall
from tests.world import NOW, at, make_cell
from webapp import cells, journal, ledger
from webapp.extensions import db, transaction
from webapp.lib.clock import epoch
from webapp.lib.refusal import Invalid
from webapp.lib.window import Window

MORNING = Window(at("09:00"), at("10:00"))


def watched(cell, start, end=NOW):
    lease = ledger.lease(cell.book_id, 1, epoch(start))
    with transaction():
        for slot in (epoch(start), epoch(end) - 1):
            ledger.tick(lease, slot, {})


def report(cell, *said):
    cells.keep_readings(cell.id, [cells.ReadingItem(state, at(clock), detail) for clock, state, detail in said], NOW)


def told(cell, window=MORNING, now=NOW):
    return [
        (span.state, f"{span.start:%H:%M}", f"{span.end:%H:%M}", span.reason, span.source)
        for span in cells.timeline(cell.id, window, now)
    ]


def make_watched_cell():
    cell = make_cell(heartbeat=3600)
    watched(cell, at("08:00"))
    report(cell, ("08:30", "running", ""), ("09:20", "down", "E-417"), ("09:50", "idle", ""))
    return cell


def test_a_timeline_has_no_gaps_and_says_why(app):
    cell = make_watched_cell()

    assert told(cell) == [
        ("running", "09:00", "09:20", "", "feed"),
        ("down", "09:20", "09:50", "E-417", "feed"),
        ("idle", "09:50", "10:00", "", "feed"),
    ]


def test_a_reason_given_before_the_window_is_known_inside_it(app):
    cell = make_watched_cell()

    assert told(cell, Window(at("09:30"), at("09:40"))) == [("down", "09:30", "09:40", "E-417", "feed")]


def test_a_timeline_ends_now_and_begins_with_the_service(app):
    cell = make_cell(in_service_from=at("09:30"))

    assert told(cell, Window(at("09:00"), at("12:00")), now=at("09:45")) == [("unknown", "09:30", "09:45", "", "none")]
    assert told(cell, Window(at("11:00"), at("12:00"))) == []


def test_the_words_of_a_pulled_cell_belong_to_the_state_they_were_said_of(app):
    with open_hall() as hall:
        cell = make_cell(address=hall.address(), networks=hall.networks, now=at("08:00"))
        said = [("down", "E-417"), ("down", "waiting for Kim"), ("running", ""), ("down", ""), ("setup", "Nest 3")]
        for minute, (status, detail) in enumerate(said):
            hall.says[1] = {"status": status, "detail": detail}
            cells.take_samples(epoch(at("09:00")) + 60 * minute, 60, hall.networks)

    assert [(state, reason) for state, *_, reason, _ in told(cell, Window(at("09:00"), at("09:05")))] == [
        ("down", "E-417"),
        ("running", ""),
        ("down", ""),
        ("setup", "Nest 3"),
    ]
    assert told(cell, Window(at("09:01"), at("09:02")))[0][3] == "E-417"


def correct(cell, window=None, state="running", why="It ran, the cable was loose", now=NOW):
    window = window or Window(at("09:25"), at("09:35"))
    return cells.correct_history(cell.id, window, state, why, "sam", now)


def test_a_correction_says_who_and_why(app):
    cell = make_watched_cell()

    correct(cell)

    assert told(cell)[1:4] == [
        ("down", "09:20", "09:25", "E-417", "feed"),
        ("running", "09:25", "09:35", "It ran, the cable was loose (sam)", "person"),
        ("down", "09:35", "09:50", "E-417", "feed"),
    ]
    [change] = db.session.query(cells.Correction)
    assert (change.state, change.by, change.why, change.at) == ("running", "sam", "It ran, the cable was loose", NOW)
    assert journal.recent(f"cell:{cell.id}")[0].verb == "corrected history"


def test_no_feed_overwrites_a_person(app):
    cell = make_watched_cell()
    correct(cell)

    report(cell, ("09:30", "setup", ""))

    assert ("running", "09:25", "09:35", "It ran, the cable was loose (sam)", "person") in told(cell)


def test_the_last_person_stands(app):
    cell = make_watched_cell()
    correct(cell, why="first")

    correct(cell, state="maintenance", why="second")

    assert ("maintenance", "09:25", "09:35", "second (sam)", "person") in told(cell)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"state": "held"}, "state"),
        ({"state": "tea"}, "state"),
        ({"why": " "}, "why"),
        ({"why": "x" * 201}, "why"),
        ({"window": Window(NOW - timedelta(minutes=1), NOW + timedelta(minutes=1))}, "window"),
        ({"window": Window(NOW - timedelta(days=2), NOW)}, "window"),
    ],
)
def test_a_correction_that_cannot_be(app, given, field):
    cell = make_watched_cell()
    before = told(cell)

    with pytest.raises(Invalid) as no:
        correct(cell, **given)

    assert list(no.value.details["fields"]) == [field]
    assert told(cell) == before
