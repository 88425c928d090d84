import pytest

from tests.world import NOW, make_person
from webapp import people
from webapp.lib.refusal import NotFound


def found(**asked):
    return [user.username for user in people.users(**asked)]


@pytest.fixture
def cast(app):
    for username in ("sam", "ada", "root"):
        make_person(username)
    people.set_disabled(make_person("oli", roles=["operator", "planner"]).id, True, "root", NOW)


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, ["ada", "oli", "root", "sam"]),
        ({"search": "BYR"}, ["ada"]),
        ({"search": "ada byron"}, ["ada"]),
        ({"search": "%"}, []),
        ({"search": "a\0da"}, ["ada"]),
        ({"role": "planner"}, ["oli"]),
        ({"status": "disabled"}, ["oli"]),
        ({"status": "active"}, ["ada", "root", "sam"]),
        ({"limit": 2}, ["ada", "oli"]),
        ({"limit": 2, "after": "oli"}, ["root", "sam"]),
    ],
)
def test_people_are_found_by_what_is_known_of_them(asked, names):
    assert found(**asked) == names


@pytest.mark.usefixtures("cast")
def test_they_are_counted_in_the_same_way():
    assert people.count_users() == 4
    assert people.count_users(role="planner", status="disabled") == 1


def test_who_is_not_there_is_not_found(app):
    with pytest.raises(NotFound):
        people.one_user(99)
    with pytest.raises(NotFound):
        people.user_named("nobody")
