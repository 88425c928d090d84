"""Writing down how far a search is: each better plan, once the rules have seen it. And hearing that it should stop."""

import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from webapp import journal
from webapp.extensions import db, touch, transaction
from webapp.lib.clock import epoch, iso, moment
from webapp.lib.turns import Turn
from webapp.orders.planning.first_plan import Planned
from webapp.orders.planning.judging import Faults, broken, faults
from webapp.orders.planning.shop import Job, Place, Places
from webapp.orders.planning.solving import Progress
from webapp.orders.proposals.asking import one_proposal
from webapp.orders.proposals.models import Proposal
from webapp.orders.proposals.reading import Asked, told

#: Seconds between two words about how far it is.
EVERY = 1.5


class Teller:
    """Writes down how far a search is, each better plan once the rules have seen it; asked whether to stop.

    spent: seconds of search in earlier turns; plans: better ones found in them.
    """

    def __init__(self, turn: Turn, asked: Asked, planned: Planned, spent: int, plans: int) -> None:
        self.turn, self.asked, self.planned, self.spent, self.plans = turn, asked, planned, spent, plans
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
        spent = self.spent + int(progress.seconds)
        aims = {"aim": progress.aim, "bound": progress.bound, "spent": spent}
        return self._write(**{**aims, **news, **values})

    def end(self, proven: bool) -> None:
        now = self.turn.clock()
        with transaction():
            proposal = one_proposal(self.turn.id)
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
        return write_down(self.turn, **values)


def write_down(turn: Turn, /, **values: Any) -> bool:
    """For whoever looks at the plan. True: somebody asked to stop. Raises TurnIsOver."""
    with transaction():
        turn.go_on(**values)
        touch(f"proposal:{turn.id}")
        return bool(db.session.scalar(select(Proposal.stop_asked).where(Proposal.id == turn.id)))
