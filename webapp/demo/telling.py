"""The demonstration tells its story through the public acts, with a past clock."""

from datetime import datetime
from pathlib import Path

from webapp import cells, people, projects
from webapp.demo.cast import CAST
from webapp.demo.clearing import MACHINES
from webapp.demo.logins import keep_logins, passwords
from webapp.demo.machines import Machines, at_work
from webapp.demo.mark import set_mark
from webapp.demo.plant import PARAMETERS, PLACES, SITE, TARGET, ZONE
from webapp.demo.playing import Networks, Stage, arrive, play
from webapp.demo.remembering import remember
from webapp.demo.story import Story, story
from webapp.extensions import transaction
from webapp.lib.clock import moment
from webapp.lib.refusal import WrongState

BY = "root"


def tell(
    now: datetime, *, port: int, networks: Networks, period: int, zone: str, data_dir: Path, password: str = ""
) -> None:
    """Fill an empty database. port: of 127.0.0.1, where its machines will answer; password: one for all, or random.

    Raises WrongState where anybody has an account, OSError where the port is taken.
    """
    if people.users(limit=1):
        raise WrongState("The demonstration needs an empty database; this one has people in it")
    zone = ZONE if zone == "UTC" else zone
    plan, chosen = story(now, zone), passwords(password)
    _hire(chosen, moment(plan.start))
    with at_work(Machines(port, data_dir / MACHINES, plan.machines)) as machines:
        stage = Stage(plan, machines, networks, period, _build(plan, machines, networks, zone))
        play(stage)
        arrive(stage)
        machines.keep()
    remember(stage)
    with transaction():
        set_mark(port, now)
    keep_logins(chosen, bool(password), data_dir)


def _hire(chosen: dict[str, str], now: datetime) -> None:
    for person in CAST:
        names = {"first_name": person.first_name, "last_name": person.last_name}
        people.add_user(person.username, chosen[person.username], [person.role], now, **names)


def _build(plan: Story, machines: Machines, networks: Networks, zone: str) -> dict[int, int]:
    """The site, what x1 to x10 mean, and the cells: number -> id."""
    now = moment(plan.start)
    site = cells.add_site(SITE, zone, TARGET, BY, now).id
    for n in range(1, 11):
        label, unit, help = PARAMETERS.get(n, ("", "", ""))
        projects.set_parameter(n, label=label, unit=unit, help=help, in_use=n in PARAMETERS, by=BY, now=now)
    built = {}
    for place in PLACES:
        address = machines.address(place.number)
        details = cells.CellDetails(place.name, place.kind, site, place.location, place.tags, address=address)
        built[place.number] = cells.add_cell(details, BY, now, networks).id
    return built
