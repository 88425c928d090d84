"""Where history is, for a page that shows none: of a shop that was brought in, or of machines out of service."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from webapp import cells, ledger
from webapp.cells import Report
from webapp.lib.clock import epoch, moment
from webapp.screens.times import midnight
from webapp.screens.utilization.asked import Asked

SECOND, DAY, SHOWN = timedelta(seconds=1), timedelta(days=1), timedelta(days=30)


@dataclass(frozen=True)
class Elsewhere:
    """until: nothing is known of these cells after it; link: the page about the whole days up to it."""

    until: datetime
    link: str


def elsewhere(asked: Asked, report: Report, zone: ZoneInfo) -> Elsewhere | None:
    """None where something is known of the time asked for, or nothing of any."""
    account = report.account
    if account.scheduled > account.unknown or account.running_off:
        return None
    until = ledger.known_until(cells.chosen() if asked.chosen.ids is None else asked.chosen.ids)
    if until is None or (report.cells and until > epoch(report.window.start)):
        return None
    return Elsewhere(moment(until), _days_up_to(moment(until), asked, zone))


def _days_up_to(until: datetime, asked: Asked, zone: ZoneInfo) -> str:
    last = (until - SECOND).astimezone(zone).date()
    return asked.other_time(midnight(last + DAY - SHOWN, zone), midnight(last + DAY, zone))
