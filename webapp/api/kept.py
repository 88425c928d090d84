"""Utilization of times that are over, kept as the bytes they were sent as: only the state of now is put in anew."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import Engine

from webapp.cells import Report
from webapp.extensions import db
from webapp.lib.tags import digest

#: Answers of a process, and cells of the largest that is kept: half a MB each.
MOST, LARGEST = 24, 2000
_GAP, _NOW = "\ue000state\ue000", "\ue001computed_at\ue001"


class Pieces(NamedTuple):
    """An answer, cut where a state belongs, and at last where the time does. ids: whose states, in order; digest: of
    all the rest."""

    ids: list[int]
    parts: list[str]
    end: str
    digest: str

    def put_together(self, said: Sequence[str], computed_at: str) -> bytes:
        """said: the states, in the order of ids."""
        told = "".join([piece for pair in zip(self.parts, said, strict=False) for piece in pair])
        return "".join((told, self.parts[-1], computed_at, self.end)).encode()


Shape = Callable[[Report, Mapping[int, str]], dict[str, Any]]
_answers: WeakKeyDictionary[Engine, OrderedDict[object, tuple[object, Pieces]]] = WeakKeyDictionary()
_lock = Lock()


def pieces_of(report: Report, shape: Shape) -> Pieces:
    """The answer, made with a mark in each gap, and cut there: both spellings come from one place."""
    ids = [entry.id for entry in report.columns.entries]
    body = {**shape(report, dict.fromkeys(ids, _GAP)), "computed_at": _NOW}
    whole, _, end = orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY).decode().partition(_NOW)
    return Pieces(ids, whole.split(_GAP), end, digest(whole, end))


def kept(what: object, mark: object) -> Pieces | None:
    """What was kept under this mark."""
    with _lock:
        found = _answers.setdefault(db.engine, OrderedDict()).get(what)
        return found[1] if found and found[0] == mark else None


def keep(what: object, mark: object, pieces: Pieces) -> None:
    with _lock:
        answers = _answers.setdefault(db.engine, OrderedDict())
        if len(pieces.ids) <= LARGEST:
            answers[what] = mark, pieces
            answers.move_to_end(what)
        while len(answers) > MOST:
            answers.popitem(last=False)
