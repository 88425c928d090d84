"""flask demo tell, live, clear: the shell's way in."""

import random
from threading import Event

import click

from webapp.config import Config, Network, networks
from webapp.demo.clearing import clear as forget
from webapp.demo.living import BETWEEN, hand_in
from webapp.demo.panels import press_start
from webapp.demo.telling import HOST
from webapp.demo.telling import tell as tell_story
from webapp.demo.working import Hands, order_more
from webapp.extensions import db
from webapp.lib.clock import utcnow
from webapp.lib.settings import settings

#: Where the machines answer unless told otherwise.
PORT = 7000


@click.group("demo")
def commands() -> None:
    """The demonstration factory."""


@commands.command()
@click.option("--port", type=int, help="Of 127.0.0.1, where its machines will answer.")
def tell(port: int | None) -> None:
    """Fill an empty database with fourteen days of history."""
    tell_into(settings(), port)


@commands.command()
def live() -> None:
    """Let its people go on with their work, until the process is ended."""
    dice, never, hands = random.Random(), Event(), Hands(press_start)
    click.echo("ready")  # bin/run waits for this word before it says so itself
    while not never.wait(BETWEEN):
        hand_in(utcnow(), settings().sample_every, dice)
        hands.work(utcnow(), settings().sample_every)
        order_more(utcnow(), dice)
        db.session.remove()


@commands.command()
def clear() -> None:
    """End it: the database is empty afterwards. Refused where the database is not a demonstration."""
    forget(settings().data_dir)
    click.echo("The demonstration is over; the database is empty. Start with --no-demo, or it begins anew")


def tell_into(config: Config, port: int | None = None) -> None:
    """Tell it with this configuration. port: None for the one CELL_NETWORKS was given for it."""
    port = port or port_among(config.cell_networks)
    tell_story(
        utcnow(),
        port=port,
        networks=(*config.cell_networks, *networks(f"{HOST}/32:{port}")),
        period=config.sample_every,
        zone=config.site_zone,
        data_dir=config.data_dir,
        password=config.demo_password,
    )


def port_among(allowed: tuple[Network, ...]) -> int:
    """The one port of the loopback address that cells may have, as bin/run settles it; else the usual one."""
    own = [network.ports for network in allowed if str(network.cidr) == f"{HOST}/32" and network.ports]
    return own[-1][0] if own and len(own[-1]) == 1 else PORT
