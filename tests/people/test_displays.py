"""What the desk decides about a screen, and what reaches it."""

from datetime import timedelta

import pytest

from tests.world import NOW
from webapp import people
from webapp.extensions import db, listeners
from webapp.lib.refusal import Invalid, NotFound
from webapp.people import DisplayDetails, Item
from webapp.people.roles import NOBODY

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def token(app):
    return people.show_code("10.0.0.7", "Television", NOW)


@pytest.fixture
def display(token):
    return people.pair_display(people.code_of(token), DisplayDetails("Hall A"), "root", NOW)


@pytest.fixture
def told(monkeypatch):
    """The words that left after each commit."""
    words = set()
    monkeypatch.setattr("webapp.extensions.listeners", [*listeners, words.update])
    return words


def test_it_shows_the_board_then_utilization(display):
    assert people.items_of(display) == [Item("board", 60), Item("utilization", 40)]
    assert (display.night_from, display.night_to) == ("22:00", "06:00")


def test_a_screen_may_look_at_walls_and_at_nothing_else(token, display):
    caller = people.caller_for_screen(token)

    assert caller.verbs - NOBODY == {"see walls", "see display"}
    assert caller.is_authenticated
    assert caller.user is None


def test_another_playlist_is_told_to_the_screen(display, told):
    details = DisplayDetails("Hall A", [Item("utilization", 30, 3)], 3, ("", ""))

    people.change_display(display.id, details, "root", LATER)

    changed = people.one_display(display.id)
    assert (people.items_of(changed), changed.site_id, changed.told) == ([Item("utilization", 30, 3)], 3, 1)
    assert {"displays", f"display:{display.id}"} <= told


def test_the_same_again_is_no_news(display):
    people.change_display(display.id, DisplayDetails("Hall A"), "root", LATER)

    assert people.one_display(display.id).told == 0


@pytest.mark.parametrize(
    ("field", "details"),
    [
        ("name", DisplayDetails("")),
        ("name", DisplayDetails("x" * 61)),
        ("name", DisplayDetails("a\0b")),
        ("playlist", DisplayDetails("A", [])),
        ("playlist", DisplayDetails("A", [Item("weather", 60)])),
        ("playlist", DisplayDetails("A", [Item("board", 9)])),
        ("playlist", DisplayDetails("A", [Item("board", 60)] * 7)),
        ("night_from", DisplayDetails("A", night=("22:00", ""))),
        ("night_from", DisplayDetails("A", night=("24:00", "06:00"))),
        ("night_from", DisplayDetails("A", night=("06:00", "06:00"))),
    ],
)
def test_what_no_screen_can_do_is_refused(display, field, details):
    with pytest.raises(Invalid) as no:
        people.change_display(display.id, details, "root", LATER)

    assert field in no.value.details["fields"]


def test_load_again(display):
    people.reload_display(display.id, "root", LATER)

    assert (people.one_display(display.id).told, people.one_display(display.id).heeded) == (1, 0)


def test_what_it_says_of_itself_is_kept_and_is_news_to_the_register_only(display, told):
    people.reload_display(display.id, "root", LATER)
    told.clear()

    people.note_shown(display.id, "Utilization, page 2 of 3", 1, LATER)

    seen = people.one_display(display.id)
    assert (seen.last_seen, seen.showing, seen.heeded) == (LATER, "Utilization, page 2 of 3", 1)
    assert told == {"displays"}


def test_it_cannot_have_loaded_what_it_was_not_told(display):
    people.note_shown(display.id, "", 7, LATER)

    assert people.one_display(display.id).heeded == 0


def test_revoked_it_is_nobody_and_its_stream_is_closed(token, display, told):
    people.revoke_display(display.id, "root", LATER)
    people.revoke_display(display.id, "root", LATER)  # twice is harmless

    assert people.caller_for_screen(token) is None
    assert people.displays() == []
    assert f"kick:display:{display.id}" in told


def test_that_it_was_seen_is_written_once_a_minute(token, display):
    assert people.is_due(people.caller_for_screen(token), NOW)
    people.note_seen(people.caller_for_screen(token), NOW)
    db.session.expire_all()

    caller = people.caller_for_screen(token)

    assert not people.is_due(caller, NOW + timedelta(seconds=59))
    assert people.is_due(caller, NOW + timedelta(seconds=60))


@pytest.mark.parametrize("id", [0, -1, 77, 2**40])
def test_there_is_no_such_screen(app, id):
    with pytest.raises(NotFound):
        people.one_display(id)
    with pytest.raises(NotFound):
        people.revoke_display(id, "root", NOW)
