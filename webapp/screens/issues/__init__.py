"""Issues as people on the floor keep them: report in three taps, take, tell how it goes on, close."""

from webapp.screens.issues.answering import close, hand_over, let_go, reopen, take, tell
from webapp.screens.issues.photos import photo
from webapp.screens.issues.place import REGIONS, about, bp, index, of_cell, show, unowned
from webapp.screens.issues.reporting import new, report

__all__ = [
    "REGIONS",
    "about",
    "bp",
    "close",
    "hand_over",
    "index",
    "let_go",
    "new",
    "of_cell",
    "photo",
    "reopen",
    "report",
    "show",
    "take",
    "tell",
    "unowned",
]
