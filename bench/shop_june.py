"""Whether a real shop's month is the same by the page's CSV, by GET /api/cells and by counting second for second.

    .venv/bin/python bench/shop_june.py states_2016-2020_all.csv.gz http://127.0.0.1:8000

The file: machine, file, timestamp, key, value, as NIST's Smart Manufacturing Systems Test Bed publishes it, brought in
to that factory as bench/import_history.py does. Here its rows are read anew, by nothing of the product.
"""

import argparse
import csv
import gzip
import io
import json
import urllib.request
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import pairwise

START, END = (int(datetime(2019, month, 1, tzinfo=UTC).timestamp()) for month in (6, 7))
FIRST = datetime(2016, 1, 1, tzinfo=UTC).timestamp()
SILENCE, PATIENCE = 86_400, 60
STATES = ("running", "setup", "idle", "maintenance", "down", "unknown")
KEYS = {key: key for key in ("avail", "execution", "mode", "estop")}
KEYS |= {"Program_Status": "execution", "EStop_State": "estop"}
REST = {
    "READY",
    "STOPPED",
    "INTERRUPTED",
    "FEED_HOLD",
    "PROGRAM_COMPLETED",
    "PROGRAM_STOPPED",
    "OPTIONAL_STOP",
    "ACTIVE",
}
HANDS_ON = {"MANUAL", "MANUAL_DATA_INPUT", "SEMI_AUTOMATIC", "EDIT"}

Row = tuple[float, str, str]
Found = dict[str, dict[str, int]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file")
    options.add_argument("address")
    told = options.parse_args()
    counted, page, api = plainly(told.file), by_page(told.address), by_api(told.address)
    for machine, states in sorted(counted.items()):
        same = states == page.get(machine) == api.get(machine)
        print(machine, "same" if same else f"DIFFERS: page {page.get(machine)}, API {api.get(machine)}", states)


def plainly(file: str) -> Found:
    return {machine: seconds(sorted(rows)) for machine, rows in rows_of(file).items()}


def rows_of(file: str) -> dict[str, list[Row]]:
    found = defaultdict(list)
    with gzip.open(file, "rt") as lines:
        for row in csv.DictReader(lines):
            at = datetime.fromisoformat(row["timestamp"][:26].rstrip("Z")).replace(tzinfo=UTC).timestamp()
            if at >= FIRST and row["key"] in KEYS:
                found[row["machine"]].append((at, KEYS[row["key"]], row["value"].strip().upper()))
    return found


def seconds(rows: list[Row]) -> dict[str, int]:
    """An entry for each second of the month, as the rows say it one after the other."""
    held, said, since = ["unknown"] * (END - START), dict[str, str](), 0
    for (at, key, word), (following, *_) in pairwise([*rows, (rows[-1][0] + SILENCE, "", "")]):
        if key == "execution" and said.get(key) != word:
            since = int(at)
        said[key] = word
        for second in range(max(int(at), START), min(int(following), int(at) + SILENCE, END)):
            held[second - START] = state(said, second - since)
    counts = Counter(held)
    return {name: counts[name] for name in STATES}


def state(said: dict[str, str], waited: int) -> str:
    if "UNAVAILABLE" in (said.get("avail"), said.get("execution")):
        return "unknown"
    if said.get("estop") == "TRIGGERED":
        return "down"
    if said.get("execution") == "ACTIVE" and said.get("mode") not in HANDS_ON:
        return "running"
    if said.get("execution") == "WAIT":
        return "running" if waited < PATIENCE else "idle"
    return "idle" if said.get("execution") in REST else "unknown"


def by_page(address: str) -> Found:
    rows = csv.DictReader(io.StringIO(fetched(f"{address}/utilization.csv?start={iso(START)}&end={iso(END)}")))
    return {row["cell"]: {name: int(row[f"{name}_seconds"]) for name in STATES} for row in rows}


def by_api(address: str) -> Found:
    told = json.loads(fetched(f"{address}/api/cells?start_time={iso(START)}&end_time={iso(END)}"))
    return {cell["name"]: cell["states"] for cell in told["cells"]}


def fetched(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:
        return str(answer.read().decode())


def iso(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    main()
