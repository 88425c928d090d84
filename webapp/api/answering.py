"""Answers as bytes, and the version of one thing that a program saw."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, request
from numpy.typing import NDArray

JSON = "application/json"


def answer(body: Any, status: int = 200, kind: str = JSON, **headers: str) -> Response:
    """headers: Location="..." and the like; an underscore stands for a dash."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    given = Response(text.encode(errors="replace"), status, mimetype=kind)
    given.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return given


def quick(body: Any, **headers: str) -> Response:
    """As answer(), for very many numbers, which may be numpy's: NaN is null."""
    given = Response(orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY), mimetype=JSON)
    given.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return given


def packed(head: Any, numbers: NDArray[Any]) -> Response:
    """Numbers of two bytes each behind a head in JSON, whose length is said in front; all little-endian."""
    told = orjson.dumps(head)
    told += b" " * (-len(told) % 4)
    return Response(
        len(told).to_bytes(4, "little") + told + numbers.astype("<u2").tobytes(), mimetype="application/octet-stream"
    )


def tagged(body: Mapping[str, Any], version: int, status: int = 200, **headers: str) -> Response:
    """An answer about one thing: 304 where the program holds it already.

    The tag is version and digest: If-Match heeds the version, which grows when somebody writes; If-None-Match all of
    it, since predictions move by themselves.
    """
    given = answer(body, status, **headers)
    given.set_etag(f"{version}-{hashlib.sha256(given.get_data()).hexdigest()[:16]}")
    given.headers["Cache-Control"] = "private, no-cache"
    given.make_conditional(request)
    return given


def seen_version(version: int) -> int | None:
    """What the program saw, for the room to compare: `version` itself, -1 for any other, None where it did not say."""
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    # An empty tag is read as None.
    seen = {tag.partition("-")[0] for tag in request.if_match.as_set(include_weak=True) if tag}
    return version if str(version) in seen else -1
