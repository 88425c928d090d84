"""Which topic is owed a look, and when."""

import pytest

from webapp.lib.regions import Region
from webapp.live.gallery import GAP, Asked, Gallery, Topic

NOW = 1000.0


def topic_of(name: str, *heeds: str, every: int = 5) -> Asked:
    kind, _, subject = name.partition(":")
    return Asked(Region(kind, "see boards", "none.html", lambda subject, now: {}, heeds=heeds, every=every), subject)


@pytest.fixture
def gallery() -> Gallery:
    """Four that were looked at just now."""
    gallery = Gallery()
    for name, heeds in {"board": (), "attention": ("board",), "cell:7": (), "cell:8": ()}.items():
        gallery.want(name, topic_of(name, *heeds))
    for topic in gallery.topics.values():
        look(topic, NOW)
    return gallery


def look(topic: Topic, at: float) -> None:
    topic.owed, topic.looked_at, topic.version = False, at, "v1"
    topic.was_looked_at(at, at + 0.03, painted=True)


def names(topics: list[Topic]) -> list[str]:
    return [topic.name for topic in topics]


def test_a_word_owes_those_that_heed_it(gallery: Gallery) -> None:
    gallery.hear({"board", "cell:7"})

    assert names(gallery.due(NOW + GAP)) == ["board", "attention", "cell:7"]


def test_ten_a_second_at_most(gallery: Gallery) -> None:
    gallery.hear({"board"})

    assert gallery.due(NOW + GAP / 2) == []
    assert gallery.pause(NOW + GAP / 2, 5) == pytest.approx(GAP / 2)
    assert "board" in names(gallery.due(NOW + GAP))


def test_after_a_look_that_brought_nothing_a_change_hardly_waits(gallery: Gallery) -> None:
    gallery.topics["board"].was_looked_at(NOW, NOW + 0.02, painted=False)
    gallery.hear({"board"})

    assert gallery.due(NOW + 0.03) == []
    assert names(gallery.due(NOW + 0.041)) == ["board"]


def test_the_first_change_is_painted_at_once(gallery: Gallery) -> None:
    gallery.hear({"board"})

    assert gallery.pause(NOW + 3, 5) == 0


def test_words_that_come_together_are_one_picture(gallery: Gallery) -> None:
    for _ in range(20):
        gallery.hear({"board"})

    assert names(gallery.due(NOW + GAP)).count("board") == 1


def test_at_a_tick_what_was_looked_at_lately_is_only_fresher(gallery: Gallery) -> None:
    lately = gallery.rest(NOW + 2)

    assert names(lately) == ["board", "attention", "cell:7", "cell:8"]
    assert gallery.due(NOW + 2) == []


def test_at_a_tick_the_others_are_owed_a_look_though_nobody_said_a_word(gallery: Gallery) -> None:
    assert gallery.rest(NOW + 5) == []
    assert len(gallery.due(NOW + 5)) == 4


def test_one_that_is_owed_a_look_is_not_called_fresh(gallery: Gallery) -> None:
    gallery.hear({"board"})

    assert "board" not in names(gallery.rest(NOW + 1))


def test_a_region_may_be_looked_at_less_often(gallery: Gallery) -> None:
    gallery.want("wall", topic_of("wall", every=30))
    look(gallery.topics["wall"], NOW)

    assert names(gallery.rest(NOW + 20)) == ["wall"]


def test_what_many_look_at_comes_first_then_what_waited_longest(gallery: Gallery) -> None:
    gallery.topics["cell:8"].looked_at = NOW - 50
    gallery.hear({"board", "cell:7", "cell:8"})

    assert names(gallery.due(NOW + 1)) == ["board", "attention", "cell:8", "cell:7"]


def test_who_begins_to_look_is_owed_the_whole_picture(gallery: Gallery) -> None:
    gallery.want("cell:7", topic_of("cell:7"))

    assert gallery.topics["cell:7"].owed
    assert gallery.topics["cell:7"].version == ""


def test_what_nobody_looks_at_any_more_is_dropped(gallery: Gallery) -> None:
    gallery.keep_only({"board", "queue"})

    assert set(gallery.topics) == {"board"}
