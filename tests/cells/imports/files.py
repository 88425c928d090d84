"""Small files of history, brought in as people do it."""

import gzip
import io
from datetime import UTC, datetime

from tests.world import NOW
from webapp import cells, ledger
from webapp.lib.clock import epoch

INTERVALS = "cell,state,from,to"
CHANGES = "cell,time,state"
ITEMS = "machine,timestamp,key,value"


def text(*rows, header=INTERVALS):
    return "\n".join([header, *rows]) + "\n"


def offered(content, folder, name="history.csv", **rules):
    """A file as it was brought, with rules as somebody set them."""
    content = content.encode() if isinstance(content, str) else content
    job = cells.offer_import(io.BytesIO(content), name, "UTC", "root", NOW, folder)
    if rules:
        kept = {**job.rules, **rules}
        cells.settle_import(job.id, cells.ImportRules(**kept), folder)
    return job


def bring(content, folder, now=NOW, **rules):
    """To the end; returns the import."""
    job = offered(content, folder, **rules)
    cells.begin_import(job.id, "root", now, folder)
    return finished(job.id, folder, now)


def finished(import_id, folder, now=NOW):
    while cells.go_on_importing(folder, lambda: now):
        pass
    return cells.one_import(import_id)


def packed(content):
    return gzip.compress(content.encode())


def second(clock, day="2026-03-03"):
    """epoch second of a wall time, UTC."""
    return epoch(datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=UTC))


def history(name, start="00:00", end="23:59", day="2026-03-03"):
    """[(state, source, from, to)] as clock times of that day; what nobody said is left out."""
    cell = cells.by_name(name)
    spans = ledger.spans(cell.id, second(start, day), second(end, day))
    return [(str(span.state), str(span.source), shown(span.start), shown(span.end)) for span in spans if span.source]


def states(name, *clocks):
    return [(state, start, end) for state, _, start, end in history(name, *clocks)]


def shown(at):
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S" if at % 60 else "%H:%M")
