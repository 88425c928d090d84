"""A cell's JSON, read with suspicion: whatever comes, the result is a Seen or a Silent. Pure."""

import json
from typing import Any

from webapp.cells.drivers.base import STATE_WORDS, Seen, Silent, Told

LARGEST_ID = 2**31 - 1
NO_SUCH_THING = (404, 405, 501)


class Unusable(Exception):
    """Why an answer cannot be used, in a few words for a person."""


def plain(text: object, limit: int = 200) -> str:
    """Text from outside, fit to be stored and shown: one line, no control characters, no half characters, cut."""
    kept = "".join(c if c.isprintable() else " " for c in str(text)[: 4 * limit])
    return " ".join(kept.split())[:limit]


def body_of(raw: bytes) -> dict[str, Any]:
    """The object in a JSON body; raises Unusable."""
    try:
        found = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Unusable("its answer is not UTF-8") from None
    except (ValueError, RecursionError):
        raise Unusable("its answer is not JSON" if raw.strip() else "its answer is empty") from None
    if not isinstance(found, dict):
        raise Unusable("its answer is not a JSON object")
    return found


def _no_constant(word: str) -> None:
    raise ValueError(word)


def seen_in(raw: bytes) -> Seen | Silent:
    """What a GET of a cell's address answered."""
    try:
        body = body_of(raw)
        state = STATE_WORDS.get(_text(body.get("status", ""), "status"))
        if state is None:
            raise Unusable("its status is none of " + ", ".join(STATE_WORDS))
        return Seen(state, plain(body.get("detail") or ""), job_in(body.get("job")))
    except Unusable as why:
        return Silent(str(why))


def job_in(found: object) -> dict[str, Any] | None:
    """The job a cell says it has: {project_id, fence, progress, outcome, reason}; raises Unusable."""
    if found is None:
        return None
    if not isinstance(found, dict):
        raise Unusable("its job is neither null nor an object")
    outcome = found.get("outcome")
    if outcome not in (None, "finished", "failure"):
        raise Unusable("its job's outcome is none of null, finished, failure")
    return {
        "project_id": _whole(found.get("project_id"), "project_id"),
        "fence": _whole(found.get("fence"), "fence"),
        "progress": _share(found.get("progress")),
        "outcome": outcome,
        "reason": plain(found.get("reason") or ""),
    }


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise Unusable(f"its {name} is not text")
    return value


def _whole(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= LARGEST_ID:
        raise Unusable(f"its job's {name} is not a whole number above 0")
    return value


def _share(value: object) -> float | None:
    """Whole percents: a job that creeps on does not rewrite its row with every sample."""
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise Unusable("its job's progress is not a number from 0 to 1")
    return round(value, 2)


def started(status: int, raw: bytes) -> Told:
    """How a cell took a job; raises Unusable where that cannot be said: it may have started."""
    if status in (200, 201):
        if body_of(raw).get("taken") is not True:
            raise Unusable("it did not say whether it took the job")
        return Told("taken")
    if status in NO_SUCH_THING:
        return Told("refused", "This cell takes no work over its address")
    return _refused(status, raw)


def changed(status: int, raw: bytes) -> Told:
    """How a cell took new values of its job."""
    if status == 200:
        return Told("taken")
    if status == 404:
        return Told("refused", "This cell does not have this job")
    if status in NO_SUCH_THING:
        return Told("refused", "This cell takes no changes over its address")
    return _refused(status, raw)


def stopped(status: int, raw: bytes) -> Told:
    """Whether the job is gone from a cell. A cell without jobs has none to give up."""
    if status in (200, 204) or status in NO_SUCH_THING:
        return Told("taken")
    raise Unusable(f"it answered {status}")


def _refused(status: int, raw: bytes) -> Told:
    if status not in (409, 422):
        raise Unusable(f"it answered {status}")
    try:
        message = plain(body_of(raw).get("message") or "")
    except Unusable:
        message = ""
    return Told("refused", message or "It refused without saying why")
