"""Keeping machines fit: duties by time and by run hours, windows that block a cell, requests from the floor."""

from webapp.upkeep.fitness import Check, Fitness, before_work, fitness
from webapp.upkeep.models import ANSWERS, URGENCIES, Duty, Request, Window

__all__ = [  # noqa: RUF022 - the groups say more than the alphabet
    # nouns
    "ANSWERS",
    "Check",
    "Duty",
    "Fitness",
    "Request",
    "URGENCIES",
    "Window",
    # acts
    # moves
    # questions
    "before_work",
    "fitness",
]
