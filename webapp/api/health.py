"""Whether the program lives, and whether it is fit for work: for supervisors and load balancers."""

from flask import Blueprint, Response, current_app

from webapp import cells
from webapp.api import results
from webapp.api.answering import answer
from webapp.api.document import ANYBODY, tells
from webapp.api.door import bp
from webapp.cells import Standing
from webapp.lib.clock import epoch, utcnow
from webapp.lib.guard import may
from webapp.lib.refusal import Unavailable
from webapp.lib.settings import settings

root = Blueprint("health", __name__)
PERIODS = 3
ALIVE = {"status": "ok"}


@root.get("/health")
@may("see health")
def health() -> Response:
    return answer(ALIVE)


@bp.get("/health")
@tells("Alive; also at `/health`", results.Alive, needs=ANYBODY)
@may("see health")
def alive() -> Response:
    return answer(ALIVE)


@bp.get("/health/ready")
@tells(
    "Fit for work: the database answers, and cells were sampled within three periods",
    results.Ready,
    needs=ANYBODY,
    refuses=[503],
    more="Cells that fall silent are counted, and leave the program ready: that is their trouble, not its own. "
    "So do updates that are polled: where nobody pushes them, pages ask by themselves.",
)
@may("see health")
def ready() -> Response:
    now, period = utcnow(), settings().sample_every
    standings = list(cells.standings(now, period).values())
    age, allowed = epoch(now) - epoch(cells.as_of(now)), PERIODS * period
    found = {
        "database": "ok",
        "updates": current_app.extensions["live"](),
        "tick_age_seconds": age if standings else None,
        "tick_age_allowed": allowed,
        "feeds": _feeds(standings),
    }
    if standings and age > allowed:
        raise Unavailable("No cell was sampled lately: the clock or its worker stands", retry_after=period, **found)
    return answer({"status": "ready", **found})


def _feeds(standings: list[Standing]) -> dict[str, int]:
    silent = sum(standing.state == "unknown" for standing in standings)
    return {"answering": len(standings) - silent, "silent": silent}
