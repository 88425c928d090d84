"""Time as the product speaks it: aware, UTC. Only doors call utcnow(); everything else is handed its now."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    return datetime.now(UTC)


def whole(at: datetime) -> datetime:
    """The second that at lies in: claims and states are kept in whole seconds."""
    return at.replace(microsecond=0)


def epoch(at: datetime) -> int:
    """Whole seconds since 1970, UTC, rounded down."""
    return int(at.timestamp() // 1)


def moment(seconds: int) -> datetime:
    """The other way round: an aware datetime."""
    return datetime.fromtimestamp(seconds, UTC)


def iso(at: datetime | None) -> str | None:
    """2025-08-29T01:42:11Z, as the API writes every time; None stays None."""
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
