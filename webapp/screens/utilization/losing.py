"""Lost time as a Pareto: what was given a reason, largest first, then what nobody explained. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from webapp import cells
from webapp.cells import Loss

UNEXPLAINED, PLANNED = "No reason given", "Planned stop (break)"
#: In an address: what nobody explained, and breaks. No reason of the factory's list is called that.
NONE_GIVEN, IN_BREAKS = "-", "--"


@dataclass(frozen=True)
class Line:
    """shares: per cent of all lost time; width: of the largest line, for its bar."""

    loss: Loss
    share: float | None
    cumulative: float | None
    width: float

    @property
    def word(self) -> str:
        if self.loss.planned:
            return PLANNED
        return self.loss.reason or ("Planned or overdue work" if self.loss.state == "maintenance" else UNEXPLAINED)

    @property
    def key(self) -> str:
        return key_of(self.loss)


def key_of(loss: Loss) -> str:
    return IN_BREAKS if loss.planned else loss.reason or NONE_GIVEN


def named(loss: Loss) -> str:
    """Within a sentence: Tool broke, down."""
    return f"{'planned stop (break)' if loss.planned else loss.reason or 'no reason given'}, {loss.state}"


def pareto(losses: Sequence[Loss]) -> list[Line]:
    ordered = sorted(losses, key=lambda loss: (_nobody_said(loss), -loss.seconds, loss.state))
    whole, largest = sum(loss.seconds for loss in ordered), max((loss.seconds for loss in ordered), default=0)
    sums = accumulate(loss.seconds for loss in ordered)
    return [
        Line(
            loss, cells.percent(loss.seconds, whole), cells.percent(sum_, whole), round(100 * loss.seconds / largest, 2)
        )
        for loss, sum_ in zip(ordered, sums, strict=True)
    ]


def _nobody_said(loss: Loss) -> bool:
    return loss.reason is None and not loss.planned and loss.state != "maintenance"
