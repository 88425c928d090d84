"""Sums of times that are over, kept in the process for as long as nothing says that they read differently."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from webapp.cells.overlay import Ints
from webapp.extensions import db

#: Bytes of sums in a process, and of any one of them: ninety days of a thousand cells are 13 MB.
MOST, MOST_OF_ONE = 32_000_000, 16_000_000

Kept = OrderedDict[object, tuple[object, Ints]]
_kept: WeakKeyDictionary[Engine, Kept] = WeakKeyDictionary()
_lock = Lock()


def remembered(what: object, mark: object, count: Callable[[], Ints]) -> Ints:
    """What `count` said of it under the same mark; asked anew under another. Not to be changed by who gets it."""
    with _lock:
        kept = _kept.setdefault(db.engine, OrderedDict())
        found = kept.get(what)
        if found and found[0] == mark:
            kept.move_to_end(what)
            return found[1]
    told = count()
    told.setflags(write=False)
    if told.nbytes <= MOST_OF_ONE:
        with _lock:
            _keep(kept, what, (mark, told))
    return told


def _keep(kept: Kept, what: object, told: tuple[object, Ints]) -> None:
    kept[what] = told
    kept.move_to_end(what)
    while sum(sums.nbytes for _, sums in kept.values()) > MOST:
        kept.popitem(last=False)
