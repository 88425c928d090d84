"""And then it lives: the engineers of the works hand in new work while more cells are free than they like to see."""

import random
from datetime import datetime

from webapp import cells, projects
from webapp.demo.plant import PLACES, Place
from webapp.demo.playing import person, spec_of
from webapp.demo.story import asked
from webapp.lib.clock import epoch

#: Seconds between two looks at the floor.
BETWEEN = 60
#: Cells that may stand free: a works in which every cell is taken would show nothing being dispatched.
SPARE = 1
MINUTES = (35, 50, 75, 120, 180)


def hand_in(now: datetime, period: int, dice: random.Random) -> projects.Project | None:
    """One project for one of the free cells, from one of the engineers; none where few are free."""
    free = _free(now, period)
    if len(free) <= SPARE:
        return None
    chapter = asked(dice, dice.choice(free), epoch(now), dice.choice(MINUTES))
    return projects.create(spec_of(chapter), person(chapter.engineer), now, period)


def _free(now: datetime, period: int) -> list[Place]:
    standings = cells.standings(now, period).values()
    names = {s.cell.name for s in standings if s.state == "idle" and s.claim is None and s.cell.mode == "open"}
    return [place for place in PLACES if place.name in names and "project" in place.takes]
