"""The words in which machines of three standards say how they are, and the state each comes to. Pure.

Each table is read from the top; the first line that fits decides. Words are compared without case, spaces and
underscores: MANUAL_DATA_INPUT, Manual Data Input and ManualDataInput are one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Words = Mapping[str, frozenset[str]]  # key -> words
_BETWEEN = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Line:
    """state, where each key of `says` holds one of its words and none of `unless` does.

    claimed: only where something holds the cell; up_to: only for so many seconds since the last of `says` began.
    """

    state: str
    says: Words
    unless: Words = field(default_factory=dict)
    claimed: bool = False
    up_to: int | None = None

    def fits(self, said: Mapping[str, str], held: int, claimed: bool) -> bool:
        if (self.claimed and not claimed) or (self.up_to is not None and held >= self.up_to):
            return False
        told = all(said.get(key, "") in words for key, words in self.says.items())
        return told and not any(said.get(key, "") in words for key, words in self.unless.items())


@dataclass(frozen=True)
class Vocabulary:
    """keys: each with all its words; the last line of a table is what is left of them."""

    name: str
    title: str
    keys: Words
    lines: tuple[Line, ...]

    def state(self, said: Mapping[str, str], held: int = 0, claimed: bool = False) -> str:
        """said: plain words by key; held: seconds since the newest of them; unknown where nothing fits."""
        return next((line.state for line in self.lines if line.fits(said, held, claimed)), "unknown")

    @property
    def patience(self) -> int | None:
        """Seconds after which the same words may come to another state."""
        return next((line.up_to for line in self.lines if line.up_to is not None), None)


def plain_word(word: str) -> str:
    """As words are compared."""
    return _BETWEEN.sub("", word).upper()


def _words(**by_key: str) -> Words:
    return {key: frozenset(plain_word(word) for word in words.split()) for key, words in by_key.items()}


HANDS_ON = "MANUAL MANUAL_DATA_INPUT SEMI_AUTOMATIC EDIT"
REST = "ACTIVE WAIT READY PROGRAM_COMPLETED STOPPED INTERRUPTED FEED_HOLD PROGRAM_STOPPED OPTIONAL_STOP"

MTCONNECT = Vocabulary(
    "mtconnect",
    "MTConnect",
    _words(
        avail="AVAILABLE UNAVAILABLE",
        execution=f"{REST} UNAVAILABLE",
        mode=f"AUTOMATIC {HANDS_ON} UNAVAILABLE",
        estop="ARMED TRIGGERED UNAVAILABLE",
        function="PRODUCTION SETUP TEARDOWN MAINTENANCE PROCESS_DEVELOPMENT UNAVAILABLE",
        condition="NORMAL WARNING FAULT UNAVAILABLE",
    ),
    (
        Line("unknown", _words(avail="UNAVAILABLE")),
        Line("unknown", _words(execution="UNAVAILABLE")),
        Line("maintenance", _words(function="MAINTENANCE")),
        Line("down", _words(estop="TRIGGERED")),
        Line("down", _words(condition="FAULT"), unless=_words(execution="ACTIVE")),
        Line("setup", _words(function="SETUP TEARDOWN")),
        Line("setup", _words(mode=HANDS_ON), claimed=True),
        # A machine that never names its mode is taken to be in AUTOMATIC.
        Line("running", _words(execution="ACTIVE"), unless=_words(mode=HANDS_ON)),
        Line("running", _words(execution="WAIT"), up_to=60),
        Line("idle", _words(execution=REST)),
    ),
)

PACKML = Vocabulary(
    "packml",
    "PackML",
    _words(
        mode="Invalid Production Maintenance Manual",
        state="Aborting Aborted Clearing Resetting Starting Completing Execute Idle Complete Completed Stopping "
        "Stopped Holding Held Unholding Suspending Suspended Unsuspending",
    ),
    (
        Line("unknown", _words(mode="Invalid")),
        Line("maintenance", _words(mode="Maintenance")),
        Line("down", _words(state="Aborting Aborted Clearing")),
        Line("setup", _words(mode="Manual")),
        Line("setup", _words(state="Resetting Starting Completing")),
        Line("running", _words(state="Execute")),
        Line("idle", _words(state="Idle Complete Completed Stopping Stopped")),
        Line("idle", _words(state="Holding Held Unholding Suspending Suspended Unsuspending")),
    ),
)

OPCUA = Vocabulary(
    "opcua",
    "OPC UA Machinery",
    _words(
        quality="Good Bad Uncertain",
        state="NotAvailable OutOfService NotExecuting Executing",
        mode="None Maintenance Setup Processing",
    ),
    (
        Line("unknown", _words(state="NotAvailable")),
        Line("unknown", _words(quality="Bad")),
        Line("maintenance", _words(mode="Maintenance")),
        Line("down", _words(state="OutOfService")),
        Line("setup", _words(mode="Setup")),
        Line("running", _words(state="Executing", mode="Processing")),
        Line("idle", _words(state="NotExecuting")),
    ),
)

VOCABULARIES = {vocabulary.name: vocabulary for vocabulary in (MTCONNECT, PACKML, OPCUA)}


def _alone() -> dict[str, str]:
    """What one word comes to that says all there is to say; where standards differ, the first in the list."""
    found: dict[str, str] = {}
    for vocabulary, key in ((MTCONNECT, "execution"), (PACKML, "state"), (OPCUA, "state")):
        for word in sorted(vocabulary.keys[key] - {plain_word("WAIT"), plain_word("Executing")}):
            found.setdefault(word, vocabulary.state({key: word}))
    return found


#: State by a single word, for files that have one column of states.
SINGLE_WORDS = _alone()
