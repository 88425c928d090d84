"""The panels of the pretend machines, at which the demonstration's operator presses cycle start."""

import json
import logging
from urllib.request import Request, urlopen

from webapp import cells

log = logging.getLogger(__name__)
PATIENCE = 3.0  # seconds


def press_start(cell_id: int, minutes: float) -> None:
    """A machine that does not answer stays as it is: its operation runs on paper only, as it would in a works."""
    address = next((feed.address for feed in cells.one(cell_id).feeds if feed.kind == "http"), "")
    if not address:
        return
    body = json.dumps({"minutes": minutes}).encode()
    pressed = Request(f"{address}/cycle", body, {"Content-Type": "application/json"})
    try:
        with urlopen(pressed, timeout=PATIENCE):
            pass
    except OSError as error:
        log.warning("the panel of cell %s does not answer: %s", cell_id, error)
