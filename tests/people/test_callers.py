from tests.world import make_person
from webapp import people
from webapp.extensions import db


def test_nobody_reads_boards_while_they_are_public(app):
    assert people.nobody(True).may("see boards")
    assert not people.nobody(False).may("see boards")


def test_nobody_changes_nothing(app):
    nobody = people.nobody(True)

    assert (nobody.is_anonymous, nobody.is_authenticated, nobody.name) == (True, False, "nobody")
    assert not nobody.may("create project")


def test_a_person_of_two_roles_may_do_what_either_may(app):
    both = people.caller(make_person("pat", roles=["engineer", "supervisor"]))

    assert both.may("create project")
    assert both.may("set cell mode")
    assert not both.may("administer users")


def test_a_caller_can_be_read_when_the_database_is_gone(app):
    ada = people.caller(make_person("ada"))

    db.session.rollback()
    db.session.remove()

    assert (ada.name, ada.user.full_name, ada.user.theme, ada.get_id()) == (
        "ada",
        "Ada Byron",
        "auto",
        str(ada.user.id),
    )
