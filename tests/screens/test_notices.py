"""The bell and the list behind it: each person's own, and what has become of what they were told."""

import pytest

from tests.screens.desk import leads_to, sits, tree, words
from tests.world import idle_cell, person
from webapp import cells, people, projects
from webapp.cells import Alarm
from webapp.extensions import db, transaction
from webapp.lib.clock import utcnow


@pytest.fixture
def oli(app, client):
    sits(client, "oli")
    return person("oli").user.id


@pytest.fixture
def called(oli):
    """ada calls, and oli is told."""
    cell = idle_cell("C01")
    cells.call_for_help(cell.id, "Crane wanted", "ada", utcnow())
    projects.tell_people(utcnow())
    return cell


def news(page):
    [found] = [element for element in tree(page) if element.attrs.get("id") == "notices-news"]
    return found


def test_nobody_is_sent_to_sign_in(client):
    assert client.get("/notices").location == "/login?next=/notices"
    assert [client.get(path).status_code for path in ("/notices/part", "/notices/bell")] != [200, 200]
    assert client.post("/notices/seen").status_code == 401


def test_who_was_told_nothing_reads_so(client, oli):
    assert "Nothing to tell you" in words(client.get("/notices"))
    assert news(client.get("/floor")).attrs["data-count"] == "0"


def test_every_page_has_the_bell_for_who_is_signed_in(client, called):
    page = client.get("/projects")

    assert news(page).attrs["data-count"] == "1"
    assert "ada calls for help at C01: Crane wanted" in news(page).text
    client.post("/logout")
    assert "notices-news" not in client.get("/projects").text


def test_the_list_leads_to_the_cell(client, called):
    page = client.get("/notices")

    assert "ada calls for help at C01: Crane wanted" in words(page)
    assert f'href="/cells/{called.id}"' in page.get_data(as_text=True)


def test_page_and_refresh_are_the_same_bytes(client, called):
    for page, part in (("/notices", "/notices/part"), ("/notices", "/notices/bell")):
        assert client.get(part).text.split("data-as-of")[0].strip() in client.get(page).text


def test_without_news_a_refresh_answers_nothing(client, called):
    asked = news(client.get("/notices")).attrs["hx-get"]

    assert client.get(asked).status_code == 204


def test_what_somebody_sees_to_is_no_errand_any_more(client, called):
    cells.acknowledge_stop(called.id, "sam", utcnow())

    assert news(client.get("/notices")).attrs["data-count"] == "0"
    assert "sam went there" in words(client.get("/notices"))


def test_what_is_over_says_so_in_its_place(client, called):
    cells.end_call(called.id, "ada", utcnow())

    assert "The call is over since" in words(client.get("/notices/part"))


def test_one_is_marked_as_seen(client, called):
    [notice] = people.unseen(person("oli").user.id)

    answer = client.post("/notices/seen", data={"notice": str(notice.id)})

    assert leads_to(answer, "/notices")
    assert people.unseen(person("oli").user.id) == []


def test_all_are_marked_as_seen(client, called):
    assert leads_to(client.post("/notices/seen"), "/notices")

    assert "All notices are marked as seen." in words(client.get("/notices"))
    assert people.unseen(person("oli").user.id) == []


def test_nobody_reads_or_marks_those_of_others(client, called):
    [notice] = people.unseen(person("oli").user.id)
    sits(client, "sam")

    client.post("/notices/seen", data={"notice": str(notice.id)})

    assert "Crane wanted" not in words(client.get("/notices"))
    assert len(people.unseen(person("oli").user.id)) == 1


def test_older_ones_are_on_the_next_page_which_stands_still(client, oli):
    with transaction():
        db.session.add_all(
            people.Notice(
                user_id=oli,
                key=f"k{n}",
                about=f"project:{n}",
                kind="started",
                words=f"P-{n} has started",
                at=utcnow(),
                due_at=utcnow(),
            )
            for n in range(1, 61)
        )

    first = client.get("/notices")
    older = client.get(next(link.attrs["href"] for link in tree(first) if link.text == "Older"))

    assert "P-60 has started" in words(first)
    assert "P-10 has started" not in words(first)
    assert "60 in all" in words(first)
    assert "P-10 has started" in words(older)
    assert "notices-list:" not in older.get_data(as_text=True)


def test_what_i_want_to_be_told_is_kept(client, oli):
    sent = {"told": ["stop", "late"], "browser": "y", "quiet_from": "22:00", "quiet_to": "6:30"}

    assert leads_to(client.post("/account/wishes", data=sent), "/account#notices-head")

    wishes = people.wishes_of(oli)
    assert (wishes.muted, wishes.browser) == (["started", "finished", "failed"], True)
    assert (wishes.quiet_from, wishes.quiet_to) == (22 * 60, 6 * 60 + 30)
    page = client.get("/account").text
    assert 'value="22:00"' in page
    assert 'value="06:30"' in page


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"quiet_from": "ten"}, "must be a time such as 22:00"),
        ({"quiet_from": "24:00", "quiet_to": "06:00"}, "must be a time such as 22:00"),
        ({"quiet_from": "22:00"}, "quiet hours have a beginning and an end"),
    ],
)
def test_quiet_hours_that_are_none_are_refused_beside_the_field(client, oli, sent, says):
    answer = client.post("/account/wishes", data=sent)

    assert answer.status_code == 422
    assert says in words(answer)


def test_a_stop_nobody_knows_of_any_more_leads_to_the_list(client, called):
    with transaction():
        db.session.delete(db.session.scalars(db.select(Alarm)).one())

    assert "over" in words(client.get("/notices"))
