"""The demonstration tells its story through the public acts, with a past clock."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from webapp import cells, people, projects
from webapp.config import Network
from webapp.demo.caring import care_acts, set_duties
from webapp.demo.cast import CAST
from webapp.demo.clearing import MACHINES
from webapp.demo.crews import set_calendars
from webapp.demo.explaining import explain
from webapp.demo.logins import keep_logins, passwords
from webapp.demo.mark import set_mark
from webapp.demo.ordering import order_acts
from webapp.demo.plant import PARAMETERS, PLACES, SITE, TARGET, ZONE, Place
from webapp.demo.playing import Stage, play
from webapp.demo.remembering import HEARTBEAT, hand_over, remember, speak
from webapp.demo.story import Story, story
from webapp.extensions import held_open
from webapp.lib.clock import moment
from webapp.lib.refusal import WrongState

HOST = "127.0.0.1"
BY = "root"
Networks = tuple[Network, ...]


def tell(
    now: datetime, *, port: int, networks: Networks, period: int, zone: str, data_dir: Path, password: str = ""
) -> None:
    """Fill an empty database. port: of HOST, where its machines will answer; password: one for all, or random ones.

    Raises WrongState where anybody has an account.
    """
    if people.users(limit=1):
        raise WrongState("The demonstration needs an empty database; this one has people in it")
    zone = ZONE if zone == "UTC" else zone
    plan, chosen = story(now, zone), passwords(password)
    # Whole or not at all: whoever interrupts the first start finds an empty database at the second.
    with held_open():
        _hire(chosen, moment(plan.start))
        stage = Stage(plan, _build(plan, zone), period)
        speak(stage)
        play(stage, [*order_acts(stage), *care_acts(stage)])
        remember(stage)
        explain(stage, ZoneInfo(zone))
        set_duties(stage)
        _look_back(now)
        _connect(stage, port, networks)
        set_mark(port, now)
        hand_over(stage, data_dir / MACHINES)
        keep_logins(chosen, bool(password), data_dir)


def _hire(chosen: dict[str, str], now: datetime) -> None:
    for person in CAST:
        names = {"first_name": person.first_name, "last_name": person.last_name}
        people.add_user(person.username, chosen[person.username], [person.role], now, **names)


def _build(plan: Story, zone: str) -> dict[int, int]:
    """The site, what x1 to x10 mean, the shifts, and the cells: number -> id. At first they report by themselves."""
    now = moment(plan.start)
    site = cells.add_site(SITE, zone, TARGET, BY, now).id
    for n in range(1, 11):
        label, unit, help = PARAMETERS.get(n, ("", "", ""))
        projects.set_parameter(n, label=label, unit=unit, help=help, in_use=n in PARAMETERS, by=BY, now=now)
    numbers = {place.number: cells.add_cell(_details(place, site), BY, now).id for place in PLACES}
    set_calendars(numbers, zone, BY, now, moment(plan.now))
    return numbers


def _details(place: Place, site: int) -> cells.CellDetails:
    return cells.CellDetails(
        place.name, place.kind, site, place.location, place.tags, takes=place.takes, driver="push", heartbeat=HEARTBEAT
    )


def _look_back(now: datetime) -> None:
    """Everybody has seen what they were told in these days but for the last hour."""
    for user in people.users():
        people.see_notices(user.id, now - timedelta(hours=1))


def _connect(stage: Stage, port: int, networks: Networks) -> None:
    """From now on they are asked over HTTP, like any other cell, and everybody who waits is told why."""
    now = moment(stage.plan.now)
    for place in PLACES:
        cell_id = stage.cells[place.number]
        asked = replace(
            _details(place, cells.one(cell_id).site_id),
            driver="http",
            address=f"http://{HOST}:{port}/cell/{place.number}",
        )
        cells.change_cell(cell_id, asked, BY, now, networks)
    projects.dispatch_waiting(now, stage.period)
