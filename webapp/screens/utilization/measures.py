"""Each number of the page: what it is made of, in words and in seconds, and which stretches stand behind it. Pure.

Names of ISO 22400-2 stand only where the formula is the standard's own.
"""

from collections.abc import Callable
from dataclasses import dataclass

from webapp import cells
from webapp.cells import Account, Evidence

Seconds = Callable[[Account], int]


@dataclass(frozen=True)
class Measure:
    """part: the seconds that count; whole: what they are a share of, None for a plain length of time.

    counts: which stretches the part is the sum of; beyond: the figure in per cent, as the rest of the product has it.
    """

    key: str
    title: str
    part_words: str
    part: Seconds
    counts: Callable[[Evidence], bool]
    whole_words: str = ""
    whole: Seconds | None = None
    share: Callable[[Account], float | None] | None = None
    note: str = ""

    @property
    def formula(self) -> str:
        return f"{self.part_words} ÷ {self.whole_words}" if self.whole_words else self.part_words

    def value(self, account: Account) -> float | None:
        """Per cent; None where nothing was scheduled, or where it is no share at all."""
        return self.share(account) if self.share else None


def scheduled(account: Account) -> int:
    return account.scheduled


def worked(account: Account) -> int:
    return account.scheduled - account.planned_stop


def _in_state(key: str, title: str, note: str = "") -> Measure:
    return Measure(
        key,
        title,
        f"{key} time inside scheduled time",
        lambda account: int(getattr(account, key)),
        lambda piece: piece.scheduled and piece.state == key,
        "scheduled time",
        scheduled,
        lambda account: cells.percent(getattr(account, key), account.scheduled),
        note,
    )


def _is_running(piece: Evidence) -> bool:
    return piece.scheduled and piece.state == "running"


def _in_hand(piece: Evidence) -> bool:
    return piece.working and piece.what is not None


MEASURES = {
    measure.key: measure
    for measure in (
        Measure(
            "utilization",
            "Utilization",
            "running time inside scheduled time",
            lambda account: account.running,
            _is_running,
            "scheduled time",
            scheduled,
            lambda account: cells.figures(account).utilization,
            "The low end: unknown time counts as not running, so that a missing report can only lower it.",
        ),
        Measure(
            "coverage",
            "Coverage",
            "scheduled time of which anything is known",
            lambda account: account.scheduled - account.unknown,
            lambda piece: piece.scheduled and piece.state != "unknown",
            "scheduled time",
            scheduled,
            lambda account: cells.figures(account).coverage,
            "100 % is said only where every second is known.",
        ),
        Measure(
            "productive",
            "Productive time",
            "running time inside scheduled time",
            lambda account: account.running,
            _is_running,
            note="In cell-hours: two cells running for an hour are two.",
        ),
        Measure(
            "up-to",
            "Utilization if all unknown time ran",
            "running and unknown time inside scheduled time",
            lambda account: account.running + account.unknown,
            lambda piece: piece.scheduled and piece.state in ("running", "unknown"),
            "scheduled time",
            scheduled,
            lambda account: cells.figures(account).high,
            "The high end: what nobody reported may have been running.",
        ),
        Measure(
            "scheduled",
            "Scheduled time",
            "time inside shifts, breaks included",
            scheduled,
            lambda piece: piece.scheduled,
            note="Of a cell that follows no calendar every hour in service counts.",
        ),
        _in_state("down", "Unplanned down"),
        _in_state("setup", "Setup"),
        _in_state("idle", "Idle", "Held cells are idle too: somebody has them, and nothing runs."),
        _in_state("maintenance", "Maintenance"),
        _in_state("unknown", "Unknown", "Nobody reported anything about these seconds."),
        Measure(
            "calendar",
            "Calendar utilization",
            "running time inside and outside scheduled time",
            lambda account: account.running + account.running_off,
            lambda piece: piece.state == "running",
            "all hours in service",
            lambda account: account.window,
            lambda account: cells.figures(account).calendar,
        ),
        Measure(
            "availability",
            "Availability",
            "running time under a claim, outside planned stops",
            lambda account: account.running_claimed,
            lambda piece: _in_hand(piece) and piece.state == "running",
            "scheduled time without planned stops",
            worked,
            cells.availability,
            "ISO 22400-2 availability, APT ÷ PBT. It is allocation efficiency × utilization efficiency.",
        ),
        Measure(
            "allocation-efficiency",
            "Allocation efficiency",
            "time in somebody's hands, outside planned stops",
            lambda account: account.occupied,
            _in_hand,
            "scheduled time without planned stops",
            worked,
            cells.allocation_efficiency,
            "ISO 22400-2 allocation efficiency, AUBT ÷ PBT.",
        ),
        Measure(
            "utilization-efficiency",
            "Utilization efficiency",
            "running time under a claim, outside planned stops",
            lambda account: account.running_claimed,
            lambda piece: _in_hand(piece) and piece.state == "running",
            "time in somebody's hands",
            lambda account: account.occupied,
            cells.utilization_efficiency,
            "ISO 22400-2 utilization efficiency, APT ÷ AUBT. It is not the utilization of this page.",
        ),
        Measure(
            "technical-efficiency",
            "Technical efficiency",
            "running time under a claim, outside planned stops",
            lambda account: account.running_claimed,
            lambda piece: _in_hand(piece) and piece.state == "running",
            "that and the time held or down under a claim",
            lambda account: account.running_claimed + account.delayed,
            cells.technical_efficiency,
            "ISO 22400-2 technical efficiency, APT ÷ (APT + ADET).",
        ),
        Measure(
            "out-of-shift",
            "Out-of-shift running",
            "running time outside scheduled time",
            lambda account: account.running_off,
            lambda piece: piece.state == "running" and not piece.scheduled,
            note="Never added to utilization: it has no scheduled time to be a share of.",
        ),
        Measure(
            "unassigned",
            "Unassigned running",
            "running time inside scheduled time that no project accounts for",
            cells.unassigned_running,
            lambda piece: _is_running(piece) and piece.what is None,
            note="Counted in utilization, not in availability.",
        ),
        Measure(
            "entered",
            "Entered by people",
            "known scheduled time that a person said",
            lambda account: account.entered,
            lambda piece: piece.scheduled and piece.state != "unknown" and piece.source == "person",
            "scheduled time",
            scheduled,
            lambda account: cells.percent(account.entered, account.scheduled),
        ),
        Measure(
            "inferred",
            "Inferred",
            "known scheduled time that was worked out and not reported",
            lambda account: account.inferred,
            lambda piece: piece.scheduled and piece.state != "unknown" and piece.source == "inferred",
            "scheduled time",
            scheduled,
            lambda account: cells.percent(account.inferred, account.scheduled),
        ),
        Measure(
            "measured",
            "Measured",
            "scheduled time that a cell's own feed reported",
            lambda account: account.measured,
            lambda piece: piece.scheduled and piece.state != "unknown" and piece.source == "feed",
            "scheduled time",
            scheduled,
            lambda account: cells.percent(account.measured, account.scheduled),
        ),
    )
}
