"""Searching for better plans with OR-Tools' CP-SAT: first the least weighted lateness, then the earliest end of all.

OR-Tools takes two seconds and a hundred megabytes to load, so it is imported where the search begins: the slow worker
alone ever does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from time import monotonic

from webapp.orders.planning.first_plan import pushed_early
from webapp.orders.planning.modelling import END, LATENESS, Model, listener
from webapp.orders.planning.shop import Places, Score, Shop, score

#: Seconds between two looks at how far the search is.
LOOK = 0.5


@dataclass(frozen=True)
class Limits:
    """seconds: of search. good_enough: how far from the best that is possible, as a share of it. memory: megabytes."""

    seconds: float
    workers: int = 1
    good_enough: float = 0.0
    memory: int = 800


@dataclass(frozen=True)
class Progress:
    """How far a search is. aim: what is being made less now; bound: nothing can have less of it."""

    places: Places
    score: Score
    aim: str
    bound: int
    seconds: float

    @property
    def value(self) -> int:
        return self.score.weighted if self.aim == LATENESS else self.score.ends


@dataclass(frozen=True)
class Solved:
    """proven: no plan is better, by lateness first and the end of all second."""

    places: Places
    score: Score
    proven: bool
    progress: Progress


#: Told about twice a second how far it is; True: stop here.
Heed = Callable[[Progress], bool]


def improve(shop: Shop, first: Places, limits: Limits, heed: Heed) -> Solved:
    """The best plan found from this one on, within the limits. Every plan it tells of is complete."""
    search = _Search(shop, first, limits, heed)
    late = score(shop, first).weighted > 0
    done = search.less(LATENESS, until=0.75) if late else True
    if not search.stopped and (done or search.left > 0):
        done = search.less(END) and done
    progress = search.told
    return Solved(search.best, score(shop, search.best), done and not search.stopped, progress)


@dataclass
class _Search:
    shop: Shop
    best: Places
    limits: Limits
    heed: Heed
    begun: float = field(default_factory=monotonic)
    stopped: bool = False
    told: Progress = field(init=False)

    def __post_init__(self) -> None:
        self.told = self._progress(LATENESS, 0)

    @property
    def left(self) -> float:
        return self.limits.seconds - (monotonic() - self.begun)

    def less(self, aim: str, until: float = 1.0) -> bool:
        """Search for less of it, up to that share of the time; True: there is no less."""
        model = Model(self.shop, self.best, aim)
        seconds = self.limits.seconds * until - (monotonic() - self.begun)
        run = _Run(model, self.limits, max(0.1, seconds))
        try:
            while not run.over.wait(LOOK):
                self._look(run, aim)
            self._look(run, aim)
        finally:
            run.stop()
        return run.proven

    def _look(self, run: "_Run", aim: str) -> None:
        if found := run.newest():
            self._keep(pushed_early(self.shop, found))
        self.told = self._progress(aim, run.bound)
        if not self.stopped and self.heed(self.told):
            self.stopped = True
            run.stop()

    def _keep(self, places: Places) -> None:
        """What a search for one thing finds may be no better by the whole score."""
        if score(self.shop, places) < score(self.shop, self.best):
            self.best = places

    def _progress(self, aim: str, bound: int) -> Progress:
        return Progress(self.best, score(self.shop, self.best), aim, bound, monotonic() - self.begun)


class _Run:
    """A search in a thread of its own, so that somebody can look at it, and stop it, while it goes on."""

    def __init__(self, model: Model, limits: Limits, seconds: float) -> None:
        from ortools.sat.python import cp_model

        self.model, self.solver, self.over = model, cp_model.CpSolver(), Event()
        self.proven, self._bound, self._lock = False, 0.0, Lock()
        self._found: Places | None = None
        parameters = self.solver.parameters
        parameters.max_time_in_seconds = seconds
        parameters.num_workers = limits.workers
        parameters.max_memory_in_mb = limits.memory
        parameters.relative_gap_limit = limits.good_enough
        self.solver.best_bound_callback = self._heard
        Thread(target=self._search, daemon=True).start()

    def _search(self) -> None:
        from ortools.sat.python import cp_model

        try:
            status = self.solver.solve(self.model.model, listener(self.model, self.found))
            self.proven = status == cp_model.OPTIMAL
            self._bound = max(self._bound, self.solver.best_objective_bound)
        finally:
            self.over.set()

    def _heard(self, bound: float) -> None:
        self._bound = bound

    def found(self, places: Places) -> None:
        with self._lock:
            self._found = places

    def newest(self) -> Places | None:
        """The best one since this was asked last."""
        with self._lock:
            found, self._found = self._found, None
        return found

    @property
    def bound(self) -> int:
        return self.model.in_seconds(self._bound)

    def stop(self) -> None:
        self.solver.stop_search()
        self.over.wait()
