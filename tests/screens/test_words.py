"""What the log says of an entry."""

import pytest

from webapp.journal import Entry
from webapp.screens.words import per_cent, sentence, told


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({}, ""),
        ({"before": 5, "after": 3}, "5 → 3"),
        ({"before": {"x1": "1", "x2": "a"}, "after": {"x1": "2", "x2": "a"}}, "x1: 1 → 2"),
        ({"before": {"x1": None}, "after": {"x1": "2"}}, "x1: nothing → 2"),
        ({"cell": "C01", "fence": 7, "why": "door open"}, "on C01; because door open"),
        ({"feeds": [{"driver": "http", "address": ""}], "tags": []}, "feeds driver http"),
    ],
)
def test_an_entry_is_told_in_words(details: dict[str, object], words: str) -> None:
    assert told(Entry(details=details)) == words


def test_a_verb_begins_a_sentence() -> None:
    assert sentence("finished project") == "Finished project"


def test_no_figure_is_a_dash() -> None:
    assert per_cent(None) == "–"
    assert per_cent(58.3) == "58.3 %"
