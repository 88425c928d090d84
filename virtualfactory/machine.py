"""One pretend machine as the cell protocol sees it: the job it has, and what it answers when told something."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from virtualfactory.behaviour import MINUTE, Run, Span, at_rest, at_work, begin, refusal
from virtualfactory.personality import Personality


class No(Exception):
    """An answer other than 2xx: its status and the sentence a person reads."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True)
class Order:
    """The body of POST job. `started_at` and `will_take_minutes` exist in the virtual factory only: a demonstration
    uses them to say "you already have this job, since then"; a real machine never sees them."""

    project_id: int
    fence: int
    parameters: dict[str, str | None] = field(default_factory=dict)
    expected_minutes: float | None = None
    started_at: float | None = None
    will_take_minutes: float | None = None

    @property
    def key(self) -> str:
        return f"{self.project_id}/{self.fence}"


@dataclass(frozen=True)
class Job:
    order: Order
    run: Run


@dataclass
class Machine:
    """gone: the newest fence whose job is over; anything up to it comes too late. cycle: what somebody started at its
    own panel, without a job."""

    personality: Personality
    job: Job | None = None
    cycle: Run | None = None
    gone: int = 0
    never_finishes: bool = False

    def take(self, order: Order, now: float) -> bool:
        """Take a job; False where the machine has it already. Raises No for an older holder, or if it will not."""
        if self.job and self.job.order.key == order.key:
            return False
        if order.fence <= max(self.gone, self.job.order.fence if self.job else 0):
            raise No(409, "A newer holder was here since; this order is too old")
        self._willing(order, now)
        self.job = Job(order, self._run(order, now))
        self.cycle = None
        return True

    def press(self, minutes: float, now: float) -> None:
        """Somebody presses cycle start at the panel: it works for so long. Raises No while it has a job."""
        if self.job:
            raise No(409, "It has a job")
        self.cycle = Run(f"{now:.0f}", now, now + minutes * MINUTE)

    def _willing(self, order: Order, now: float) -> None:
        resting = at_rest(self.personality, now)
        if resting.state == "maintenance" and not self.job:
            raise No(409, f"Under maintenance: {resting.detail}")
        if why := refusal(self.personality, order.key):
            raise No(422, why)

    def _run(self, order: Order, now: float) -> Run:
        start = order.started_at or now
        if order.will_take_minutes:
            # Drawn from its start, so that whoever tells the story beforehand knows what the machine will be doing.
            return Run(f"{start:.0f}", start, start + order.will_take_minutes * MINUTE)
        return begin(self.personality, order.key, start, order.expected_minutes)

    def change(self, project_id: int, fence: int, parameters: dict[str, str | None], now: float) -> None:
        """New x-values for the job under way."""
        if self.job is None:
            raise No(404, "No job here")
        if (self.job.order.project_id, self.job.order.fence) != (project_id, fence):
            raise No(409, "This machine has another job")
        if not self.never_finishes and now >= self.job.run.end:
            raise No(409, "The job is over; its values can no longer change")
        order = replace(self.job.order, parameters={**self.job.order.parameters, **parameters})
        self.job = replace(self.job, order=order)

    def drop(self, fence: int) -> None:
        """Forget the job of this fence; a newer one stays."""
        self.gone = max(self.gone, fence)
        if self.job and self.job.order.fence <= fence:
            self.job = None

    def report(self, now: float) -> dict[str, Any]:
        """The answer to GET, without its time."""
        if self.job is None:
            doing = self._by_itself(now)
            return {"status": doing.state, "detail": doing.detail, "job": None}
        doing, progress = at_work(self.personality, self.job.run, now)
        over = now >= self.job.run.end
        if over and self.never_finishes:
            return self._told("running", "", 0.99, None)
        if not over:
            return self._told(doing.state, doing.detail, progress, None)
        return self._told("idle", "Waiting to be unloaded", progress, self.job.run.outcome)

    def _by_itself(self, now: float) -> Span:
        if self.cycle and now < self.cycle.end:
            return at_work(self.personality, self.cycle, now)[0]
        return at_rest(self.personality, now)

    def _told(self, status: str, detail: str, progress: float, outcome: str | None) -> dict[str, Any]:
        assert self.job is not None
        order, reason = self.job.order, self.job.run.reason if outcome else ""
        job = {
            "project_id": order.project_id,
            "fence": order.fence,
            "progress": round(progress, 3),
            "outcome": outcome,
            "reason": reason,
        }
        return {"status": status, "detail": detail, "job": job}


def read_order(body: dict[str, Any], speed: float = 1.0) -> Order:
    """The body of POST job, checked; raises No(400) naming what is wrong. speed: of the machines' clock."""
    project_id, fence = read_holder(body)
    for name in ("cad_model", "config"):
        if not isinstance(body.get(name, ""), str):
            raise No(400, f"{name} must be text")
    started = body.get("started_at")
    return Order(
        project_id, fence, read_parameters(body), _minutes(body, "expected_minutes"),
        None if started is None else _seconds(started) * speed, _minutes(body, "will_take_minutes"),
    )  # fmt: skip


def read_cycle(body: dict[str, Any]) -> float:
    """The minutes that a cycle started at the panel takes."""
    minutes = _minutes(body, "minutes")
    if minutes is None:
        raise No(400, "minutes must be a number above 0")
    return minutes


def read_holder(body: dict[str, Any]) -> tuple[int, int]:
    values = body.get("project_id"), body.get("fence")
    if not all(isinstance(value, int) and not isinstance(value, bool) and value > 0 for value in values):
        raise No(400, "project_id and fence must be whole numbers from 1")
    return values  # type: ignore[return-value]


def read_parameters(body: dict[str, Any]) -> dict[str, str | None]:
    given = body.get("x-params", {})
    if not isinstance(given, dict) or not all(value is None or isinstance(value, str) for value in given.values()):
        raise No(400, "x-params must be an object of texts")
    return given


def _minutes(body: dict[str, Any], name: str) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
        raise No(400, f"{name} must be a number of minutes above 0")
    return float(value)


def _seconds(text: object) -> float:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        raise No(400, "started_at must be an ISO time") from None
    if at.tzinfo is None:
        raise No(400, "started_at needs a zone or Z")
    return at.timestamp()
