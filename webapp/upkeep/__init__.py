"""Keeping machines fit: duties by time and by run hours, windows that block a cell, requests from the floor."""

from webapp.upkeep.asking import (
    SOON,
    Board,
    DutyLine,
    board,
    count_due,
    duties_in_force,
    history,
    open_requests,
)
from webapp.upkeep.counting import count_hours
from webapp.upkeep.doing import begin_now, begin_window, complete_window, stretch_windows
from webapp.upkeep.duties import DutyDetails, add_duty, change_duty, one_duty, retire_duty
from webapp.upkeep.fitness import Check, Fitness, before_work, fitness
from webapp.upkeep.fitting import Gap, LaneTaken, gap_for, next_gap
from webapp.upkeep.models import ANSWERS, URGENCIES, Duty, Request, Window
from webapp.upkeep.numbered import duties_numbered, requests_numbered, windows_numbered
from webapp.upkeep.planning import cancel_window, move_window, plan_window
from webapp.upkeep.requests import answer_request, one_request, request_maintenance
from webapp.upkeep.windows import WindowDetails, one_window

__all__ = [  # noqa: RUF022 - the groups say more than the alphabet
    # nouns
    "ANSWERS",
    "Board",
    "Check",
    "Duty",
    "DutyDetails",
    "DutyLine",
    "Fitness",
    "Gap",
    "LaneTaken",
    "Request",
    "SOON",
    "URGENCIES",
    "Window",
    "WindowDetails",
    # acts
    "add_duty",
    "answer_request",
    "begin_now",
    "begin_window",
    "cancel_window",
    "change_duty",
    "complete_window",
    "count_hours",
    "move_window",
    "plan_window",
    "request_maintenance",
    "retire_duty",
    "stretch_windows",
    # questions
    "duties_numbered",
    "requests_numbered",
    "windows_numbered",
    "before_work",
    "board",
    "count_due",
    "duties_in_force",
    "fitness",
    "gap_for",
    "history",
    "next_gap",
    "one_duty",
    "one_request",
    "one_window",
    "open_requests",
]
