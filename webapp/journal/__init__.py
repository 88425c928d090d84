"""What happened, when, who did it: append-only; and the answers already given to requests that carry a key."""

from webapp.journal.answers import answer_to, digest, forget_answers, reserve_answer
from webapp.journal.models import Answer, Entry
from webapp.journal.recording import recent, record

NOUNS = ["Answer", "Entry"]
ACTS = ["forget_answers"]
MOVES = ["record", "reserve_answer"]
QUESTIONS = ["answer_to", "digest", "recent"]

__all__ = ["Answer", "Entry", "answer_to", "digest", "forget_answers", "recent", "record", "reserve_answer"]
