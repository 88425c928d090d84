"""What the figures mean (docs/utilization.md): pure arithmetic on whole seconds. One definition, one rounding.

Names of ISO 22400-2 are used only where the formula is the standard's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]
Shares = NDArray[np.float64]


@dataclass(frozen=True)
class Account:
    """Seconds of one cell, or of many added up, inside a window cut at now and at the cell's in-service dates.

    window: all of it; scheduled: S, planned stops included; running, setup, idle, maintenance, down, unknown:
    states inside S (they sum to S); running_off: running outside S; planned_stop: P, inside S; and by claim,
    inside S minus P: running_claimed (ISO APT), occupied (ISO AUBT), delayed (ISO ADET: held, or down with a claim);
    running_in_stops: running with a claim inside P; idle_in_stops, setup_in_stops, down_in_stops: inside P, whoever
    holds it. entered, inferred: inside S, known only because a person or the project clock said so.
    """

    window: int = 0
    scheduled: int = 0
    running: int = 0
    setup: int = 0
    idle: int = 0
    maintenance: int = 0
    down: int = 0
    unknown: int = 0
    running_off: int = 0
    planned_stop: int = 0
    running_claimed: int = 0
    occupied: int = 0
    delayed: int = 0
    running_in_stops: int = 0
    idle_in_stops: int = 0
    setup_in_stops: int = 0
    down_in_stops: int = 0
    entered: int = 0
    inferred: int = 0

    @property
    def measured(self) -> int:
        """Seconds inside S that a machine told of itself."""
        return self.scheduled - self.unknown - self.entered - self.inferred


_SECONDS = attrgetter(*(field.name for field in fields(Account)))


@dataclass(frozen=True)
class Figures:
    """Per cent, one decimal; None where nothing was scheduled: never 0, never a division."""

    utilization: float | None
    high: float | None
    coverage: float | None
    calendar: float | None

    @property
    def low(self) -> float | None:
        """The low end is the headline: unplugging a feed can only lower it."""
        return self.utilization


def pooled(accounts: Iterable[Account]) -> Account:
    """All cells: sums of seconds, so that a figure over it is sum R / sum S, never a mean of percentages."""
    columns = zip(*map(_SECONDS, accounts), strict=True)
    return Account(*map(sum, columns))


def figures(account: Account) -> Figures:
    """Utilization of scheduled time, its high end, its coverage, and the share of all hours."""
    s, r, u = account.scheduled, account.running, account.unknown
    return Figures(
        utilization=percent(r, s),
        high=percent(r + u, s),
        coverage=covered(s - u, s),
        calendar=percent(r + account.running_off, account.window),
    )


def percent(part: int, whole: int) -> float | None:
    """part of whole, in per cent with one decimal, half up: the product's one rounding of a share.

    In whole numbers, so that a page, a file and columns of thousands agree to the last digit.
    """
    return (2000 * part + whole) // (2 * whole) / 10 if whole else None


def percents(part: Seconds, whole: Seconds) -> Shares:
    """percent() of columns; NaN where it says None."""
    some = np.maximum(whole, 1)
    return np.where(whole > 0, (2000 * part + some) // (2 * some) / 10, np.nan)


def covered(seen: int, whole: int) -> float | None:
    """As percent(), but 100 is said only where every second was seen."""
    share = percent(seen, whole)
    return 99.9 if share == 100 and seen < whole else share


def all_covered(seen: Seconds, whole: Seconds) -> Shares:
    """covered() of columns."""
    share = percents(seen, whole)
    return np.where((share == 100) & (seen < whole), 99.9, share)


def availability(account: Account) -> float | None:
    """ISO 22400-2 availability: APT / (S - P)."""
    return percent(account.running_claimed, account.scheduled - account.planned_stop)


def allocation_efficiency(account: Account) -> float | None:
    """ISO 22400-2 allocation efficiency: AUBT / (S - P)."""
    return percent(account.occupied, account.scheduled - account.planned_stop)


def utilization_efficiency(account: Account) -> float | None:
    """ISO 22400-2 utilization efficiency: APT / AUBT. Availability is allocation x utilization efficiency."""
    return percent(account.running_claimed, account.occupied)


def technical_efficiency(account: Account) -> float | None:
    """ISO 22400-2 technical efficiency: APT / (APT + ADET)."""
    return percent(account.running_claimed, account.running_claimed + account.delayed)


def unassigned_running(account: Account) -> int:
    """Seconds of running that no claim accounts for: counted in R, not in APT; shown as an exception."""
    return account.running - account.running_claimed - account.running_in_stops
