"""From a commit to the screen: painted once, at once, by one."""

from datetime import timedelta

import pytest

from tests.world import make_cell
from webapp import cells
from webapp.extensions import touch, transaction
from webapp.lib.clock import epoch, moment, utcnow
from webapp.lib.regions import Region
from webapp.live import renderer as renderers
from webapp.live import wire

PERIOD = 5


def renders(connection) -> int:
    return int(connection.hget(wire.COUNTS, "renders") or 0)


def change(*words: str) -> None:
    with transaction():
        touch(*words)


class Number(Region):
    def paint(self, picture):
        return f"<b>{picture['number']}</b>"


@pytest.fixture
def counter(app, monkeypatch) -> dict[str, int]:
    """A region of the test's own: a number, painted as it is."""
    shown = {"number": 0, "asked": 0}

    def view(subject, now):
        shown["asked"] += 1
        return {"version": str(shown["number"]), "as_of": moment(shown["asked"]), "number": shown["number"]}

    region = Number("counter", "see boards", "none.html", view, heeds=("beans",), every=1)
    monkeypatch.setitem(app.extensions["regions"], "counter", region)
    return shown


def test_a_change_reaches_the_screen(hub, renderer, look):
    eye = look("floor")
    eye.next("paint")

    make_cell("C01", now=utcnow())

    assert "C01" in eye.next("paint").data


def test_a_change_is_painted_once_for_all(hub, renderer, connection, look, counter):
    eyes = [look("counter") for _ in range(5)]
    for eye in eyes:
        eye.next("paint")
    before = renders(connection)

    counter["number"] = 1
    change("beans")

    assert {eye.next("paint").data for eye in eyes} == {"counter\n<b>1</b>"}
    assert renders(connection) - before == 1


def test_a_burst_is_a_few_pictures_and_ends_with_the_newest(hub, renderer, connection, look, counter):
    eye = look("counter")
    eye.next("paint")
    before = renders(connection)

    for number in range(1, 41):
        counter["number"] = number
        change("beans")
    while eye.next("paint").data != "counter\n<b>40</b>":
        pass

    assert renders(connection) - before <= 10


def test_what_looks_as_before_is_only_fresher(hub, renderer, look, counter):
    eye = look("counter")
    eye.next("paint")

    change("beans")

    assert eye.next().kind == "pulse"


def test_a_round_of_samples_makes_every_screen_fresher(hub, renderer, look):
    make_cell("C01", now=utcnow() - timedelta(minutes=5))
    eye = look("queue")
    eye.next("paint")

    cells.take_samples(epoch(utcnow()) // PERIOD * PERIOD, PERIOD, ())

    topic, as_of = eye.next("pulse").data.split()
    assert topic == "queue"
    assert as_of >= (utcnow() - timedelta(seconds=2 * PERIOD)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_what_nobody_looks_at_is_not_painted(hub, renderer, connection, look, counter):
    look("queue").next("paint")
    asked = counter["asked"]

    change("beans")
    change("queue")

    assert counter["asked"] == asked == 0


def test_a_region_that_cannot_be_painted_falls_silent_and_the_others_go_on(
    hub, renderer, app, look, counter, monkeypatch
):
    def broken(subject, now):
        raise RuntimeError("the query is wrong")

    monkeypatch.setitem(app.extensions["regions"], "broken", Region("broken", "see boards", "none.html", broken))
    eye = look("broken", "counter")

    assert eye.next("paint").data == "counter\n<b>0</b>"
    counter["number"] = 1
    change("broken", "beans")

    assert eye.next("paint").data == "counter\n<b>1</b>"


def test_a_wiped_redis_is_filled_again(hub, renderer, connection, look, counter):
    eye = look("counter")
    eye.next("paint")

    connection.flushall()
    connection.client_kill_filter(_type="pubsub")
    counter["number"] = 1
    change("beans")

    assert eye.next("paint", seconds=15).data == "counter\n<b>1</b>"


def test_a_word_that_was_lost_is_made_good_by_the_next_look(monkeypatch, hub, renderer, look, counter):
    monkeypatch.setattr(renderers, "SAFETY", 1.0)
    eye = look("counter")
    eye.next("paint")

    counter["number"] = 1  # and nobody says a word

    assert eye.next("paint", seconds=12).data == "counter\n<b>1</b>"
