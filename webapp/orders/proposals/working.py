"""Making the plans that are owed. Whoever is killed at it is followed by another, who begins with the best so far."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from webapp.extensions import db
from webapp.lib.clock import epoch
from webapp.lib.turns import GIVEN_UP, Clock, Turn, TurnIsOver, take_turn
from webapp.orders.planning.first_plan import Planned, first_plan, replayed
from webapp.orders.planning.shop import Place, Places, score
from webapp.orders.planning.solving import Limits, improve
from webapp.orders.proposals.asking import one_proposal
from webapp.orders.proposals.models import UNDER_WAY, Proposal
from webapp.orders.proposals.reading import Busy, read_shop
from webapp.orders.proposals.telling import Teller, write_down

#: A plan within this share of the best that is possible is not searched on for.
GOOD_ENOUGH = 0.005


def go_on_planning(clock: Clock, busy: Callable[[], Busy], within: float = 60.0, workers: int = 1) -> bool:
    """Work on the plan that is owed, for some `within` seconds; True: there is more to do.

    busy: asked only where one is owed. workers: threads of the search.
    """
    turn = take_turn(Proposal, UNDER_WAY, clock, lambda proposal, now: proposal.end("failed", now, GIVEN_UP))
    if turn is None:
        return False
    try:
        return _work(turn, busy(), within, workers)
    except TurnIsOver:
        return False


def _work(turn: Turn, busy: Busy, within: float, workers: int) -> bool:
    write_down(turn, status="planning")
    proposal = one_proposal(turn.id)
    spent = proposal.spent
    asked = read_shop(proposal, busy, turn.clock())
    planned = first_plan(asked.shop, asked.today)
    best = _better(planned, _places(proposal.moves))
    seconds = min(within, proposal.seconds - spent)
    teller = Teller(turn, asked, planned, spent, plans=max(1, proposal.plans))
    db.session.rollback()  # nothing is held open while the search goes on
    if teller.begin(best) or not planned.shop.loose or seconds <= 0:
        teller.end(proven=not planned.shop.loose)
        return False
    solved = improve(planned.shop, best, Limits(seconds, workers, GOOD_ENOUGH), teller)
    if solved.proven or teller.stopped or spent + solved.progress.seconds >= proposal.seconds - 1:
        teller.end(proven=solved.proven)
        return False
    teller.tell(solved.progress, **turn.over)
    return True


def _places(moves: list[dict[str, Any]]) -> Places:
    kept = {move["ref"]: move["becomes"] for move in moves}
    return {
        ref: Place(at["cell"], *(epoch(datetime.fromisoformat(at[n])) for n in ("start", "end")))
        for ref, at in kept.items()
    }


def _better(planned: Planned, earlier: Places) -> Places:
    """The quick plan, or what an earlier turn had found, as far as it still holds."""
    again = replayed(planned.shop, earlier)
    return min((planned.places, again or planned.places), key=lambda places: score(planned.shop, places))
