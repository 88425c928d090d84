from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.world import NOW, PASSWORD, make_person
from webapp import people
from webapp.extensions import db
from webapp.lib.refusal import NotSignedIn, TooMany
from webapp.people.guessing import ADDRESS, BOTH, Limit

HERE, ELSEWHERE = "10.0.0.7", "10.0.0.8"
A_MINUTE = timedelta(minutes=1)


def enter(username="ada", password=PASSWORD, origin=HERE, now=NOW):
    return people.sign_in(username, password, origin, "Firefox", now)


def guess(times, username="ada", origin=HERE, now=NOW):
    """How many wrong passwords were heard out before there was a pause."""
    for heard in range(times):
        try:
            enter(username, "wrong", origin, now)
        except TooMany:
            return heard
        except NotSignedIn:
            continue
    return times


def test_a_bucket_gives_back_with_time():
    limit = Limit(3, A_MINUTE)

    assert limit.level(3, NOW, NOW + timedelta(seconds=59)) == (3, NOW)
    assert limit.level(3, NOW, NOW + timedelta(seconds=130)) == (1, NOW + 2 * A_MINUTE)
    assert limit.level(3, NOW, NOW + timedelta(days=9)) == (0, NOW + timedelta(days=9))


def test_a_clock_set_back_neither_gives_nor_takes():
    assert Limit(3, A_MINUTE).level(2, NOW, NOW - timedelta(hours=1)) == (2, NOW)


def test_the_wait_is_until_the_next_one_is_given_back():
    limit = Limit(3, A_MINUTE)

    assert limit.wait(2, NOW, NOW) == 0
    assert 40 <= limit.wait(3, NOW, NOW + timedelta(seconds=20)) <= 41


@pytest.mark.parametrize("username", ["ada", "nobody-here", "not a name"])
def test_guessing_one_name_is_stopped_whether_or_not_it_exists(app, username):
    make_person("ada")

    assert guess(30, username) == BOTH.most


def test_the_pause_says_how_long(app):
    guess(30)

    with pytest.raises(TooMany) as no:
        enter("ada", "wrong", now=NOW + timedelta(seconds=15))

    assert 45 <= no.value.details["retry_after"] <= 46
    assert no.value.message == "Too many wrong tries; try again in 46 seconds"


def test_in_a_pause_the_right_password_is_not_told_from_a_wrong_one(app):
    make_person("ada")
    guess(30)

    with pytest.raises(TooMany):
        enter()


def test_the_window_slides(app):
    make_person("ada")
    guess(30)

    assert guess(30, now=NOW + 3 * A_MINUTE) == 3
    assert enter(now=NOW + 5 * A_MINUTE)


def test_two_wrong_passwords_lock_nobody_out(app):
    make_person("ada")
    guess(2)

    assert enter()


def test_the_owner_comes_in_from_elsewhere_while_somebody_guesses(app):
    make_person("ada")
    guess(30)

    assert enter(origin=ELSEWHERE)


def test_the_right_password_forgives_the_name(app):
    make_person("ada")
    guess(BOTH.most - 1)

    enter()

    assert guess(30) == BOTH.most


def test_one_address_cannot_go_through_all_names(app):
    heard = sum(guess(1, f"name-{n}") for n in range(100))

    assert heard == ADDRESS.most < 100


def test_many_addresses_cannot_go_through_one_name(app):
    heard = sum(guess(1, origin=f"10.0.1.{n}") for n in range(30))

    assert heard == 25


def test_a_hundred_tries_at_once_are_heard_no_better_than_one_after_the_other(factory, app):
    make_person("ada")
    db.session.remove()

    def one(_):
        with factory.app_context():
            return guess(1)

    with ThreadPoolExecutor(8) as pool:
        heard = sum(pool.map(one, range(24)))

    assert heard == BOTH.most


def test_guesses_long_past_are_forgotten(app):
    guess(30)

    people.forget_ended(NOW + timedelta(hours=2))

    assert guess(30, now=NOW + timedelta(hours=2)) == BOTH.most
