"""Long work that lies in a row of a table: one at a time goes on with it, and whoever is killed is taken over from.

The row has a status, a turn that grows each time somebody goes to work, and a moment up to which nobody else does. Work
at which workers die would hold up all that comes after it: turns that were lost one after the other are counted, and at
some number it is given up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from webapp.extensions import db, transaction

TURN = timedelta(seconds=60)
#: So many turns that were lost one after the other, and it is given up.
MOST_LOST = 20
GIVEN_UP = "It was begun again and again, and never came to an end"
Clock = Callable[[], datetime]


class TurnIsOver(Exception):
    """It was called off, or somebody else works on it."""


@dataclass(frozen=True)
class Turn:
    """The right to work on a row of this model. under_way: the statuses in which there is work left."""

    model: Any
    under_way: Sequence[str]
    id: int
    number: int
    clock: Clock

    def go_on(self, heed: bool = True, **values: Any) -> None:
        """Within a transaction: how far it is, and that somebody is at it. heed: stop if it was called off."""
        kept = {"turn_until": self.clock() + TURN, **values}
        mine = update(self.model).where(self.model.id == self.id, self.model.turn == self.number)
        if heed:
            mine = mine.where(self.model.status.in_(self.under_way))
        done = db.session.execute(mine.values(kept).execution_options(synchronize_session=False))
        if not done.rowcount:  # type: ignore[attr-defined]
            raise TurnIsOver

    def tell(self, **values: Any) -> None:
        """The same, as an act of its own."""
        with transaction():
            self.go_on(**values)

    @property
    def over(self) -> dict[str, Any]:
        """Values that say that it ended well: whoever comes next goes on from there, at once."""
        return {"turn_until": None, "lost_turns": 0}


def take_turn(
    model: Any, under_way: Sequence[str], clock: Clock, give_up: Callable[[Any, datetime], object]
) -> Turn | None:
    """The oldest row first; None: none is owed, or somebody is at it.

    give_up: ends, within a transaction, a row of which MOST_LOST were lost.
    """
    now = clock()
    with transaction():
        owed = select(model).where(model.status.in_(under_way)).order_by(model.id).limit(1)
        found = db.session.scalar(owed.with_for_update())
        if found is None or (found.turn_until and found.turn_until > now):
            return None
        if found.lost_turns < MOST_LOST:
            found.turn += 1
            found.lost_turns += 1  # until it ends well
            found.turn_until = now + TURN
            return Turn(model, under_way, found.id, found.turn, clock)
        give_up(found, now)
    return take_turn(model, under_way, clock, give_up)


def is_owed(model: Any, under_way: Sequence[str]) -> bool:
    found = db.session.scalar(select(model.id).where(model.status.in_(under_way)).limit(1))
    db.session.rollback()
    return found is not None
