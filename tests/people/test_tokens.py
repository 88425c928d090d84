from datetime import timedelta

import pytest

from tests.world import NOW, make_person
from webapp import journal, people
from webapp.lib.refusal import Invalid, NotFound

LATER = NOW + timedelta(days=90)


def issue(user, **given):
    details = {"name": "night script", "scope": "all", "expires_at": LATER, "by": people.caller(user), "now": NOW}
    return people.issue_token(user.id, **{**details, **given})


def test_a_token_speaks_for_its_person(app):
    ada = make_person("ada")

    token, secret = issue(ada)

    caller = people.caller_for_token(secret, NOW)
    assert (caller.name, caller.token.id, caller.may("create project")) == ("ada", token.id, True)


def test_its_secret_is_long_and_not_kept(app):
    token, secret = issue(make_person("ada"))

    assert secret.startswith("df_")
    assert len(secret) == 3 + 43
    assert token.prefix == secret[:9]
    assert secret not in token.digest


def test_one_for_reading_changes_nothing(app):
    _, secret = issue(make_person("root"), scope="read")

    caller = people.caller_for_token(secret, NOW)

    assert caller.may("see whole log")
    assert not [verb for verb in caller.verbs if not verb.startswith(("see ", "export "))]


def test_it_is_dead_from_the_moment_it_expires(app):
    _, secret = issue(make_person("ada"), expires_at=LATER)

    assert people.caller_for_token(secret, LATER - timedelta(seconds=1))
    assert people.caller_for_token(secret, LATER) is None


def test_another_is_nobodys(app):
    _, secret = issue(make_person("ada"))

    others = [secret.swapcase(), secret[:-2], f"{secret},{secret}", "", "null", "\xe9", "A" * 7000]

    assert not [other for other in others if people.caller_for_token(other, NOW)]


def test_it_is_revoked_at_once_and_twice_is_harmless(app):
    ada = make_person("ada")
    token, secret = issue(ada)
    token_id, by = token.id, people.caller(ada)

    people.revoke_token(token_id, by, NOW)
    people.revoke_token(token_id, by, NOW)

    assert people.caller_for_token(secret, NOW) is None
    assert people.tokens_of(by.user.id) == []
    assert [entry.verb for entry in journal.recent("user:" + by.get_id(), limit=2)] == ["revoked token", "issued token"]


def test_somebody_elses_is_not_there_but_for_an_administrator(app):
    token, secret = issue(make_person("ada"))
    token_id, sam, root = token.id, people.caller(make_person("sam")), people.caller(make_person("root"))

    with pytest.raises(NotFound):
        people.revoke_token(token_id, sam, NOW)
    assert people.caller_for_token(secret, NOW)
    people.revoke_token(token_id, root, NOW)

    assert people.caller_for_token(secret, NOW) is None


def test_who_made_it_is_written_down_without_the_secret(app):
    ada = make_person("ada")
    _, secret = issue(ada)

    [entry] = journal.recent(f"user:{ada.id}", limit=1)
    assert entry.details == {"name": "night script", "prefix": secret[:9], "scope": "all"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("name", "x" * 81), ("name", "a\nb"), ("scope", "king"), ("expires_at", NOW)],
)
def test_what_it_may_be(app, field, value):
    with pytest.raises(Invalid) as no:
        issue(make_person("ada"), **{field: value})

    assert list(no.value.details["fields"]) == [field]


def test_nobody_who_is_not_there_has_one(app):
    with pytest.raises(NotFound):
        people.issue_token(99, "x", "all", None, "root", NOW)


def test_a_cells_token_reports_and_nothing_else(app):
    token, secret = people.issue_cell_token(7, "C01", "root", NOW)

    caller = people.caller_for_token(secret, NOW + timedelta(days=999))

    assert (caller.name, caller.cell_id, caller.user) == ("cell:7", 7, None)
    assert caller.verbs == {"report readings", "end job", "sign in", "see health", "see api docs", "see live"}
    assert [row.id for row in people.tokens_of(cell_id=7)] == [token.id]


def test_where_boards_are_public_a_cell_reads_them_as_anybody(app):
    _, secret = people.issue_cell_token(7, "C01", "root", NOW)

    caller = people.caller_for_token(secret, NOW, public_boards=True)

    assert caller.may("see boards")
    assert not caller.may("see log")


def test_a_cells_token_is_revoked_by_who_administers_cells(app):
    token, secret = people.issue_cell_token(7, "C01", "root", NOW)
    token_id = token.id

    with pytest.raises(NotFound):
        people.revoke_token(token_id, people.caller(make_person("sam")), NOW)
    people.revoke_token(token_id, people.caller(make_person("root")), NOW)

    assert people.caller_for_token(secret, NOW) is None


def test_use_is_noted(app):
    token, secret = issue(make_person("ada"))
    token_id, caller = token.id, people.caller_for_token(secret, NOW)

    assert people.is_due(caller, NOW)
    people.note_seen(caller, NOW)

    caller = people.caller_for_token(secret, NOW)
    assert (caller.token.id, caller.token.used_at) == (token_id, NOW)
    assert not people.is_due(caller, NOW + timedelta(seconds=59))
