"""When each change reached each screen."""

from typing import Any

from bench.live_lab.loop import summary


class Tally:
    """since: changes begun earlier (monotonic nanoseconds) do not count."""

    def __init__(self, since: int = 0) -> None:
        self.since = since
        self.arrivals: list[float] = []
        self.last: dict[int, tuple[int, float]] = {}

    def note(self, change: int, began: int, now: int) -> None:
        if began < self.since:
            return
        milliseconds = (now - began) / 1e6
        self.arrivals.append(milliseconds)
        count, latest = self.last.get(change, (0, 0.0))
        self.last[change] = count + 1, max(latest, milliseconds)

    def told(self, screens: int) -> dict[str, Any]:
        """complete: changes that reached as many screens. last: until the last screen had it."""
        return {
            "changes": len(self.last),
            "complete": sum(count >= screens for count, _ in self.last.values()),
            "deliveries": len(self.arrivals),
            "screen": summary(self.arrivals),
            "last": summary([latest for _, latest in self.last.values()]),
        }
