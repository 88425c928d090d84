"""Who has an issue: of two who take it one wins, and it can be handed on."""

from datetime import timedelta
from functools import partial

import pytest

from tests.issues.conftest import make_issue, steps
from tests.projects.test_races import together
from tests.world import NOW, make_person
from webapp import issues, people
from webapp.lib.refusal import Invalid, NotFound, WrongState

LATER = NOW + timedelta(minutes=21)


@pytest.fixture
def issue(cell, crew):
    return make_issue(cell.id)


def test_whoever_takes_it_has_it(issue):
    issues.take_issue(issue.id, "oli", LATER)

    found = issues.one_issue(issue.id)
    assert (found.owner, found.taken_at, found.until_taken) == ("oli", LATER, timedelta(minutes=21))
    assert not found.stops_unowned


def test_taking_it_twice_is_harmless(issue):
    issues.take_issue(issue.id, "oli", NOW)
    issues.take_issue(issue.id, "oli", LATER)

    assert issues.one_issue(issue.id).taken_at == NOW
    assert steps(issue.id) == ["reported", "taken"]


def test_the_second_is_told_who_has_it(issue):
    issues.take_issue(issue.id, "oli", NOW)

    with pytest.raises(WrongState, match="oli has issue") as no:
        issues.take_issue(issue.id, "sam", LATER)
    assert no.value.details == {"owner": "oli"}


def test_of_two_at_the_same_moment_one_wins(app, issue):
    number = issue.id

    told = together(app, *(partial(take, number, username) for username in ("oli", "sam")))

    [winner] = [one for one in told if isinstance(one, str)]
    assert issues.one_issue(number).owner == winner
    assert steps(number) == ["reported", "taken"]


def take(number, username):
    return issues.take_issue(number, username, LATER).owner


def test_it_can_be_handed_to_somebody_who_may(issue):
    issues.take_issue(issue.id, "oli", NOW)
    issues.hand_over(issue.id, "sam", "oli", LATER, seen="oli")

    found = issues.one_issue(issue.id)
    assert (found.owner, found.taken_at) == ("sam", NOW)
    assert found.steps[-1].owner == "sam"
    assert [user.username for user in issues.owners()] == ["oli", "sam"]


@pytest.mark.parametrize("to", ["ada", "nobody", ""])
def test_and_to_nobody_else(issue, to):
    with pytest.raises(Invalid) as no:
        issues.hand_over(issue.id, to, "oli", NOW)
    assert list(no.value.details["fields"]) == ["to"]


def test_nor_to_somebody_who_was_shut_out(issue):
    people.set_disabled(people.user_named("sam").id, True, by=people.caller(make_person("root")), now=NOW)

    with pytest.raises(Invalid):
        issues.hand_over(issue.id, "sam", "oli", NOW)


def test_a_page_that_saw_somebody_else_hands_nothing_over(issue):
    issues.take_issue(issue.id, "oli", NOW)

    for act in (lambda: issues.hand_over(issue.id, "sam", "sam", LATER, seen=""), lambda: let_go(issue, seen="sam")):
        with pytest.raises(WrongState, match="oli has issue"):
            act()


def let_go(issue, seen=None):
    return issues.let_issue_go(issue.id, "sam", LATER, seen=seen)


def test_let_go_it_calls_for_somebody_again(issue):
    issues.take_issue(issue.id, "oli", NOW)
    let_go(issue, seen="oli")
    let_go(issue)

    assert issues.one_issue(issue.id).stops_unowned
    assert issues.one_issue(issue.id).until_taken == timedelta(0)
    assert steps(issue.id) == ["reported", "taken", "let go"]


@pytest.mark.parametrize("number", [77, 0, -1, 2**40])
def test_there_must_be_one(crew, number):
    for act in (issues.take_issue, issues.let_issue_go):
        with pytest.raises(NotFound):
            act(number, "oli", NOW)
    with pytest.raises(NotFound):
        issues.one_issue(number)
