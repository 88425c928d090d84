from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from tests.world import NOW, PASSWORD, make_person
from webapp import journal, people
from webapp.lib.refusal import NotFound, NotSignedIn
from webapp.people.passwords import keep

HERE = "10.0.0.7"


def enter(username="ada", password=PASSWORD, origin=HERE, now=NOW):
    return people.sign_in(username, password, origin, "Firefox", now)


def test_the_right_password_opens_a_session(app):
    make_person("ada")

    user, secret = enter()

    assert people.caller_for_session(secret, NOW).name == user.username == "ada"


def test_a_name_is_the_same_in_capitals(app):
    make_person("ada")

    user, _ = enter(" Ada ")

    assert user.username == "ada"


@pytest.mark.parametrize("username", ["ada", "nobody-here", "", "a\0b", "x" * 500, "ünknown"])
def test_every_mismatch_is_told_in_the_same_words(app, username):
    make_person("ada")

    with pytest.raises(NotSignedIn) as no:
        enter(username, "wrong")

    assert no.value.message == "The name or the password is wrong"


@pytest.mark.parametrize("password", ["", "\0", "\ud800", "x" * 100_000])
def test_a_password_may_be_anything_and_is_wrong(app, password):
    make_person("ada")

    with pytest.raises(NotSignedIn):
        enter("ada", password)


def test_a_password_is_the_same_however_its_accents_were_typed(app):
    make_person("ada", password="caf\u00e9 au lait")

    user, _ = enter("ada", "cafe\u0301 au lait")

    assert user.username == "ada"


@pytest.mark.parametrize("username", ["ada", "oli", "nobody-here", "not a name"])
def test_finding_out_takes_one_comparison_whoever_it_is(app, monkeypatch, username):
    make_person("ada")
    people.set_disabled(make_person("oli").id, True, "the factory", NOW)
    compared = []
    monkeypatch.setattr(PasswordHasher, "verify", lambda _, kept, word: compared.append(kept))

    with pytest.raises(NotSignedIn):
        enter(username, "wrong")

    [kept] = compared
    assert kept.startswith("$argon2id$")


def test_somebody_disabled_is_told_no_more_than_a_stranger(app):
    oli = make_person("oli")
    people.set_disabled(oli.id, True, "the factory", NOW)

    with pytest.raises(NotSignedIn, match="The name or the password is wrong"):
        enter("oli")


def test_the_secret_itself_is_not_kept(app):
    ada = make_person("ada")

    _, secret = enter()

    [row] = people.sessions_of(ada.id, NOW)
    assert secret not in (row.digest, row.browser, row.origin)


def test_a_session_says_from_where_and_with_what(app):
    ada = make_person("ada")

    people.sign_in("ada", PASSWORD, HERE, "Fire\nfox" + "x" * 500, NOW)

    [row] = people.sessions_of(ada.id, NOW)
    assert (row.origin, row.at, row.browser[:8], len(row.browser)) == (HERE, NOW, "Firefoxx", 200)


def test_signing_in_and_its_refusal_are_written_down_without_the_password(app):
    ada = make_person("ada")

    enter()
    with pytest.raises(NotSignedIn):
        enter(password="hunter-22")

    refused, signed_in = journal.recent(f"user:{ada.id}", limit=2)
    assert (refused.verb, refused.by, signed_in.verb) == ("refused sign-in", "ada", "signed in")
    assert "hunter-22" not in str(refused.details)


def test_a_password_typed_as_a_name_is_not_written_down(app):
    with pytest.raises(NotSignedIn):
        enter("hunter-22", "x")

    [entry] = journal.recent("user:?")
    assert "hunter-22" not in f"{entry.by} {entry.details}"


def test_a_hash_of_older_parameters_is_made_anew(app, monkeypatch):
    ada = make_person("ada")
    before = ada.password_hash
    monkeypatch.setattr("webapp.people.passwords.is_outdated", lambda kept: kept == before)

    enter()

    assert people.one_user(ada.id).password_hash != before
    assert enter()


def test_a_password_changed_while_it_was_compared_opens_nothing(app, monkeypatch):
    ada = make_person("ada")
    user_id = ada.id

    def change_meanwhile(password, kept):
        monkeypatch.undo()
        people.change_password(user_id, None, "something else entirely", "the factory", NOW)
        return True

    monkeypatch.setattr("webapp.people.passwords.matches", change_meanwhile)
    with pytest.raises(NotSignedIn):
        enter()

    assert not people.sessions_of(user_id, NOW)


def test_signing_out_ends_the_session_and_twice_is_harmless(app):
    ada = make_person("ada")
    _, secret = enter()

    people.sign_out(secret, NOW)
    people.sign_out(secret, NOW)

    assert people.caller_for_session(secret, NOW) is None
    assert [entry.verb for entry in journal.recent(f"user:{ada.id}", limit=1)] == ["signed out"]


def test_a_session_left_alone_for_a_shift_is_over(app):
    make_person("ada")
    _, secret = enter()

    assert people.caller_for_session(secret, NOW + timedelta(hours=12))
    assert people.caller_for_session(secret, NOW + timedelta(hours=12, seconds=1)) is None


def test_a_session_that_is_over_is_not_listed(app):
    ada = make_person("ada")
    enter()

    assert len(people.sessions_of(ada.id, NOW + timedelta(hours=12))) == 1
    assert not people.sessions_of(ada.id, NOW + timedelta(hours=13))


def test_a_session_in_use_lives_on_but_not_for_ever(app):
    make_person("ada")
    _, secret = enter()

    seen = [NOW + timedelta(hours=6 * n) for n in range(40)]
    lived = [
        now for now in seen if (caller := people.caller_for_session(secret, now)) and not people.note_seen(caller, now)
    ]

    assert lived == [now for now in seen if now <= NOW + timedelta(days=7)]


def test_being_seen_is_due_once_a_minute(app):
    ada = make_person("ada")
    _, secret = enter()
    caller = people.caller_for_session(secret, NOW)

    assert not people.is_due(caller, NOW + timedelta(seconds=59))
    assert people.is_due(caller, NOW + timedelta(seconds=60))
    people.note_seen(caller, NOW + timedelta(seconds=60))

    [row] = people.sessions_of(ada.id, NOW)
    assert row.seen == people.one_user(ada.id).seen_at == NOW + timedelta(seconds=60)


def test_nobody_is_never_due(app):
    assert not people.is_due(people.nobody(True), NOW)


def test_one_ends_ones_own_sessions(app):
    ada = make_person("ada")
    _, old = enter()
    _, new = enter()
    here = people.caller_for_session(new, NOW)
    other = next(row.id for row in people.sessions_of(ada.id, NOW) if row.id != here.sign_in_id)

    people.end_session(other, here, NOW)

    assert people.caller_for_session(old, NOW) is None
    assert people.caller_for_session(new, NOW)


def test_nobody_ends_somebody_elses_session_but_an_administrator(app):
    make_person("ada")
    _, secret = enter()
    session_id = people.caller_for_session(secret, NOW).sign_in_id
    sam, root = people.caller(make_person("sam")), people.caller(make_person("root"))

    with pytest.raises(NotFound):
        people.end_session(session_id, sam, NOW)
    people.end_session(session_id, root, NOW)

    assert people.caller_for_session(secret, NOW) is None


def test_a_token_given_out_at_sign_in_dies_with_the_session(app):
    ada = make_person("ada")
    _, secret = enter()
    here = people.caller_for_session(secret, NOW)
    _, token = people.issue_token(ada.id, "sign-in", "all", None, here, NOW, sign_in_id=here.sign_in_id)

    people.leave(people.caller_for_token(token, NOW), NOW)

    assert people.caller_for_token(token, NOW) is None
    assert people.caller_for_session(secret, NOW) is None


def test_leaving_with_a_token_of_its_own_ends_only_that_token(app):
    ada = make_person("ada")
    _, secret = enter()
    _, token = people.issue_token(ada.id, "script", "all", None, people.caller(ada), NOW)

    people.leave(people.caller_for_token(token, NOW), NOW)

    assert people.caller_for_token(token, NOW) is None
    assert people.caller_for_session(secret, NOW)


def test_what_ended_long_ago_is_forgotten(app):
    ada = make_person("ada")
    enter()
    _, living = people.issue_token(ada.id, "living", "all", None, "the factory", NOW)
    people.issue_token(ada.id, "dead", "all", NOW + timedelta(days=1), "the factory", NOW)

    people.forget_ended(NOW + timedelta(days=40))

    assert not people.sessions_of(ada.id, NOW + timedelta(days=40))
    assert [token.name for token in people.tokens_of(ada.id)] == ["living"]
    assert people.caller_for_token(living, NOW + timedelta(days=40))


def test_a_kept_hash_does_not_hold_the_password(app):
    assert PASSWORD not in keep(PASSWORD)


def test_everybodys_sessions_end_at_once_and_tokens_of_programs_live_on(app):
    ada, sam = make_person("ada"), make_person("sam")
    for name in ("ada", "sam"):
        people.sign_in(name, PASSWORD, "", "", NOW)
    _, secret = people.issue_token(ada.id, "a script", "all", NOW + timedelta(days=90), "ada", NOW)

    people.end_every_session("the shell", NOW)

    assert people.sessions_of(ada.id, NOW) == people.sessions_of(sam.id, NOW) == []
    assert people.caller_for_token(secret, NOW)
    assert journal.recent("factory")[0].verb == "ended every session"
