"""What the program says of itself: one line an event, and never a secret."""

import re

import pytest
from flask.testing import FlaskClient

from webapp.logs import without_secrets


@pytest.mark.parametrize(
    "name", ["password", "new_password", "token", "Authorization", "session_cookie", "csrf_token", "SECRET_KEY"]
)
def test_what_is_named_like_a_secret_is_not_written(name: str) -> None:
    assert without_secrets(None, "", {name: "hunter2", "event": "signed in"}) == {name: "…", "event": "signed in"}


def test_an_address_loses_its_password() -> None:
    said = without_secrets(None, "", {"event": "cannot reach postgresql://factory:hunter2@db/factory"})

    assert said["event"] == "cannot reach postgresql://…@db/factory"


def test_an_answer_carries_its_number(client: FlaskClient) -> None:
    assert re.fullmatch("[0-9a-f]{16}", client.get("/nowhere").headers["X-Request-Id"])


def test_a_number_given_by_the_proxy_is_kept(client: FlaskClient) -> None:
    assert client.get("/nowhere", headers={"X-Request-Id": "abc-123"}).headers["X-Request-Id"] == "abc-123"


def test_a_number_that_would_forge_a_line_is_replaced(client: FlaskClient) -> None:
    assert client.get("/nowhere", headers={"X-Request-Id": 'x" forged'}).headers["X-Request-Id"] != 'x" forged'
