"""Long work in small steps, so that whoever wants to write meanwhile hardly waits."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep

#: A step aims at this part of what others may have to wait: some take longer than the one before.
AIM = 0.25
MOST = 96
#: Who waits for SQLite looks again this often, in seconds; a shorter pause would go by unseen.
BETWEEN_LOOKS = 0.03


@dataclass
class Pace:
    """size: how much the next step takes on. within: seconds for which a step may hold others up.

    ends: when to stop, by a clock that only measures. pause: called between steps with the seconds that others get.
    """

    within: float
    ends: float
    pause: Callable[[float], None] = sleep
    size: int = 1

    @classmethod
    def of(cls, within_ms: int, longest_s: float, pause: Callable[[float], None] = sleep) -> "Pace":
        return cls(within_ms / 1000, monotonic() + longest_s, pause)

    @property
    def over(self) -> bool:
        return monotonic() >= self.ends

    def took(self, seconds: float) -> None:
        """Grow or shrink with what the last step took, at most by half of it at once; then others have a turn."""
        fitting = self.size * self.within * AIM / max(seconds, 1e-4)
        self.size = max(1, min(MOST, int(fitting), self.size + self.size // 2 + 1))
        self.pause(max(seconds, BETWEEN_LOOKS))
