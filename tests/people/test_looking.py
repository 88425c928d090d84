"""When a person last looked at a board."""

from datetime import timedelta

from tests.world import NOW, make_person
from webapp import people


def test_who_never_looked_has_no_time(app):
    assert people.looked_at(make_person("sam").id, "board") is None


def test_a_look_is_kept_for_each_person_and_board(app):
    sam, oli = make_person("sam"), make_person("oli")

    people.look(sam.id, "board", NOW)

    assert people.looked_at(sam.id, "board") == NOW
    assert people.looked_at(sam.id, "floor") is None
    assert people.looked_at(oli.id, "board") is None


def test_a_later_look_takes_the_place_of_an_earlier(app):
    sam = make_person("sam")
    people.look(sam.id, "board", NOW)

    people.look(sam.id, "board", NOW + timedelta(minutes=5))

    assert people.looked_at(sam.id, "board") == NOW + timedelta(minutes=5)


def test_a_clock_that_was_set_back_unsees_nothing(app):
    sam = make_person("sam")
    people.look(sam.id, "board", NOW)

    people.look(sam.id, "board", NOW - timedelta(hours=1))

    assert people.looked_at(sam.id, "board") == NOW
