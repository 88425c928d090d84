"""The demonstration: a works that tells fourteen days of its story through the public acts, and then lives.

Only the shell knows it. Its machines are the virtual factory's, reached by the same driver as real ones.
"""

from webapp.demo.clearing import clear
from webapp.demo.commands import commands, tell_into
from webapp.demo.living import hand_in
from webapp.demo.logins import FILE as LOGINS
from webapp.demo.mark import is_demonstration, port_of_machines
from webapp.demo.telling import tell

__all__ = [  # noqa: RUF022 - acts, then questions, then the shell's commands
    "clear",
    "hand_in",
    "tell",
    "tell_into",
    "is_demonstration",
    "port_of_machines",
    "LOGINS",
    "commands",
]
