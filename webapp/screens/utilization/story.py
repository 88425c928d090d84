"""What the four figures say beside their numbers, and the honest line under them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from webapp import cells, ledger, projects
from webapp.cells import Account, Bucket, Report, Restatement
from webapp.lib.window import Window
from webapp.screens.filters import day
from webapp.screens.utilization.picture import seen

SENTENCES, NAMED = 5, 6


@dataclass(frozen=True)
class Part:
    """A piece of a bar of all scheduled time. start, width: per cent of the bar."""

    key: str
    word: str
    seconds: int
    share: float | None
    start: float
    width: float


@dataclass(frozen=True)
class Told:
    """Restatements of one kind, day and reason as one sentence. by: who made them, a few by name."""

    kind: str
    day: str
    why: str
    by: list[str]
    more: int


@dataclass(frozen=True)
class Sparks:
    """The four figures' small lines, over the days of the day chart."""

    utilization: list[float | None]
    productive: list[float | None]
    down: list[float | None]
    finished: list[float | None]


def sources(account: Account) -> list[Part]:
    """What scheduled time rests on: measured, entered, inferred, or nobody knows."""
    named = [
        ("measured", "measured", account.measured),
        ("entered", "entered by people", account.entered),
        ("inferred", "inferred", account.inferred),
        ("unknown", "unknown", account.unknown),
    ]
    return _parts(named, account.scheduled)


def by_state(account: Account) -> list[Part]:
    return _parts([(state, state, getattr(account, state)) for state in ledger.STATES], account.scheduled)


def _parts(named: Sequence[tuple[str, str, int]], whole: int) -> list[Part]:
    found, start = [], 0.0
    for key, word, seconds in named:
        width = round(100 * seconds / whole, 3) if whole else 0.0
        found.append(Part(key, word, seconds, cells.percent(seconds, whole), round(start, 3), width))
        start += width
    return found


def told(restated: Sequence[Restatement]) -> list[Told]:
    """Twelve cells that came back after the same gap are one sentence, not twelve."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for one in restated:
        alike.setdefault((one.kind, day(one.at), one.why), []).append(one.by)
    who = {key: sorted(set(by)) for key, by in alike.items()}
    return [Told(*key, by[:NAMED], len(by[NAMED:])) for key, by in who.items()][:SENTENCES]


def target_of(report: Report) -> float | None:
    """What all these cells aim at, 0..1; None where their sites do not agree, so that no line stands for all."""
    aims = {row.cell.site.target for row in report.cells}
    return aims.pop() / 100 if len(aims) == 1 else None


def sparks(buckets: Sequence[Bucket], cell_ids: Collection[int] | None) -> Sparks:
    return Sparks(
        [seen(bucket.account) for bucket in buckets],
        [_hours(bucket, bucket.account.running) for bucket in buckets],
        [_hours(bucket, bucket.account.down) for bucket in buckets],
        _finished(buckets, cell_ids),
    )


def _hours(bucket: Bucket, seconds: int) -> float | None:
    return None if seen(bucket.account) is None else seconds / 3600


def _finished(buckets: Sequence[Bucket], cell_ids: Collection[int] | None) -> list[float | None]:
    if not buckets:
        return []
    ends = projects.finished_at(Window(buckets[0].window.start, buckets[-1].window.end), cell_ids)
    return [float(sum(bucket.window.start <= at < bucket.window.end for at in ends)) for bucket in buckets]
