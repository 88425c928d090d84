"""An engineer's job on a cell: asked for, placed, handed over, run, ended; why it waits and when it will start."""

from webapp.projects.attention import Attention, attention
from webapp.projects.board import STATES, Board, Change, Row, board
from webapp.projects.creating import create
from webapp.projects.deciding import decisions
from webapp.projects.dispatch import dispatch_waiting
from webapp.projects.ending import fail, finish, release_ended, release_silent, undo_ending
from webapp.projects.estimating import Prediction
from webapp.projects.forecast import Outlook, QueueItem, expected_ends, forecast, foresee, queue
from webapp.projects.handing import confirm_start, start_dispatched
from webapp.projects.heeding import heed_cells
from webapp.projects.lateness import tell_late
from webapp.projects.locking import one
from webapp.projects.meanwhile import Happening, meanwhile
from webapp.projects.models import ENDED, PARAMETERS, STATUSES, Decision, Pace, Parameter, Project
from webapp.projects.offering import offer_values
from webapp.projects.parameters import parameters, set_parameter
from webapp.projects.reasons import CODES, HELP, Reason
from webapp.projects.revising import revise, set_priority
from webapp.projects.search import (
    Ended,
    Filters,
    Page,
    authors,
    count,
    ended_in,
    engineers_at_work,
    finished_at,
    holders,
    ids_of,
    numbered,
    search,
)
from webapp.projects.spans import Phase, spans_of
from webapp.projects.spec import ProjectSpec
from webapp.projects.telling import tell_people

__all__ = [  # noqa: RUF022 - the groups say more than the alphabet
    # nouns
    "CODES",
    "ENDED",
    "HELP",
    "PARAMETERS",
    "STATES",
    "STATUSES",
    "Attention",
    "Board",
    "Change",
    "Decision",
    "Ended",
    "Filters",
    "Happening",
    "Outlook",
    "Pace",
    "Page",
    "Parameter",
    "Phase",
    "Prediction",
    "Project",
    "ProjectSpec",
    "QueueItem",
    "Reason",
    "Row",
    # acts
    "confirm_start",
    "create",
    "dispatch_waiting",
    "fail",
    "finish",
    "heed_cells",
    "offer_values",
    "release_ended",
    "release_silent",
    "revise",
    "set_parameter",
    "set_priority",
    "start_dispatched",
    "tell_late",
    "tell_people",
    "undo_ending",
    # questions
    "attention",
    "authors",
    "board",
    "count",
    "decisions",
    "ended_in",
    "engineers_at_work",
    "finished_at",
    "expected_ends",
    "forecast",
    "foresee",
    "holders",
    "ids_of",
    "numbered",
    "meanwhile",
    "one",
    "parameters",
    "queue",
    "search",
    "spans_of",
]
