"""A function per chore. Each is a sentence, sweeps what is owed, and may run twice.

slot: the second a tick stands for (seconds since 1970). History is stamped with it, not with the worker's clock.
"""

from datetime import timedelta

from webapp import cells, journal, ledger, people, projects
from webapp.lib.clock import utcnow
from webapp.lib.settings import settings


def sample_cells(slot: int) -> None:
    """Ask every cell, keep what they say, and act on it."""
    config = settings()
    cells.take_samples(slot, config.sample_every, config.cell_networks, utcnow())
    projects.heed_cells(utcnow())


def move_projects(slot: int) -> None:
    """Whatever rows say is owed to projects and cells: letting go, placing, starting, new values, stopping."""
    config = settings()
    projects.release_ended(utcnow())
    projects.dispatch_waiting(utcnow(), config.sample_every)
    projects.start_dispatched(utcnow(), config.cell_networks)
    projects.offer_values(utcnow(), config.cell_networks)
    cells.tell_stops(utcnow(), config.cell_networks)


def close_books(slot: int) -> None:
    """What no sampler vouches for becomes unknown; hours that are over are summed up."""
    ledger.expire(slot, grace_s=3 * settings().sample_every)
    ledger.close_hours(slot)


def tidy(slot: int) -> None:
    """Forget what need not be kept."""
    now = utcnow()
    journal.forget_answers(now)
    people.forget_ended(now)
    cells.forget_readings(now, timedelta(days=settings().keep_rows_days))
