import pytest

from tests.world import NOW, PASSWORD, make_person
from webapp import journal, people
from webapp.lib.refusal import Invalid, NotFound, NotSignedIn, TooMany

NEW = "a staple of batteries"


def enter(password=PASSWORD):
    return people.sign_in("ada", password, "10.0.0.7", "Firefox", NOW)[1]


def test_the_new_one_works_and_the_old_one_does_not(app):
    ada = make_person("ada")

    people.change_password(ada.id, PASSWORD, NEW, people.caller(ada), NOW)

    assert enter(NEW)
    with pytest.raises(NotSignedIn):
        enter(PASSWORD)


def test_every_other_session_and_every_token_ends(app):
    ada = make_person("ada")
    here, elsewhere = enter(), enter()
    _, token = people.issue_token(ada.id, "script", "all", None, "ada", NOW)

    people.change_password(ada.id, PASSWORD, NEW, people.caller_for_session(here, NOW), NOW)

    assert people.caller_for_session(here, NOW)
    assert people.caller_for_session(elsewhere, NOW) is None
    assert people.caller_for_token(token, NOW) is None


def test_one_that_an_administrator_sets_ends_all(app):
    ada, root = make_person("ada"), make_person("root")
    secret = enter()
    _, roots = people.sign_in("root", PASSWORD, "10.0.0.7", "Firefox", NOW)

    people.change_password(ada.id, None, NEW, people.caller_for_session(roots, NOW), NOW)

    assert people.caller_for_session(secret, NOW) is None
    assert people.caller_for_session(roots, NOW).user.id == root.id
    assert journal.recent(f"user:{ada.id}", limit=1)[0].by == "root"


def test_the_old_one_is_asked_for(app):
    ada = make_person("ada")

    with pytest.raises(Invalid) as no:
        people.change_password(ada.id, "wrong", NEW, people.caller(ada), NOW)

    assert no.value.details["fields"] == {"old": ["is not your password"]}
    assert enter(PASSWORD)


def test_a_weak_one_is_refused_and_the_old_one_stays(app):
    ada = make_person("ada")

    with pytest.raises(Invalid) as no:
        people.change_password(ada.id, PASSWORD, "password1", people.caller(ada), NOW)

    assert "new" in no.value.details["fields"]
    assert enter(PASSWORD)


def test_a_stolen_session_cannot_try_passwords_without_end(app):
    ada = make_person("ada")
    by = people.caller(ada)

    for _ in range(10):
        with pytest.raises(Invalid):
            people.change_password(by.user.id, "wrong", NEW, by, NOW)
    with pytest.raises(TooMany):
        people.change_password(by.user.id, PASSWORD, NEW, by, NOW)

    assert enter()


def test_it_is_written_down_without_either(app):
    ada = make_person("ada")

    people.change_password(ada.id, PASSWORD, NEW, people.caller(ada), NOW)

    [entry] = journal.recent(f"user:{ada.id}", limit=1)
    assert (entry.verb, entry.by, entry.details) == ("changed password", "ada", {})


def test_nobody_who_is_not_there(app):
    with pytest.raises(NotFound):
        people.change_password(99, None, NEW, "root", NOW)
