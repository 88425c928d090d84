"""How an issue goes on: notes, another severity, photos, its end, and that it was not over."""

from datetime import timedelta

import pytest

from tests.issues.conftest import make_issue, steps
from tests.issues.shots import jpeg, png
from tests.world import NOW
from webapp import issues
from webapp.lib.refusal import Invalid, WrongState

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def issue(cell, crew):
    return make_issue(cell.id, "care", photos=[jpeg()])


def test_a_note_a_photo_and_another_severity(issue):
    issues.update_issue(issue.id, "ada", LATER, "Now it stands", "stopped", [png(), jpeg()])

    found = issues.one_issue(issue.id)
    told = found.steps[-1]
    assert (found.severity, told.kind, told.words, told.severity) == ("stopped", "updated", "Now it stands", "stopped")
    assert [photo.kind for photo in told.photos] == ["image/png"]


def test_forty_photos_and_no_more(issue):
    for n in range(9):
        issues.update_issue(issue.id, "ada", LATER, photos=[png(width=100 + 4 * n + m) for m in range(4)])

    with pytest.raises(Invalid) as no:
        issues.update_issue(issue.id, "ada", LATER, "More", photos=[png(width=m) for m in (1, 2, 3, 4)])
    assert no.value.details["fields"] == {"photo": ["may be 40 of one issue, which has 37"]}
    assert len(steps(issue.id)) == 10


def test_the_same_severity_again_is_no_news(issue):
    with pytest.raises(Invalid) as no:
        issues.update_issue(issue.id, "ada", LATER, " ", "care")

    assert list(no.value.details["fields"]) == ["words"]
    assert steps(issue.id) == ["reported"]


def test_whoever_closes_it_says_what_was_done(issue):
    issues.take_issue(issue.id, "oli", NOW + timedelta(hours=1))
    issues.close_issue(issue.id, "New nozzle", "oli", LATER, [png()])

    found = issues.one_issue(issue.id)
    assert (found.closed_by, found.done, found.is_open) == ("oli", "New nozzle", False)
    assert (found.until_taken, found.until_closed) == (timedelta(hours=1), timedelta(hours=2))
    assert found.time_open(LATER + timedelta(days=1)) == timedelta(hours=2)


def test_and_has_had_it_where_nobody_had(issue):
    issues.close_issue(issue.id, "Turned the valve", "sam", LATER)

    assert (issues.one_issue(issue.id).owner, issues.one_issue(issue.id).taken_at) == ("sam", LATER)


@pytest.mark.parametrize("done", ["", "  \n", "x" * 1001])
def test_without_a_word_it_stays_open(issue, done):
    with pytest.raises(Invalid) as no:
        issues.close_issue(issue.id, done, "oli", LATER)

    assert list(no.value.details["fields"]) == ["done"]
    assert issues.one_issue(issue.id).is_open


def test_nothing_more_happens_to_one_that_is_closed(issue):
    issues.close_issue(issue.id, "New nozzle", "oli", LATER)

    for act in (
        lambda: issues.take_issue(issue.id, "sam", LATER),
        lambda: issues.hand_over(issue.id, "sam", "oli", LATER),
        lambda: issues.let_issue_go(issue.id, "oli", LATER),
        lambda: issues.update_issue(issue.id, "ada", LATER, "Still drips"),
        lambda: issues.close_issue(issue.id, "Again", "sam", LATER),
    ):
        with pytest.raises(WrongState, match=f"oli has closed issue {issue.id}"):
            act()
    assert steps(issue.id) == ["reported", "closed"]


def test_opened_again_nobody_has_it_and_its_clock_goes_on(issue):
    issues.close_issue(issue.id, "New nozzle", "oli", LATER)
    issues.reopen_issue(issue.id, "It whistles again", "ada", LATER + timedelta(hours=1))

    found = issues.one_issue(issue.id)
    assert (found.is_open, found.owner, found.done, found.closed_by) == (True, "", "", "")
    assert found.time_open(LATER + timedelta(hours=1)) == timedelta(hours=3)
    with pytest.raises(WrongState, match="is open"):
        issues.reopen_issue(issue.id, "", "ada", LATER)


def test_the_worst_first_and_of_those_what_nobody_has(cell, crew):
    info, care = make_issue(cell.id, "info"), make_issue(cell.id, "care")
    owned, older, newer = (make_issue(cell.id, "stopped", now=NOW + timedelta(minutes=n)) for n in (0, 1, 2))
    issues.take_issue(owned.id, "oli", NOW)

    assert [one.id for one in issues.open_issues()] == [one.id for one in (older, newer, owned, care, info)]
    assert issues.tally() == issues.Tally(open=5, unowned=4, unowned_stops=2)
    assert [one.id for one in issues.unowned_stops()] == [older.id, newer.id]
