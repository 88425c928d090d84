"""A body is read strictly, or not at all."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.api.fields import Number
from webapp.api.reading import open_window, parse, plain, window
from webapp.lib.refusal import Invalid

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def test_a_number_keeps_its_text():
    assert parse(b'{"x1": 1.50, "x2": -3, "x3": 1e5}') == {
        "x1": Number("1.50"),
        "x2": Number("-3"),
        "x3": Number("1e5"),
    }


def test_numbers_become_ordinary_where_somebody_counts_with_them():
    assert plain(parse(b'[{"fence": 7, "progress": 0.5}, 1e400]')) == [{"fence": 7, "progress": 0.5}, float("inf")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 1_000 + b"]" * 10,
        b"[" * 1_000 + b"]" * 1_000,
        b"[" * 100_000,
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": "\\u0000"}',
        b'{"\\u0000": 1}',
        b'{"a": ["\\ud800"]}',
        b'{"cad_model": "a", "cad_model": "b"}',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        b"\xff\xfe",
        b"{'a': 1}",
    ],
)
def test_what_is_no_plain_json_is_refused(body):
    with pytest.raises(Invalid):
        parse(body)


def test_a_number_of_five_thousand_digits_is_only_text():
    assert parse(b"9" * 5_000) == Number("9" * 5_000)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(body):
    with suppress(Invalid):
        parse(body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_what_json_writes_is_read_again(value):
    try:
        read = plain(parse(json.dumps(value).encode()))
    except Invalid:
        assert "\\u0000" in json.dumps(value)
    else:
        assert read == value


def test_figures_are_of_the_last_day_where_nothing_is_said():
    asked = window({}, NOW)

    assert (asked.start, asked.end) == (datetime(2026, 3, 3, 10, 0, tzinfo=UTC), NOW)


def test_figures_end_now_where_no_end_is_said():
    assert window({"start_time": datetime(2026, 3, 1, tzinfo=UTC)}, NOW).end == NOW


def test_figures_that_would_begin_in_the_future_are_refused():
    with pytest.raises(Invalid):
        window({"start_time": datetime(2026, 3, 5, tzinfo=UTC)}, NOW)


def test_projects_have_no_limit_of_time_where_nothing_is_said():
    assert open_window({}) is None
    assert open_window({"end_time": NOW}).start.year == 1970
