from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.world import NOW, PASSWORD, make_person
from webapp import journal, people
from webapp.lib.refusal import Invalid, NotFound, WrongState


def enter(username):
    return people.sign_in(username, PASSWORD, "10.0.0.7", "Firefox", NOW)[1]


def fields(no):
    return no.value.details["fields"]


def test_a_new_person_can_sign_in(app):
    people.add_user(" Lin.Wu ", PASSWORD, ["planner", "operator"], NOW, by="root", first_name="Lin", last_name="Wu")

    lin = people.user_named("lin.wu")
    assert (lin.full_name, lin.role, lin.roles) == ("Lin Wu", "planner", ["planner", "operator"])
    assert enter("lin.wu")


def test_who_added_whom_is_written_down_without_the_password(app):
    lin = people.add_user("lin", PASSWORD, ["planner"], NOW, by="root")

    [entry] = journal.recent(f"user:{lin.id}")
    assert (entry.verb, entry.by, entry.at) == ("added user", "root", NOW)
    assert entry.details == {"username": "lin", "roles": ["planner"]}


@pytest.mark.parametrize("username", ["a", "x" * 41, "two words", "ünal", "a/b", "", "a\n"[:1] + "\0"])
def test_a_username_is_of_few_signs(app, username):
    with pytest.raises(Invalid) as no:
        people.add_user(username, PASSWORD, ["planner"], NOW)

    assert "username" in fields(no)


def test_a_username_is_had_once_in_whatever_case(app):
    make_person("ada")

    with pytest.raises(people.NameTaken) as no:
        people.add_user("ADA", PASSWORD, ["planner"], NOW)

    assert (no.value.status, no.value.code, fields(no)) == (409, "CONFLICT", {"username": ["is taken; choose another"]})


@pytest.mark.parametrize(
    "password", ["short", "x" * 201, "password123", "PassWord123", "lin.wu.the.first", "aaaaaaaaaaaa"]
)
def test_a_password_is_not_the_first_that_anybody_would_guess(app, password):
    with pytest.raises(Invalid) as no:
        people.add_user("lin.wu.the.first", password, ["planner"], NOW)

    assert list(fields(no)) == ["password"]


@pytest.mark.parametrize("roles", [[], ["king"], ["planner", "planner"], ["planner", "king"]])
def test_roles_are_of_the_table(app, roles):
    with pytest.raises(Invalid) as no:
        people.add_user("lin", PASSWORD, roles, NOW)

    assert list(fields(no)) == ["roles"]


def test_every_complaint_is_made_at_once(app):
    with pytest.raises(Invalid) as no:
        people.add_user("?", "x", [], NOW, first_name="x" * 81, last_name="a\0b")

    assert set(fields(no)) == {"username", "password", "roles", "first_name", "last_name"}


def test_names_and_roles_change_and_both_versions_are_written_down(app):
    ada, root = make_person("ada"), people.caller(make_person("root"))

    people.change_user(ada.id, first_name="Ada", last_name="King", roles=["planner"], by=root, now=NOW)

    [entry] = journal.recent(f"user:{ada.id}", limit=1)
    assert people.one_user(ada.id).full_name == "Ada King"
    assert (entry.verb, entry.by) == ("changed user", "root")
    assert entry.details["before"]["roles"] == ["engineer"]
    assert entry.details["after"]["roles"] == ["planner"]


def test_changing_nothing_is_no_news(app):
    ada = make_person("ada")

    people.change_user(ada.id, first_name="Ada", last_name="Byron", roles=["engineer"], by="root", now=NOW)

    assert [entry.verb for entry in journal.recent(f"user:{ada.id}")] == ["added user"]


def test_new_roles_end_the_sessions_and_a_new_name_does_not(app):
    ada = make_person("ada")
    secret = enter("ada")

    people.change_user(ada.id, first_name="Augusta", last_name="", roles=["engineer"], by="root", now=NOW)
    assert people.caller_for_session(secret, NOW)

    people.change_user(ada.id, first_name="Augusta", last_name="", roles=["planner"], by="root", now=NOW)
    assert people.caller_for_session(secret, NOW) is None


def test_a_token_that_a_session_gave_out_ends_with_it(app):
    ada = make_person("ada")
    here = people.caller_for_session(enter("ada"), NOW)
    _, token = people.issue_token(ada.id, "sign-in", "all", None, here, NOW, sign_in_id=here.sign_in_id)

    people.change_user(ada.id, first_name="", last_name="", roles=["planner"], by="root", now=NOW)

    assert people.caller_for_token(token, NOW) is None


def test_a_token_has_the_new_roles_at_once(app):
    ada = make_person("ada")
    _, token = people.issue_token(ada.id, "script", "all", None, "root", NOW)

    people.change_user(ada.id, first_name="", last_name="", roles=["planner"], by="root", now=NOW)

    assert not people.caller_for_token(token, NOW).may("create project")


def test_who_is_disabled_is_out_at_once_with_every_proof(app):
    ada, root = make_person("ada"), people.caller(make_person("root"))
    secret = enter("ada")
    _, token = people.issue_token(ada.id, "script", "all", None, root, NOW)

    people.set_disabled(ada.id, True, root, NOW)

    assert people.caller_for_session(secret, NOW) is None
    assert people.caller_for_token(token, NOW) is None


def test_who_is_enabled_again_signs_in_anew(app):
    ada = make_person("ada")
    _, token = people.issue_token(ada.id, "script", "all", None, "root", NOW)

    people.set_disabled(ada.id, True, "root", NOW)
    people.set_disabled(ada.id, False, "root", NOW)
    people.set_disabled(ada.id, False, "root", NOW)

    assert enter("ada")
    assert people.caller_for_token(token, NOW) is None
    verbs = [entry.verb for entry in journal.recent(f"user:{ada.id}", limit=3)]
    assert verbs == ["signed in", "enabled user", "disabled user"]


def test_nobody_disables_themselves(app):
    root, other = make_person("root"), make_person("ada", roles=["admin"])

    with pytest.raises(WrongState, match="yourself"):
        people.set_disabled(root.id, True, people.caller(root), NOW)
    assert other.disabled_at is None


def test_the_last_administrator_stays(app):
    root = make_person("root")
    retired = make_person("ada", roles=["admin"])
    people.set_disabled(retired.id, True, "the factory", NOW)

    with pytest.raises(WrongState, match="administrator"):
        people.set_disabled(root.id, True, "the factory", NOW)
    with pytest.raises(WrongState, match="administrator"):
        people.change_user(root.id, first_name="", last_name="", roles=["planner"], by="x", now=NOW)

    assert people.has_admin()


def test_an_administrator_among_several_may_step_down(app):
    root, _ = make_person("root"), make_person("ada", roles=["engineer", "admin"])

    people.change_user(root.id, first_name="", last_name="", roles=["planner"], by="root", now=NOW)

    assert people.one_user(root.id).roles == ["planner"]


@pytest.mark.parametrize("round_", range(6))
def test_two_administrators_who_demote_each_other_do_not_both_go(factory, app, round_):
    ids, together = {make_person("root").id, make_person("ada", roles=["admin"]).id}, Barrier(2)

    def demote(user_id):
        with factory.app_context():
            together.wait()
            try:
                people.change_user(user_id, first_name="", last_name="", roles=["planner"], by="x", now=NOW)
            except WrongState:
                return "refused"
            return "done"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(demote, ids))

    assert ends == ["done", "refused"]
    assert people.has_admin()


def test_nobody_who_is_not_there_can_be_changed(app):
    with pytest.raises(NotFound):
        people.change_user(99, first_name="", last_name="", roles=["planner"], by="root", now=NOW)
    with pytest.raises(NotFound):
        people.set_disabled(99, True, "root", NOW)


def test_looks_are_a_choice_of_few(app):
    ada = make_person("ada")

    people.change_looks(ada.id, "dark", "compact", NOW)
    with pytest.raises(Invalid) as no:
        people.change_looks(ada.id, "pink", "huge", NOW)

    assert (people.one_user(ada.id).theme, people.one_user(ada.id).density) == ("dark", "compact")
    assert set(fields(no)) == {"theme", "density"}
