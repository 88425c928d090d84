"""What people are told: once each, as loudly as they wish, kept for ninety days."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.projects.test_races import together
from tests.world import NOW, make_person
from webapp import people
from webapp.extensions import transaction
from webapp.lib.refusal import Invalid

UTC = ZoneInfo("UTC")
DAY_AND_NIGHT = {"quiet_from": 22 * 60, "quiet_to": 6 * 60}


@pytest.fixture
def ada(app):
    return make_person("ada").id


def tell(user_id, key="stop:3:1", now=NOW, kind="stop", urgent=False):
    with transaction():
        return people.tell(user_id, key, key.rpartition(":")[0], kind, "C01 is down", now, UTC, urgent)


def wish(user_id, **given):
    wishes = {"muted": [], "browser": False, "quiet_from": None, "quiet_to": None}
    people.change_wishes(user_id, **{**wishes, **given})


def test_what_is_told_waits_to_be_seen(ada):
    assert tell(ada)

    [notice] = people.unseen(ada)
    assert (notice.words, notice.about, notice.due_at, notice.seen_at) == ("C01 is down", "stop:3", NOW, None)


def test_the_same_is_told_once(ada):
    assert [tell(ada), tell(ada), tell(ada, "stop:3:2")] == [True, False, True]
    assert people.count_notices(ada) == 2


def test_eight_sweeps_at_once_tell_it_once(app, ada):
    told = together(app, *[lambda: tell(ada)] * 8)

    assert sorted(told) == [False] * 7 + [True]


def test_what_somebody_does_not_want_to_hear_is_not_told(ada):
    wish(ada, muted=["started"])

    assert [tell(ada, "project:1:started:1", kind="started"), tell(ada)] == [False, True]


def test_what_is_urgent_reaches_who_muted_it(ada):
    wish(ada, muted=["stop"])

    assert [tell(ada), tell(ada, "stop:3:3", urgent=True)] == [False, True]


def test_quiet_hours_keep_it_until_they_are_over(ada):
    wish(ada, **DAY_AND_NIGHT)
    night = NOW.replace(hour=23)

    tell(ada, now=night)
    tell(ada, "stop:3:3", now=night, urgent=True)

    urgent, kept = people.unseen(ada)
    assert urgent.due_at == night
    assert kept.due_at == NOW.replace(hour=6) + timedelta(days=1)


def test_one_is_seen_or_all_are(ada):
    for key in ("stop:3:1", "stop:4:1", "stop:5:1"):
        tell(ada, key)
    first = people.unseen(ada)[0]

    people.see_notices(ada, NOW, first.id)
    left = len(people.unseen(ada))
    people.see_notices(ada, NOW)

    assert (left, people.unseen(ada)) == (2, [])


def test_nobody_sees_for_somebody_else(ada):
    tell(ada)
    other = make_person("sam").id

    people.see_notices(other, NOW, people.unseen(ada)[0].id)
    people.see_notices(other, NOW)

    assert len(people.unseen(ada)) == 1


def test_what_is_not_so_any_more_is_taken_back_unless_seen(ada):
    tell(ada, "project:7:late:0", kind="late")
    people.see_notices(ada, NOW)
    tell(ada, "project:7:late:1", kind="late")
    tell(ada, "project:7:failed:1", kind="failed")

    with transaction():
        people.untell("project:7:late", ("late",))

    assert [notice.key for notice in people.notices(ada)] == ["project:7:failed:1", "project:7:late:0"]


def test_a_page_of_them_is_newest_first(ada):
    for n in range(5):
        tell(ada, f"stop:{n}:1")

    first = people.notices(ada, limit=2)
    then = people.notices(ada, limit=2, before=first[-1].id)

    assert [notice.about for notice in (*first, *then)] == ["stop:4", "stop:3", "stop:2", "stop:1"]


def test_after_ninety_days_they_are_forgotten(ada):
    tell(ada, now=NOW - timedelta(days=91))
    tell(ada, "stop:4:1", now=NOW - timedelta(days=89))

    people.forget_notices(NOW)

    assert [notice.about for notice in people.notices(ada)] == ["stop:4"]


def test_who_is_shut_out_is_nobody_to_tell(app):
    make_person("root")
    sam, oli = make_person("sam"), make_person("oli")
    people.set_disabled(sam.id, True, "root", NOW)

    assert [user.id for user in people.in_roles(("supervisor", "operator"))] == [oli.id]


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"muted": ["gossip"]}, "muted"),
        ({"quiet_from": 60}, "quiet_to"),
        ({"quiet_to": 60}, "quiet_from"),
        ({"quiet_from": 1440, "quiet_to": 60}, "quiet_from"),
        ({"quiet_from": 60, "quiet_to": 60}, "quiet_to"),
    ],
)
def test_what_is_no_wish(ada, wishes, field):
    with pytest.raises(Invalid) as no:
        wish(ada, **wishes)

    assert list(no.value.details["fields"]) == [field]


def test_who_said_nothing_hears_everything_at_any_hour(ada):
    wishes = people.wishes_of(ada)

    assert (wishes.muted, wishes.browser, wishes.quiet_from, wishes.quiet_to) == ([], False, None, None)
