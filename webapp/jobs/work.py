"""A function per chore. Each is a sentence, sweeps what is owed, and may run twice.

slot: the second a tick stands for (seconds since 1970). History is stamped with it, not with the worker's clock.
"""

import logging
import os
from datetime import timedelta

from webapp import backups, cells, journal, ledger, orders, people, projects, upkeep
from webapp.config import Config
from webapp.extensions import db
from webapp.jobs.bell import wake
from webapp.lib.clock import utcnow
from webapp.lib.settings import settings

log = logging.getLogger(__name__)
#: Of a search for a plan: more find no better ones sooner, and each needs memory of its own.
THREADS = min(4, os.cpu_count() or 1)


def sample_cells(slot: int) -> None:
    """Ask every cell, keep what they say, act on it, and tell whom it concerns."""
    config = settings()
    cells.take_samples(slot, config.sample_every, config.cell_networks, utcnow())
    projects.heed_cells(utcnow())
    orders.heed_cells(utcnow())
    cells.note_stops(utcnow(), config.sample_every)
    projects.tell_people(utcnow())


def move_projects(slot: int) -> None:
    """Whatever rows say is owed to projects, operations and cells: letting go, placing, starting, new values, stopping.

    Operations come first: most have their time on a machine by plan. What one of them meets keeps no project waiting.
    """
    config = settings()
    projects.release_ended(utcnow())
    try:
        orders.start_waiting(utcnow(), config.sample_every)
    finally:
        db.session.rollback()  # PostgreSQL answers nothing more in a transaction in which a question failed
        _place_projects(config)


def _place_projects(config: Config) -> None:
    projects.dispatch_waiting(utcnow(), config.sample_every)
    projects.start_dispatched(utcnow(), config.cell_networks)
    projects.offer_values(utcnow(), config.cell_networks)
    cells.tell_stops(utcnow(), config.cell_networks)
    projects.tell_people(utcnow())


def tell_late(slot: int) -> None:
    """Owners of projects that take longer than they expected."""
    projects.tell_late(utcnow())


def count_hours(slot: int) -> None:
    """How long cells ran since their maintenance, and when it falls due; what takes longer goes on holding its time."""
    upkeep.count_hours(utcnow())
    upkeep.stretch_windows(utcnow())


def close_books(slot: int) -> None:
    """What no sampler vouches for becomes unknown; hours that are over are summed up."""
    ledger.expire(slot, grace_s=3 * settings().sample_every)
    ledger.close_hours(slot)


def keep_notes(slot: int) -> None:
    """A reason given while a stop lasted grows with it; what each explains is added up."""
    cells.carry_notes(utcnow())
    cells.count_notes()


def add_up(slot: int) -> None:
    """Accounts of the hours that are over, and of those that read differently now; the rest is for the next slot."""
    cells.derive_accounts(utcnow(), most=150)


def watch_flapping(slot: int) -> None:
    """Cells that change their state all the time."""
    cells.watch_flapping(utcnow(), settings().sample_every)


def forget_history(slot: int) -> None:
    """What is older than its days: rows, and years later the second."""
    ledger.forget(slot, settings().keep_rows_days, settings().keep_blocks_days)


def make_months(slot: int) -> None:
    """Places for the history of the months to come, and for what came without one."""
    ledger.make_months(slot)


def bring_in_history(slot: int) -> None:
    """A stretch of the oldest import that is owed; others are waiting for this worker too."""
    if cells.go_on_importing(settings().data_dir / "imports", utcnow):
        wake(bring_in_history, "slow")


def make_plans(slot: int) -> None:
    """A stretch of search for the plan that somebody asked for; others are waiting for this worker too."""
    if orders.go_on_planning(utcnow, lambda: projects.expected_ends(utcnow()), within=40, workers=THREADS):
        wake(make_plans, "slow")


def bring_in_orders(slot: int) -> None:
    """A stretch of the oldest file of orders that is owed; others are waiting for this worker too."""
    if orders.go_on_importing(settings().data_dir / "order-imports", utcnow):
        wake(bring_in_orders, "slow")


def seal_history(slot: int) -> None:
    """Hours that are over are packed, and those that were corrected again."""
    ledger.seal(slot, most=960)


def tidy(slot: int) -> None:
    """Forget what need not be kept."""
    now = utcnow()
    journal.forget_answers(now)
    people.forget_ended(now)
    people.forget_notices(now)
    orders.forget_proposals(now)
    cells.forget_imports(now, settings().data_dir / "imports")
    orders.forget_imports(now, settings().data_dir / "order-imports")
    cells.forget_readings(now, timedelta(days=settings().keep_rows_days))


def back_up(slot: int) -> None:
    """The night's backup, unless it is there; where the product needs the room more, only a warning."""
    config, now = settings(), utcnow()
    folder = backups.folder_of(config.data_dir)
    if not config.keep_backups or not backups.is_due(folder, now):
        return
    try:
        if not backups.has_room(config, folder):
            log.warning("no backup was made: %s has less than twice the room that one needs", folder)
            return
        made = backups.make(config, folder, now, config.keep_backups)
        log.info("backed up to %s", made.path)
    except backups.BackupFailed as failure:
        log.warning("%s", failure.message)
