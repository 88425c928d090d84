"""Each line of the tables of machines' words, and which of two lines that fit decides."""

import pytest

from webapp.cells.vocabularies import MTCONNECT, OPCUA, PACKML, SINGLE_WORDS, plain_word


def said(text):
    return {key: plain_word(word) for key, _, word in (pair.partition("=") for pair in text.split())}


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("", "unknown"),
        ("avail=UNAVAILABLE execution=ACTIVE mode=AUTOMATIC", "unknown"),
        ("execution=UNAVAILABLE function=MAINTENANCE", "unknown"),
        ("function=MAINTENANCE execution=ACTIVE estop=TRIGGERED", "maintenance"),
        ("estop=TRIGGERED execution=ACTIVE", "down"),
        ("condition=FAULT execution=STOPPED function=SETUP", "down"),
        ("condition=FAULT execution=ACTIVE", "running"),
        ("function=SETUP execution=ACTIVE", "setup"),
        ("function=TEARDOWN execution=READY", "setup"),
        ("execution=ACTIVE mode=AUTOMATIC", "running"),
        ("execution=ACTIVE", "running"),
        ("execution=ACTIVE mode=UNAVAILABLE", "running"),
        *((f"execution=ACTIVE mode={mode}", "idle") for mode in ("MANUAL", "MANUAL_DATA_INPUT", "EDIT")),
        ("execution=READY avail=AVAILABLE estop=ARMED", "idle"),
        *(
            (f"execution={word} mode=AUTOMATIC", "idle")
            for word in ("PROGRAM_COMPLETED", "STOPPED", "INTERRUPTED", "FEED_HOLD", "PROGRAM_STOPPED", "OPTIONAL_STOP")
        ),
    ],
)
def test_mtconnect(words, state):
    assert MTCONNECT.state(said(words)) == state


def test_mtconnect_by_hand_is_setup_only_where_something_holds_the_cell():
    for mode in ("MANUAL", "MANUAL_DATA_INPUT", "SEMI_AUTOMATIC", "EDIT"):
        by_hand = said(f"execution=ACTIVE mode={mode}")
        assert (MTCONNECT.state(by_hand, claimed=True), MTCONNECT.state(by_hand)) == ("setup", "idle")


def test_mtconnect_waits_for_a_minute_and_is_idle_then():
    waiting = said("execution=WAIT")

    assert [MTCONNECT.state(waiting, held) for held in (0, 59, 60, 4000)] == ["running", "running", "idle", "idle"]
    assert MTCONNECT.patience == 60
    assert PACKML.patience is None


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("mode=Invalid state=Execute", "unknown"),
        ("mode=Production", "unknown"),
        ("mode=Maintenance state=Aborted", "maintenance"),
        *((f"mode=Manual state={word}", "down") for word in ("Aborting", "Aborted", "Clearing")),
        ("mode=Manual state=Execute", "setup"),
        *((f"mode=Production state={word}", "setup") for word in ("Resetting", "Starting", "Completing")),
        ("mode=Production state=Execute", "running"),
        *((f"state={word}", "idle") for word in ("Idle", "Complete", "Stopped")),
        *((f"state={word}", "idle") for word in ("Holding", "Held", "Unholding")),
        *((f"state={word}", "idle") for word in ("Suspending", "Suspended", "Unsuspending")),
    ],
)
def test_packml(words, state):
    assert PACKML.state(said(words)) == state


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("state=NotAvailable mode=Maintenance", "unknown"),
        ("quality=Bad state=Executing mode=Processing", "unknown"),
        ("state=OutOfService mode=Maintenance", "maintenance"),
        ("state=OutOfService mode=Setup", "down"),
        ("state=Executing mode=Setup", "setup"),
        ("state=Executing mode=Processing quality=Good", "running"),
        ("state=NotExecuting mode=Processing", "idle"),
        ("state=Executing", "unknown"),
    ],
)
def test_opc_ua(words, state):
    assert OPCUA.state(said(words)) == state


def test_a_word_that_says_it_all_needs_no_key():
    known = {"Execute": "running", "ACTIVE": "running", "OutOfService": "down", "feed hold": "idle", "Held": "idle"}

    assert {word: SINGLE_WORDS[plain_word(word)] for word in known} == known
    assert "EXECUTING" not in SINGLE_WORDS
    assert "WAIT" not in SINGLE_WORDS
