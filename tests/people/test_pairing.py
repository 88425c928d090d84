"""A screen's code, and the token that becomes good with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.world import NOW, person
from webapp import journal, people
from webapp.extensions import db
from webapp.lib.refusal import Invalid, TooMany
from webapp.people import DisplayDetails
from webapp.people.models import PairingCode

HALL = DisplayDetails("Hall A, north wall")
SECONDS = timedelta(seconds=1)


def token(now=NOW):
    return people.show_code("10.0.0.7", "Television", now)


def pair(code, by="root", now=NOW):
    return people.pair_display(code, HALL, by, now)


def test_a_code_makes_its_token_good(app):
    secret = token()
    assert people.caller_for_screen(secret) is None

    display = pair(people.code_of(secret))

    caller = people.caller_for_screen(secret)
    assert (caller.screen.id, caller.name) == (display.id, f"display:{display.id}")
    assert (display.name, display.browser, display.paired_by) == ("Hall A, north wall", "Television", "root")


def test_a_code_has_six_characters_that_nobody_confuses(app):
    codes = {people.code_of(token()) for _ in range(9)}

    assert len(codes) == 9
    assert {len(code) for code in codes} == {6}
    assert not set("".join(codes)) & set("01OIL")


def test_it_is_taken_as_a_person_types_it(app):
    code = people.code_of(token()).lower()

    assert pair(f" {code[:3]}-{code[3:]} ")


@pytest.mark.parametrize("code", ["", "AAAAAA", "\0", "ß" * 9000])
def test_another_pairs_nothing(app, code):
    token()

    with pytest.raises(Invalid) as no:
        pair(code)

    assert "code" in no.value.details["fields"]
    assert people.displays() == []


def test_it_is_good_for_ten_minutes(app):
    secret = token()
    code, later = people.code_of(secret), NOW + timedelta(minutes=10)
    assert people.is_waiting(secret, later - SECONDS)

    assert not people.is_waiting(secret, later)
    with pytest.raises(Invalid):
        pair(code, now=later)


def test_it_is_good_once(app):
    secret = token()
    pair(people.code_of(secret))

    with pytest.raises(Invalid):
        pair(people.code_of(secret), by="ada")
    assert len(people.displays()) == 1


def test_of_two_who_type_it_at_the_same_moment_one_pairs_it(app):
    code = people.code_of(token())

    def type_it(by):
        with app.app_context():
            try:
                return pair(code, by=by).id
            except Invalid:
                return None

    with ThreadPoolExecutor(8) as pool:
        made = [id for id in pool.map(type_it, [f"admin{n}" for n in range(8)]) if id]

    assert len(made) == len(people.displays()) == 1


def test_neither_code_nor_token_is_kept(app):
    secret = token()
    pair(people.code_of(secret))

    kept = repr([vars(row) for kind in (PairingCode, people.Display) for row in db.session.query(kind)])

    assert secret not in kept
    assert people.code_of(secret) not in kept


def test_ten_wrong_codes_are_heard_then_one_a_minute(app):
    code, root = people.code_of(token()), person("root")
    for _ in range(10):
        with pytest.raises(Invalid):
            pair("AAAAAA", by=root)

    with pytest.raises(TooMany):
        pair(code, by=root)
    assert pair(code, by="another", now=NOW)  # somebody else at the desk is not shut out


def test_one_address_gets_no_more_codes_than_a_hall_needs(app):
    for _ in range(60):
        token()

    with pytest.raises(TooMany):
        token()
    assert people.show_code("10.0.0.8", "Television", NOW)


def test_codes_that_are_over_are_forgotten(app):
    token()
    token(NOW + timedelta(minutes=11))

    assert db.session.query(PairingCode).count() == 1


def test_pairing_is_written_down(app):
    display = pair(people.code_of(token()))

    [entry] = journal.recent(f"display:{display.id}", limit=5)
    assert (entry.verb, entry.by, entry.details["name"]) == ("paired display", "root", "Hall A, north wall")


def test_another_device_takes_the_place_and_shuts_the_first_out(app):
    first, second = token(), token()
    display = pair(people.code_of(first))

    people.pair_again(display.id, people.code_of(second), "root", NOW)

    assert people.caller_for_screen(first) is None
    assert people.caller_for_screen(second).screen.id == display.id
