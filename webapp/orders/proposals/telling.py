"""Writing down how far a search is: each better plan, once the rules have seen it. And hearing that it should stop."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from webapp import journal
from webapp.extensions import db, touch, transaction
from webapp.lib.clock import epoch, iso, moment
from webapp.orders.planning.first_plan import Planned
from webapp.orders.planning.judging import Faults, broken, faults
from webapp.orders.planning.shop import Job, Place, Places
from webapp.orders.planning.solving import Progress
from webapp.orders.proposals.asking import one_proposal
from webapp.orders.proposals.models import UNDER_WAY, Proposal
from webapp.orders.proposals.reading import Asked, told

TURN = timedelta(seconds=60)
#: Seconds between two words about how far it is.
EVERY = 1.5
Clock = Callable[[], datetime]


class TurnIsOver(Exception):
    """Nobody wants it any more, or somebody else works on it."""


@dataclass(frozen=True)
class Turn:
    """The right to work on a proposal. spent: seconds of search before it."""

    proposal_id: int
    number: int
    spent: int
    clock: Clock


class Teller:
    """Writes down how far a search is, each better plan once the rules have seen it; asked whether to stop."""

    def __init__(self, turn: Turn, asked: Asked, planned: Planned, plans: int) -> None:
        self.turn, self.asked, self.planned, self.plans = turn, asked, planned, plans
        self._faults = faults(planned.shop, asked.today, epoch(turn.clock()))
        self.told: Mapping[str, Place] = {}
        self.told_at, self.stopped = 0.0, False

    def __call__(self, progress: Progress) -> bool:
        if time.monotonic() - self.told_at < EVERY:
            return False
        self.stopped = self.tell(progress)
        return self.stopped

    def begin(self, places: Places) -> bool:
        """The first plan is there at once."""
        left_out = [{"ref": ref, "why": why} for ref, why in self._left_out().items()]
        self.stopped = self._write(left_out=left_out, **self._plan(places), plans=self.plans)
        return self.stopped

    def tell(self, progress: Progress, **values: Any) -> bool:
        """True: somebody asked to stop."""
        news: dict[str, Any] = {}
        if progress.places != self.told:
            self.plans += 1
            news = {**self._plan(progress.places), "plans": self.plans}
        spent = self.turn.spent + int(progress.seconds)
        aims = {"aim": progress.aim, "bound": progress.bound, "spent": spent}
        return self._write(**{**aims, **news, **values})

    def end(self, proven: bool) -> None:
        now = self.turn.clock()
        with transaction():
            proposal = one_proposal(self.turn.proposal_id)
            if proposal.turn == self.turn.number and proposal.under_way:
                proposal.proven = proven
                proposal.end("ready", now)
                journal.record("proposed plan", proposal.what, proposal.by, now, moves=len(proposal.moves))

    def _left_out(self) -> dict[str, str]:
        of_shop = {
            ref: f"{self.asked.operations[task]['label']} has no room between what is fixed before and after it"
            for ref, task in self.planned.left_out.items()
        }
        return {**self.asked.left_out, **of_shop}

    def _plan(self, places: Places) -> dict[str, Any]:
        """As the row keeps it. A plan that breaks a rule is a fault of this program, and is shown to nobody."""
        if wrong := broken(self.planned.shop, places):
            raise AssertionError(f"a plan was made that may not be: {'; '.join(wrong[:3])}")
        self.told = places
        return {
            "moves": [self._move(ref, places[ref]) for ref in sorted(places, key=lambda ref: places[ref].start)],
            "ends": [self._end(job, places) for job in self.planned.shop.jobs],
        }

    def _move(self, ref: str, place: Place) -> dict[str, Any]:
        return {**self.asked.operations[ref], "was": told(self.asked.today.get(ref)), "becomes": told(place)}

    def _end(self, job: Job, places: Places) -> dict[str, Any]:
        was, becomes = (
            None if end is None else iso(moment(end)) for end in (job.end(self.asked.today), job.end(places))
        )
        found = self._faults.get(job.ref, Faults())
        about = {"was": was, "becomes": becomes, "broken": found.rules, "closed": found.closed}
        return {**self.asked.orders[job.ref], **about}

    def _write(self, **values: Any) -> bool:
        """True: somebody asked to stop. Raises TurnIsOver."""
        self.told_at = time.monotonic()
        kept = {"turn_until": self.turn.clock() + TURN, **values}
        mine = (Proposal.id == self.turn.proposal_id, Proposal.turn == self.turn.number)
        with transaction():
            done = db.session.execute(update(Proposal).where(*mine, Proposal.status.in_(UNDER_WAY)).values(kept))
            if not done.rowcount:  # type: ignore[attr-defined]
                raise TurnIsOver
            touch(f"proposal:{self.turn.proposal_id}")
            return bool(db.session.scalar(select(Proposal.stop_asked).where(*mine)))
