"""How long a site waits before it tells the next ones."""

import pytest

from tests.world import NOW, make_site
from webapp import cells, journal
from webapp.lib.refusal import Invalid, NotFound


def test_a_site_that_said_nothing_waits_five_and_fifteen_minutes(app):
    site = make_site()

    rules = cells.rules_by_site()[site.id]

    assert (rules.active, rules.grace, rules.second, rules.third) == (True, 30, 5, 15)


def test_what_is_set_is_kept_and_journaled(app):
    site = make_site()

    cells.set_escalation(site.id, True, 60, 3, 10, "root", NOW)

    rules = cells.rules_by_site()[site.id]
    assert (rules.grace, rules.second, rules.third) == (60, 3, 10)
    [entry] = journal.recent(f"site:{site.id}", limit=1)
    assert (entry.verb, entry.details["before"]["second"], entry.details["after"]["second"]) == (
        "changed escalation",
        5,
        3,
    )


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ((-1, 5, 15), "grace"),
        ((601, 5, 15), "grace"),
        ((None, 5, 15), "grace"),
        ((30, 0, 15), "second"),
        ((30, 5, 5), "third"),
        ((30, 5, 1441), "third"),
        ((30, 5, None), "third"),
    ],
)
def test_what_is_no_escalation(app, times, field):
    site = make_site()

    with pytest.raises(Invalid) as no:
        cells.set_escalation(site.id, True, *times, "root", NOW)

    assert list(no.value.details["fields"]) == [field]


def test_there_is_no_such_site(app):
    with pytest.raises(NotFound):
        cells.set_escalation(77, True, 30, 5, 15, "root", NOW)
