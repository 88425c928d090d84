"""What happened, when, who did it: append-only; and the answers already given to requests that carry a key."""

from webapp.journal.answers import answer_to, digest, forget_answers, reserve_answer
from webapp.journal.kinds import KINDS, kind_of
from webapp.journal.models import Answer, Entry
from webapp.journal.recording import recent, record, walk

NOUNS = ["KINDS", "Answer", "Entry"]
ACTS = ["forget_answers"]
MOVES = ["record", "reserve_answer"]
QUESTIONS = ["answer_to", "digest", "kind_of", "recent", "walk"]

__all__ = [
    "KINDS",
    "Answer",
    "Entry",
    "answer_to",
    "digest",
    "forget_answers",
    "kind_of",
    "recent",
    "record",
    "reserve_answer",
    "walk",
]
