"""A strip shows its hours and no more, and a short stop as well."""

from webapp.ledger import Source, Span, State
from webapp.screens.strips import strip


def span(state: State, start: int, end: int) -> Span:
    return Span(state, start, end, Source.FEED)


def test_spans_are_cut_to_the_strip_and_told_in_words():
    drawn = strip([span(State.RUNNING, -100, 500), span(State.DOWN, 500, 2000)], 0, 1000)

    assert [(bar.state, bar.x, bar.width) for bar in drawn.bars] == [("running", 0.0, 50.0), ("down", 50.0, 50.0)]
    assert drawn.words == "running 8 min, down 8 min"


def test_a_short_stop_at_the_edge_is_still_seen():
    drawn = strip([span(State.DOWN, 28_799, 28_800)], 0, 28_800)

    assert drawn.bars[0].width > 0.3
    assert drawn.bars[0].x + drawn.bars[0].width <= 100


def test_without_history_it_says_so():
    assert strip([], 0, 1000).words == "nothing known"
