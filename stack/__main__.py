"""python -m stack [--no-demo]: what bin/run hands over to."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from types import FrameType

from stack import damage, database, preflight, processes, processtable
from stack.output import Output
from stack.problems import Problem
from stack.settings_help import settings_help
from stack.supervisor import Supervisor
from webapp.config import BadSetting, Config, from_environment

DEMO_PORT = 7000


def main(arguments: Sequence[str] | None = None) -> int:
    told = _parser().parse_args(arguments)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    os.umask(0o077)  # the database, the logs and the secret are for their owner
    try:
        config = from_environment()
        return start(replace(config, demo=False) if told.no_demo else config)
    except (BadSetting, Problem) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    except KeyboardInterrupt:  # before anything was started
        return 0


def start(config: Config) -> int:
    """Check, prepare the database, then keep everything running until a signal says stop."""
    os.chdir(processes.ROOT)
    with preflight.alone(config.data_dir) as pids:
        processtable.end_leftovers(pids, config.data_dir)
        preflight.port_is_free(config.host, config.port)
        look = damage.look_for_damage(config, damage.was_stopped_in_order(pids), _say)
        demo_port = prepare(config, look)
        output = Output(config.data_dir / "logs", sys.stdout)
        programs = processes.programs(config, demo_port)
        ready = partial(_announce, config, output, demo_port)
        status = Supervisor(programs, output, pids, ready, give_up=look.found).run()
        look.refuse()
        damage.note_a_stop(pids)
        return status


def prepare(config: Config, look: damage.Look) -> int | None:
    """Bring the database to where the program needs it; the port of its pretend machines, if it has such."""
    found = database.look(config.database_url)
    behind = database.must_be_migrated(found)
    wants_demo = not found.people and config.demo is not False
    demo_port = found.demo_port or (preflight.free_port(DEMO_PORT) if wants_demo else None)
    os.environ.update(environment(config, demo_port))
    if behind or not found.people:
        look.to_its_end()
        _prepare(config, ["--demo", str(demo_port)] if wants_demo else [])
    elif demo_port:
        preflight.port_is_free("127.0.0.1", demo_port)
    return demo_port


def environment(config: Config, demo_port: int | None) -> dict[str, str]:
    """What every process is told, settled: a relative DATA_DIR would be another in another folder."""
    told = {"DATA_DIR": str(config.data_dir), "DATABASE_URL": config.database_url, "REDIS_URL": config.redis_url}
    if demo_port:
        told["CELL_NETWORKS"] = f"{os.environ.get('CELL_NETWORKS', '')} 127.0.0.1/32:{demo_port}".strip()
    return told


def _prepare(config: Config, options: list[str]) -> None:
    log = config.data_dir / "logs" / "prepare.log"
    command = [sys.executable, "-m", "flask", "--app", "webapp", "prepare", *options]
    if processtable.run(command, log):
        raise Problem(f"The database could not be prepared; see {log}")


def _announce(config: Config, output: Output, demo_port: int | None) -> None:
    output.show(f"Ready: http://{processes.address(config.host, config.port)}")
    logins = config.data_dir / "demo-logins.txt"
    if demo_port and logins.is_file():
        output.show(logins.read_text().rstrip())


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "bin/run",
        description="Start Dream Factory: everything it needs, on this machine, until Ctrl-C.",
        epilog=settings_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty; same as DEMO=off")
    return parser


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
