"""Something is wrong: who saw it, what it stops, who has it, and until when."""

from webapp.issues.asking import (
    IssueFilters,
    Tally,
    closed_in,
    count_closed,
    count_issues,
    issues_about,
    issues_numbered,
    issues_page,
    one_issue,
    one_photo,
    open_issues,
    tally,
    unowned_stops,
)
from webapp.issues.models import SEVERITIES, Issue, Photo, Step
from webapp.issues.owning import hand_over, let_issue_go, owners, take_issue
from webapp.issues.pictures import MOST_BYTES
from webapp.issues.reporting import SAYS, IssueSpec, report_issue
from webapp.issues.saying import MOST_PHOTOS
from webapp.issues.telling import close_issue, reopen_issue, update_issue

__all__ = [  # noqa: RUF022 - the groups say more than the alphabet
    # nouns
    "MOST_BYTES",
    "MOST_PHOTOS",
    "SAYS",
    "SEVERITIES",
    "Issue",
    "IssueFilters",
    "IssueSpec",
    "Photo",
    "Step",
    "Tally",
    # acts
    "close_issue",
    "hand_over",
    "let_issue_go",
    "reopen_issue",
    "report_issue",
    "take_issue",
    "update_issue",
    # questions
    "closed_in",
    "count_closed",
    "count_issues",
    "issues_about",
    "issues_numbered",
    "issues_page",
    "one_issue",
    "one_photo",
    "open_issues",
    "owners",
    "tally",
    "unowned_stops",
]
