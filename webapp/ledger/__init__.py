"""Which state each cell was in, second by second. Knows cell ids, states and times, and nothing else.

All times are whole seconds since 1970, UTC.
"""

from webapp.ledger.assigning import assign, fill, unsay
from webapp.ledger.books import enroll, known_until, newest, open_book, open_hours, reach_back
from webapp.ledger.closing import close_hours
from webapp.ledger.counting import Table, seconds
from webapp.ledger.distributing import ENGINES, check_engine, ddl, distribute
from webapp.ledger.forgetting import forget
from webapp.ledger.keeping import counted_edges, exact_from, kept_from, precision, sealed_mark
from webapp.ledger.models import (
    Book,
    CellDay,
    CellHead,
    CellHour,
    Corrected,
    DayBase,
    DayBlock,
    HourBlock,
    Progress,
    Sampler,
    StateChange,
)
from webapp.ledger.moments import Lasting, states_at
from webapp.ledger.months import is_partition, make_months
from webapp.ledger.planes import day_planes, hour_planes
from webapp.ledger.restlessness import restless
from webapp.ledger.sealing import seal
from webapp.ledger.spans import many_spans, spans
from webapp.ledger.states import STATES, Seconds, Source, Span, State
from webapp.ledger.strips import Strips, strips, strips_of
from webapp.ledger.thawing import thaw
from webapp.ledger.ticking import Fenced, Lease, expire, lease, tick, tick_all
from webapp.ledger.windows import heat, window, windows

__all__ = [  # noqa: RUF022 - the groups say more than the alphabet
    # nouns
    "Book",
    "CellDay",
    "CellHead",
    "CellHour",
    "Corrected",
    "DayBase",
    "DayBlock",
    "ENGINES",
    "Fenced",
    "HourBlock",
    "Lasting",
    "Lease",
    "Progress",
    "STATES",
    "Sampler",
    "Seconds",
    "Source",
    "Span",
    "State",
    "StateChange",
    "Strips",
    "Table",
    # acts
    "close_hours",
    "distribute",
    "expire",
    "forget",
    "lease",
    "make_months",
    "open_book",
    "seal",
    "thaw",
    # moves
    "assign",
    "enroll",
    "fill",
    "reach_back",
    "tick",
    "tick_all",
    "unsay",
    # questions
    "check_engine",
    "counted_edges",
    "day_planes",
    "ddl",
    "exact_from",
    "heat",
    "hour_planes",
    "is_partition",
    "kept_from",
    "known_until",
    "many_spans",
    "newest",
    "precision",
    "restless",
    "sealed_mark",
    "open_hours",
    "seconds",
    "spans",
    "states_at",
    "strips",
    "strips_of",
    "window",
    "windows",
]
