"""Whatever is sent, the answer is no 5xx, and a refusal is a problem."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.programs import create, free_cell, program_of

NAMES = st.sampled_from(
    [
        *("cad_model", "config", "x-params", "x1", "x11", "name", "tags", "priority", "expected_minutes", "cell_kind"),
        *("requested_cell_id", "status", "reason", "fence", "username", "password", "", "self", "message", "__class__"),
    ]
)
ODD = [
    "",
    " ",
    "0",
    "\0",
    "a\0b",
    "\ud800",
    "\u202e",
    "'",
    '" OR 1=1',
    "%00",
    "١٢",
    "9" * 400,
    "A" * 5_000,
    "running",
    "🏭",
]
ODD += [
    "2025-13-45",
    "9999-12-31T23:59:59.999999+14:00",
    "0001-01-01",
    "2025-09-01T00:00:00+99:99",
    "2025-03-30T02:30:00",
]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(ODD) | st.text(max_size=20)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
BODIES = st.dictionaries(NAMES, VALUES, max_size=6) | VALUES
QUERIES = st.lists(
    st.tuples(
        st.sampled_from(
            ["status", "start_time", "end_time", "limit", "after", "engineer", "cell_id", "columns", "q", "status[]"]
        ),
        st.sampled_from(ODD).filter(lambda text: "\ud800" not in text)
        | st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
    ),
    max_size=4,
)
WRITES = ["POST /projects", "PATCH /projects/{}", "PATCH /projects/{}/status", "POST /login", "POST /cells/{}/readings"]
READS = [
    "/projects",
    "/projects/{}",
    "/projects/{}/decisions",
    "/engineers",
    "/cells",
    "/cells/{}/timeline",
    "/cells/{}/timeline.csv",
]
MANY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def ada(app):
    free_cell("C01")
    program = program_of(app, "ada")
    create(program)
    return program


def first_project(ada):
    return ada.get("/projects").json["projects"][0]["project_id"]


def assert_no_trouble(answer):
    assert answer.status_code < 500
    if answer.status_code >= 400:
        assert answer.mimetype == "application/problem+json"
        assert answer.json["code"]


@MANY
@given(call=st.sampled_from(WRITES), body=BODIES)
def test_odd_bodies(ada, call, body):
    method, path = call.split(" ")
    text = json.dumps(body).encode()

    assert_no_trouble(ada.ask(method, path.format(first_project(ada)), data=text, content_type="application/json"))


@MANY
@given(path=st.sampled_from(READS), query=QUERIES)
def test_odd_queries(ada, path, query):
    assert_no_trouble(ada.ask("GET", path.format(first_project(ada)), query_string=query))


@MANY
@given(
    raw=st.binary(max_size=300),
    kind=st.sampled_from(["application/json", "text/plain", "multipart/form-data", "\xff", ""]),
)
def test_odd_bytes(ada, raw, kind):
    assert_no_trouble(ada.ask("POST", "/projects", data=raw, headers={"Content-Type": kind}))
