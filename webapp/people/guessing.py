"""How many wrong passwords are heard out, per name and per address, before there is a pause.

Kept in the database: a restart, or a second process, does not give the guesser new tries.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from webapp.extensions import db
from webapp.lib.refusal import TooMany
from webapp.people.models import Guess


@dataclass(frozen=True)
class Limit:
    """A bucket: it holds `most` wrong tries and gives one back each `back`."""

    most: int
    back: timedelta

    def level(self, count: int, since: datetime, now: datetime) -> tuple[int, datetime]:
        """What is left of count, and the moment up to which tries were given back. A clock set back gives none."""
        given = max(0, int((now - since) / self.back))
        return (count - given, since + given * self.back) if given < count else (0, now)

    def wait(self, count: int, since: datetime, now: datetime) -> int:
        """Seconds until a try is heard; 0: now."""
        left, since = self.level(count, since, now)
        return 0 if left < self.most else int((since + self.back - now).total_seconds()) + 1


# Somebody who forgot a password tries four or five. From one place: ten for one name, then one a minute.
BOTH = Limit(10, timedelta(minutes=1))
# From everywhere together, for one name. One guesser's address fills only its own ten: the owner comes in elsewhere.
NAME = Limit(25, timedelta(minutes=1))
# A whole hall may sit behind one address: ninety-five, then one each four seconds.
ADDRESS = Limit(95, timedelta(seconds=4))
# By then the fullest bucket is empty.
FORGET = timedelta(hours=1)


def limits(name: str, origin: str) -> dict[str, Limit]:
    """The buckets that a try for this name from this address counts in."""
    return {f"both:{name}@{origin}": BOTH, f"from:{origin}": ADDRESS, f"name:{name}": NAME}


class Tries:
    """One try's buckets. `hold` locks them, always in one order, until the act under way is over."""

    def __init__(self, limits: Mapping[str, Limit], now: datetime) -> None:
        self.limits, self.now = dict(sorted(limits.items())), now
        self.rows: list[Guess] = []

    def refuse_when_full(self) -> None:
        """Raise TooMany at once where a bucket is full: nobody's processor is spent on it."""
        refuse_during(self._pause(db.session.scalars(select(Guess).where(Guess.who.in_(self.limits)))))

    def hold(self) -> int:
        """Seconds until a try is heard, now that the buckets are locked; 0: this one is."""
        self.rows = [_locked(who, self.now) for who in self.limits]
        return self._pause(self.rows)

    def count(self) -> None:
        for row in self.rows:
            left, row.since = self.limits[row.who].level(row.count, row.since, self.now)
            row.count = left + 1

    def forgive(self) -> None:
        """The right password proves the person: the name's tries are forgotten, the address's are not."""
        for row in self.rows:
            if not row.who.startswith("from:"):
                db.session.delete(row)

    def _pause(self, rows: Iterable[Guess]) -> int:
        return max((self.limits[row.who].wait(row.count, row.since, self.now) for row in rows), default=0)


def refuse_during(wait: int) -> None:
    """Raise TooMany unless wait, in seconds, is over."""
    if wait:
        minutes = -(-wait // 60)
        again = f"{wait} seconds" if wait < 60 else "a minute" if minutes == 1 else f"{minutes} minutes"
        raise TooMany(f"Too many wrong tries; try again in {again}", retry_after=wait)


def forget_guesses(now: datetime) -> None:
    """Drop what says nothing any more. A move."""
    db.session.execute(delete(Guess).where(Guess.since < now - FORGET))


def _locked(who: str, now: datetime) -> Guess:
    """Its row, made if needed."""
    held = select(Guess).where(Guess.who == who).with_for_update().execution_options(populate_existing=True)
    row = db.session.scalar(held)
    if row is not None:
        return row
    row = Guess(who=who, since=now, count=0)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return db.session.scalars(held).one()
    return row
