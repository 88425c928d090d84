"""Timelines of hours that are closed: held by a program until anything in them reads differently."""

from datetime import timedelta

import pytest

from tests.api.programs import nobody
from tests.api.test_cells import was
from tests.cells.imports.files import bring, text
from tests.world import make_cell
from webapp import cells, ledger
from webapp.cells import CellDetails, FeedDetails, ReadingItem
from webapp.config import networks
from webapp.lib.clock import epoch, iso, moment, utcnow
from webapp.lib.window import Window

HOUR, MINUTE = 3600, timedelta(minutes=1)
FILES = ["timeline", "timeline.csv", "timeline?limit=2"]


@pytest.fixture
def past(app):
    """Three whole hours that ended two hours ago."""
    end = epoch(utcnow()) // HOUR * HOUR - 2 * HOUR
    return Window(moment(end - 3 * HOUR), moment(end))


@pytest.fixture
def cell(app, past):
    """It was down for half of the first hour, and then idle; all of it is closed."""
    made = make_cell("C01", now=utcnow(), in_service_from=past.start - timedelta(days=1))
    was(made, "down", past.start, HOUR // 2)
    was(made, "idle", past.start + 30 * MINUTE, HOUR)
    ledger.close_hours(epoch(utcnow()))
    return made


def asked(app, cell, past, file="timeline", **headers):
    more = "&" if "?" in file else "?"
    path = f"/cells/{cell.id}/{file}{more}start_time={iso(past.start)}&end_time={iso(past.end)}"
    answer = nobody(app).get(path, **headers)
    answer.get_data()  # a stream that nobody reads to its end keeps its request open
    return answer


@pytest.mark.parametrize("file", FILES)
def test_who_holds_it_is_told_so(app, cell, past, file):
    first = asked(app, cell, past, file)

    again = asked(app, cell, past, file, If_None_Match=first.headers["ETag"])

    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_it_is_not_read_to_say_so(app, cell, past, monkeypatch):
    tags = [asked(app, cell, past, file).headers["ETag"] for file in FILES]
    monkeypatch.setattr(cells, "long_timeline", lambda *_: pytest.fail("it was read"))

    held = [asked(app, cell, past, file, If_None_Match=tag) for file, tag in zip(FILES, tags, strict=True)]

    assert [answer.status_code for answer in held] == [304] * 3


def test_each_cell_window_and_page_has_a_tag_of_its_own(app, cell, past):
    other = make_cell("C02", now=utcnow(), in_service_from=past.start)
    ledger.close_hours(epoch(utcnow()))
    later = Window(past.start + MINUTE, past.end)

    asks = [(cell, past, "timeline"), (other, past, "timeline"), (cell, later, "timeline")]
    asks += [(cell, past, "timeline?limit=1"), (cell, past, f"timeline?after={iso(past.start + MINUTE)}")]

    assert len({asked(app, *one).headers["ETag"] for one in asks}) == len(asks)


def test_hours_that_are_open_have_none(app, cell):
    now = utcnow()

    assert "ETag" not in asked(app, cell, Window(now - timedelta(hours=3), now)).headers
    assert "ETag" not in asked(app, cell, Window(now - timedelta(hours=3), now), "timeline.csv").headers


def stop(past):
    return Window(past.start, past.start + 30 * MINUTE)


def explain(cell, part, goes_on=False):
    reason = next(one for one in cells.reasons() if "down" in one.states)
    return cells.give_reason(cell.id, part, reason.id, "sam", utcnow(), goes_on=goes_on)


def correct(cell, past, why="I saw it"):
    return cells.correct_history(cell.id, stop(past), "running", why, "sam", utcnow())


def say(cell, past):
    cells.keep_readings(cell.id, [ReadingItem("down", past.start + MINUTE, "Torn belt")], utcnow())


def correction(cell, past, folder):
    yield
    correct(cell, past)


def correction_that_says_it_again(cell, past, folder):
    correct(cell, past)
    yield
    correct(cell, past, "The camera saw it")


def file_that_says_it_again(cell, past, folder):
    correct(cell, past)
    yield
    row = f"C01,running,{iso(past.start)},{iso(past.start + 30 * MINUTE)}"
    bring(text(row), folder, now=utcnow(), source="person", why="The shift's book")


def correction_taken_back(cell, past, folder):
    made = correct(cell, past)
    yield
    cells.take_correction_back(made.id, "sam", utcnow())


def reason(cell, past, folder):
    yield
    explain(cell, stop(past))


def reason_taken_back(cell, past, folder):
    note = explain(cell, stop(past))
    yield
    cells.take_reason_back(note.id, "sam", utcnow())


def reason_that_grows_with_its_stop(cell, past, folder):
    explain(cell, Window(past.start, past.start + MINUTE), goes_on=True)
    yield
    cells.carry_notes(utcnow())


def reason_of_another_name(cell, past, folder):
    given = explain(cell, stop(past)).reason
    yield
    cells.change_reason(given.id, "Stood for another reason", given.states, True, "root", utcnow())


def word_that_changes_no_state(cell, past, folder):
    asked = {"driver": "http", "address": "http://127.0.0.1:7000", "more_feeds": [FeedDetails("push")]}
    cells.change_cell(cell.id, CellDetails("C01", "mill", **asked), "root", utcnow(), networks("127.0.0.0/8"))
    yield
    say(cell, past)


def words_that_are_forgotten(cell, past, folder):
    say(cell, past)
    yield
    cells.forget_readings(utcnow(), timedelta(0))


CHANGES = [
    *(correction, correction_that_says_it_again, correction_taken_back, file_that_says_it_again),
    *(reason, reason_taken_back, reason_that_grows_with_its_stop, reason_of_another_name),
    *(word_that_changes_no_state, words_that_are_forgotten),
]


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_sent_anew_once_it_reads_differently(app, cell, past, change, tmp_path):
    steps = change(cell, past, tmp_path)
    next(steps)
    before = {file: asked(app, cell, past, file) for file in FILES}

    next(steps, None)

    for file, first in before.items():
        answer = asked(app, cell, past, file, If_None_Match=first.headers["ETag"])
        assert (answer.status_code, answer.headers["ETag"] == first.headers["ETag"]) == (200, False)
        assert answer.data != first.data
