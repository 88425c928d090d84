"""How this door says no: application/problem+json (RFC 9457) with code, message and details as extension members."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response

from webapp.api import shapes
from webapp.api.answering import answer
from webapp.lib.refusal import Refusal

PROBLEM = "application/problem+json"


def problem(no: Refusal, headers: Mapping[str, str]) -> Response:
    """The one place where a refusal becomes an answer to a program."""
    body: dict[str, Any] = shapes.problem(no, HTTPStatus(no.status).phrase)
    told = answer(body, no.status, PROBLEM)
    told.headers.extend(headers)
    if no.status == HTTPStatus.UNAUTHORIZED:
        told.headers["WWW-Authenticate"] = 'Bearer realm="factory"'
    return told
