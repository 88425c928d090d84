"""What is looked at, and what of it is owed a look. Pure: it is told the time, and reaches nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from webapp.lib.regions import Region

#: Seconds between two pictures of one topic.
GAP = 0.1


class Asked(NamedTuple):
    """A topic, and what paints it."""

    region: Region
    subject: str


@dataclass
class Topic:
    """One that somebody looks at. version, as_of: of what was sent last. *_at, rests_until: monotonic seconds."""

    name: str
    asked: Asked
    version: str = ""
    as_of: str = ""
    looked_at: float = float("-inf")
    rests_until: float = float("-inf")
    told_at: float = float("-inf")
    owed: bool = True

    def heeds(self, words: set[str]) -> bool:
        return self.name in words or not words.isdisjoint(self.asked.region.heeds)

    def is_due(self, now: float) -> bool:
        """Owed, and long enough after the last time."""
        return self.owed and now >= self.rests_until

    def was_looked_at(self, began: float, ended: float, painted: bool) -> None:
        """After a picture the next one waits its time; after a look that brought none, as long as the look took."""
        self.rests_until = began + GAP if painted else ended + (ended - began)


@dataclass
class Gallery:
    """All topics that somebody looks at."""

    topics: dict[str, Topic] = field(default_factory=dict)

    def want(self, name: str, asked: Asked) -> None:
        """Somebody began to look: the newest picture is owed, also where it is the one we sent last."""
        topic = self.topics.setdefault(name, Topic(name, asked))
        topic.owed, topic.version = True, ""

    def keep_only(self, names: Iterable[str]) -> None:
        wanted = set(names)
        self.topics = {name: topic for name, topic in self.topics.items() if name in wanted}

    def hear(self, words: set[str]) -> None:
        for topic in self.topics.values():
            topic.owed = topic.owed or topic.heeds(words)

    def rest(self, now: float) -> list[Topic]:
        """At a tick: those that were looked at so lately that only their freshness is news. The others are owed."""
        lately = [t for t in self.topics.values() if not t.owed and now - t.looked_at < t.asked.region.every - GAP]
        for topic in self.topics.values():
            topic.owed = topic.owed or topic not in lately
        return lately

    def due(self, now: float) -> list[Topic]:
        """What many look at first, then what has waited longest."""
        found = [topic for topic in self.topics.values() if topic.is_due(now)]
        return sorted(found, key=lambda topic: (topic.asked.subject != "", topic.looked_at))

    def pause(self, now: float, most: float) -> float:
        """Seconds until something is due."""
        owed = [max(0.0, topic.rests_until - now) for topic in self.topics.values() if topic.owed]
        return min([most, *owed])

    def forget_sent(self) -> None:
        """Nobody knows what arrived: all is owed anew."""
        for topic in self.topics.values():
            topic.owed, topic.version, topic.as_of = True, "", ""
