"""Screens on the hub: handed over by the web, told of each change, closed when they may see no more."""

import socket
import time

import pytest

from tests.world import make_person
from webapp import people
from webapp.extensions import db, touch, transaction
from webapp.lib.clock import utcnow
from webapp.live import hub as hubs
from webapp.live import wire
from webapp.live.publish import Crier


def say(connection, topic: str, version: str, html: str) -> None:
    message = wire.packed(version, wire.paint(topic, html))
    connection.set(wire.KEPT + topic, message)
    connection.publish(wire.TOPIC + topic, message)


def test_a_screen_is_taken_over_and_told(hub, connection, look):
    eye = look("board", "queue")
    assert eye.status == 200
    assert eye.next().kind == "beat"

    say(connection, "queue", "v1", "<p>empty</p>")

    assert eye.next() == ("paint", "queue\n<p>empty</p>")


def test_what_others_look_at_is_not_its_business(hub, connection, look):
    eye, other = look("board"), look("queue")
    for one in (eye, other):
        one.next("beat")

    say(connection, "queue", "v1", "<p>empty</p>")
    other.next("paint")
    say(connection, "board", "v1", "<p>board</p>")

    assert eye.next() == ("paint", "board\n<p>board</p>")


def test_one_that_comes_later_gets_the_newest(hub, connection, look):
    look("board").next("beat")
    say(connection, "board", "v1", "<p>one</p>")
    say(connection, "board", "v2", "<p>two</p>")

    assert look("board").next("paint").data == "board\n<p>two</p>"


def test_one_that_shows_it_already_is_not_sent_it_again(hub, connection, look):
    first = look("board")
    first.next("beat")
    say(connection, "board", "v1", "<p>one</p>")
    first.next("paint")
    back = look("board", seen="v1")
    back.next("beat")

    say(connection, "board", "v2", "<p>two</p>")

    assert back.next() == ("paint", "board\n<p>two</p>")


def test_an_old_picture_of_what_nobody_looked_at_is_not_shown(hub, connection, look):
    eye = look("board")
    eye.next("beat")
    say(connection, "board", "v1", "<p>one</p>")
    eye.next("paint")
    eye.close()
    assert soon(lambda: not hub.topics)

    later = look("board")
    later.next("beat")
    say(connection, "board", "v2", "<p>two</p>")

    assert later.next() == ("paint", "board\n<p>two</p>")


def test_gzip_is_made_once_and_read_by_all(hub, connection, look):
    eyes = [look("board", gzip=True) for _ in range(3)]
    for eye in eyes:
        eye.next("beat")

    say(connection, "board", "v1", f"<p>{'same ' * 500}</p>")

    assert {len(eye.next("paint").data) for eye in eyes} == {len("board\n<p></p>") + 2500}


def test_signing_out_closes_what_was_open(hub, app, client, connection, look, monkeypatch, redis_url):
    listen(app, monkeypatch, redis_url)
    make_person("sam")
    client.sign_in("sam")
    cookie = f"factory={client.get_cookie('factory').value}"
    mine, public = look("board", cookie=cookie), look("board")
    for eye in (mine, public):
        eye.next("beat")

    client.post("/logout")

    assert mine.is_closed()
    assert hub.counts["kicked"] == 1
    say(connection, "board", "v1", "<p>one</p>")
    assert public.next("paint")


def test_a_person_who_was_shut_out_sees_no_more(hub, app, client, look, monkeypatch, redis_url):
    listen(app, monkeypatch, redis_url)
    root, sam = make_person("root"), make_person("sam")
    client.sign_in("sam")
    eye = look("board", cookie=f"factory={client.get_cookie('factory').value}")
    eye.next("beat")

    people.set_disabled(sam.id, True, by=people.caller(root), now=utcnow())

    assert eye.is_closed()


def test_a_kick_after_a_rollback_is_none(hub, app, look, monkeypatch, redis_url):
    listen(app, monkeypatch, redis_url)
    eye = look("board")
    eye.next("beat")

    with transaction():
        touch("board", "kick:user:1")
        db.session.rollback()

    with pytest.raises(TimeoutError):
        eye.next(seconds=0.3)


def test_of_one_session_the_oldest_screens_go_first(hub, client, look, monkeypatch):
    monkeypatch.setattr(hubs, "MOST_WITH_ONE_NAME", 2)
    make_person("sam")
    client.sign_in("sam")
    eyes = [look("board", cookie=f"factory={client.get_cookie('factory').value}") for _ in range(2)]
    for eye in eyes:
        eye.next("beat")
    [oldest, other] = hub.screens.values()
    oldest.closes_at, other.closes_at = 1e9, 2e9

    third = look("board", cookie=f"factory={client.get_cookie('factory').value}")

    assert third.next("beat")
    assert eyes[0].is_closed()
    assert len(hub.screens) == 2


def test_one_too_many_is_sent_away_and_polls(hub, look):
    hub.room = 1
    look("board").next("beat")

    assert look("board").is_closed()
    assert hub.counts["refused"] == 1


def test_screens_stay_while_redis_is_away_and_hear_of_what_they_missed(hub, connection, look):
    eye = look("board")
    eye.next("beat")
    connection.set(wire.KEPT + "board", wire.packed("v9", wire.paint("board", "<p>meanwhile</p>")))

    connection.client_kill_filter(_type="pubsub")

    assert eye.next("paint").data == "board\n<p>meanwhile</p>"


def test_a_new_build_is_told_at_once(hub, connection, look):
    eye = look("board")
    eye.next("beat")

    connection.publish(wire.BUILD, "b2")

    assert eye.next("beat").data == "b2"


def test_what_is_no_letter_does_no_harm(hub, app, look):
    path = str(app.extensions["factory"].data_dir / wire.SOCKET)
    for nonsense in (b"", b"{}", b"not json", b"[1]", b'{"topics": 7}'):
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line, socket.socket() as given:
            line.connect(path)
            socket.send_fds(line, [nonsense or b" "], [given.fileno()])

    assert look("board").next("beat")


def test_the_hub_says_what_is_looked_at(hub, connection, look):
    look("board", "cell:7").next("beat")

    [key] = connection.keys(wire.WANTED + "*")
    assert connection.smembers(key) == {b"board", b"cell:7"}


def listen(app, monkeypatch, redis_url: str) -> None:
    """Commits are told, as they are outside of tests."""
    monkeypatch.setitem(app.extensions, "crier", Crier(redis_url))


def soon(holds, seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(holds())
