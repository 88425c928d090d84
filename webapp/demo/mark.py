"""The database records that it is a demonstration: in its journal, with the port of its machines."""

from datetime import datetime

from webapp import journal

SUBJECT, TOLD = "factory", "told the demonstration"


def set_mark(port: int, now: datetime) -> None:
    """A move."""
    journal.record(TOLD, SUBJECT, "the factory", now, port=port)


def is_demonstration() -> bool:
    return port_of_machines() is not None


def port_of_machines() -> int | None:
    """Where the virtual factory is to answer; None: this is no demonstration."""
    told = [entry for entry in journal.recent(SUBJECT) if entry.verb == TOLD]
    return int(told[0].details["port"]) if told else None
