from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.world import NOW, PASSWORD, make_person
from webapp import people
from webapp.lib.refusal import Invalid, NotFound


def use(code, username="root", password=PASSWORD):
    return people.use_setup_code(code, username, password, "Ruth", "Oduya", NOW)


def test_the_code_makes_the_first_administrator(app):
    code = people.setup_code(NOW)

    user = use(code)

    assert (user.roles, user.full_name, people.has_admin()) == (["admin"], "Ruth Oduya", True)


def test_it_is_taken_as_a_person_types_it(app):
    code = people.setup_code(NOW)

    assert use(f" {code.lower().replace('-', ' ')} ")


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA", "\0", "ß" * 9000])
def test_another_makes_nobody(app, code):
    people.setup_code(NOW)

    with pytest.raises(Invalid) as no:
        use(code)

    assert "code" in no.value.details["fields"]
    assert not people.users()


def test_a_newer_code_replaces_the_older_one(app):
    old, new = people.setup_code(NOW), people.setup_code(NOW)

    with pytest.raises(Invalid):
        use(old)
    assert use(new)


def test_a_refused_form_does_not_use_it_up(app):
    code = people.setup_code(NOW)

    with pytest.raises(Invalid):
        use(code, password="password")

    assert use(code)


def test_it_is_good_once(app):
    code = people.setup_code(NOW)
    use(code)

    with pytest.raises(NotFound):
        use(code, username="second")


def test_there_is_none_once_there_is_an_administrator(app):
    make_person("root")

    assert people.setup_code(NOW) is None


def test_engineers_alone_are_no_administrator(app):
    make_person("ada")

    assert not people.has_admin()
    assert people.setup_code(NOW)


def test_of_two_at_the_same_moment_one_is_made(factory, app):
    code = people.setup_code(NOW)

    def one(n):
        with factory.app_context():
            try:
                return use(code, username=f"root{n}").username
            except (Invalid, NotFound):
                return None

    with ThreadPoolExecutor(4) as pool:
        made = [name for name in pool.map(one, range(4)) if name]

    assert len(made) == len(people.users()) == 1
