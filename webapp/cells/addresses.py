"""Where a cell may be reached: an allow-list, asked when an address is saved and again at each connection.

The cells are private addresses themselves, so "no private addresses" would guard nothing: only what CELL_NETWORKS
names may be reached.
"""

import re
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from ipaddress import IPv4Address, IPv6Address, ip_address

from webapp.config import Network
from webapp.lib.refusal import Invalid

Networks = Sequence[Network]
Lookup = Callable[[str, int], list[str]]

LONGEST = 500
PATIENCE = 3.0
# Strict on purpose: one spelling for one place, so that nobody downstream can read the address differently.
_FORM = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2}|/)*)?"
)
_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")


def allowed(ip: str, port: int, networks: Networks) -> bool:
    """ip: a literal, as connected to; what cannot be read as one is not allowed."""
    try:
        return any(network.holds(ip, port) for network in networks)
    except ValueError:
        return False


def check_address(address: str, networks: Networks, lookup: Lookup | None = None) -> str:
    """The address, fit to be saved; raises Invalid(address=...) saying what would be accepted.

    lookup: (name, port) -> IP literals; the system's resolver unless given.
    """
    found = _FORM.fullmatch(address) if len(address) <= LONGEST else None
    if found is None:
        raise Invalid(address=f"must be http://, an IP address or a name, a port and a path, {_where(networks)}")
    port = int(found["port"] or (443 if found["scheme"] == "https" else 80))
    literals = _literals(found["host"], port, networks, lookup or look_up)
    if not all(allowed(ip, port, networks) for ip in literals):
        raise Invalid(address=f"is not among the addresses a cell may have: it must be {_where(networks)}")
    return address


def _literals(host: str, port: int, networks: Networks, lookup: Lookup) -> list[str]:
    """The IP addresses a host stands for: itself, or all that its name resolves to."""
    if (literal := as_literal(host)) is not None:
        return [literal]
    if not _is_name(host):
        raise Invalid(address="must name its host by a name or by an IP address in full, such as 10.1.0.7")
    if not any(network.ports is None or port in network.ports for network in networks):
        return [""]
    if not (found := lookup(host, port)):
        raise Invalid(address=f"names the host {host}, which cannot be found")
    return found


def as_literal(host: str) -> str | None:
    """The IP address a host is written as, without brackets; None for a name."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    return str(ip) if (ip.version == 6) == host.startswith("[") else None


def _is_name(host: str) -> bool:
    """A name whose last label is a number would be read as an IPv4 address by some and as a name by others."""
    labels = host.split(".")
    return len(host) <= 253 and all(map(_LABEL.fullmatch, labels)) and not _NUMBER.fullmatch(labels[-1])


def look_up(name: str, port: int) -> list[str]:
    """Every IP address of a name; none where it cannot be found in time."""
    pool = ThreadPoolExecutor(1)
    try:
        found = pool.submit(socket.getaddrinfo, name, port, type=socket.SOCK_STREAM).result(PATIENCE)
    except (OSError, UnicodeError, TooSlow):
        return []
    finally:
        pool.shutdown(wait=False)
    return sorted({str(sockaddr[0]) for *_, sockaddr in found})


def _where(networks: Networks) -> str:
    """Said to a person: which addresses are accepted."""
    if not networks:
        return "but none is accepted while CELL_NETWORKS is empty"
    return "inside " + " or ".join(_spell(network) for network in networks)


def _spell(network: Network) -> str:
    ports = network.ports
    if ports is None:
        return str(network.cidr)
    return f"{network.cidr} port {ports[0]}" if len(ports) == 1 else f"{network.cidr} ports {ports[0]} to {ports[-1]}"
