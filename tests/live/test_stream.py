"""GET /live: who may look at what, and what there is to do where nobody pushes."""

from dataclasses import replace

import pytest

from tests.world import make_person
from webapp.lib.regions import Region
from webapp.live import wire


def refused(answer, status: int) -> str:
    assert answer.status_code == status
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("topics", ["", "Board", "board,", "board,<script>", ",".join(f"cell:{n}" for n in range(13))])
def test_topics_are_named_as_they_are(client, topics):
    assert "board,cell:7" in refused(client.get("/live", query_string={"topics": topics}), 400)


def test_there_must_be_such_a_topic(client):
    refused(client.get("/live?topics=board,treasure"), 404)


def test_boards_that_are_not_public_are_for_who_signed_in(app, client, monkeypatch):
    monkeypatch.setitem(app.extensions, "factory", replace(app.extensions["factory"], public_boards=False))

    assert client.get("/live?topics=board").status_code in (302, 303, 401)

    make_person("sam")
    client.sign_in("sam")
    assert client.get("/live?topics=board").status_code == 503


def test_without_a_hub_it_says_when_to_ask_again(client):
    answer = client.get("/live?topics=board")

    assert "pages ask by themselves" in refused(answer, 503)
    assert answer.headers["Retry-After"] == "10"


def test_a_server_that_keeps_its_sockets_is_said_to(client):
    told = client.get("/api/health/ready").json

    assert told["updates"] == "polled"


def test_a_topic_of_ones_own_is_nobody_elses(app, client, monkeypatch):
    mine = Region("letters", "see boards", "none.html", lambda subject, now: {}, own=True)
    monkeypatch.setitem(app.extensions["regions"], "letters", mine)
    ada, bob = make_person("ada"), make_person("bob")
    client.sign_in("ada")

    assert client.get(f"/live?topics=letters:{ada.id}").status_code == 503  # allowed; only nobody pushes here
    assert client.get(f"/live?topics=letters:{bob.id}").status_code == 403
    assert app.test_client().get(f"/live?topics=letters:{bob.id}").status_code == 403


@pytest.mark.parametrize(
    ("letter", "well"),
    [
        (wire.Letter(["board"], ["v1"], True, ["user:7"]), True),
        (wire.Letter([], [], False, []), True),
        (wire.Letter(["board"], [], True, []), False),
        (wire.Letter([7], ["v1"], True, []), False),
    ],
)
def test_a_letter_to_the_hub_is_checked(letter, well):
    if well:
        assert wire.Letter.read(letter.written()) == wire.Letter(*letter)
    else:
        with pytest.raises(ValueError, match="no letter"):
            wire.Letter.read(letter.written())
