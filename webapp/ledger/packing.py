"""The five known states' seconds of one hour in one integer, 12 bits each: one aggregate instead of five.

The changes' parts may borrow from one another; with the state that the hour began with they are the sums.
"""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Table, case, cast, func, literal

from webapp.ledger.states import KNOWN, Sums

BITS, MASK = 12, 4095  # an hour has 3600 seconds
WEIGHTS = (0, *(1 << BITS * n for n in range(len(KNOWN))))


def weight(column: ColumnElement[int]) -> ColumnElement[int]:
    return case(*((column == state, literal(WEIGHTS[state], BigInteger)) for state in KNOWN), else_=0)


def gained(changes: Table, until: Any) -> ColumnElement[int]:
    """What an hour's changes before `until` (seconds into it) make of the sums up to there."""
    turned = cast(weight(changes.c.state) - weight(changes.c.prev), BigInteger)
    return cast(func.sum((until - changes.c.off) * turned), BigInteger)


def unpacked(packed: int) -> Sums:
    return tuple((packed >> BITS * n) & MASK for n in range(len(KNOWN)))


def unpacked_in_sql(packed: ColumnElement[int]) -> list[ColumnElement[int]]:
    return [packed.bitwise_rshift(literal(BITS * n, Integer)).bitwise_and(MASK) for n in range(len(KNOWN))]
