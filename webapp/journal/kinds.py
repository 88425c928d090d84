"""What entries may be about, as people and programs ask for them: a word, and how it is known."""

from webapp.journal.models import Entry

#: How the names of those things begin.
KINDS: dict[str, tuple[str, ...]] = {
    "project": ("project",),
    "order": ("order",),
    "operation": ("operation",),
    "plan": ("plan", "proposal"),
    "maintenance": ("window", "duty", "request"),
    "issue": ("issue",),
    "cell": ("cell",),
    "user": ("user",),
    "display": ("display",),
    "import": ("import", "order-import"),
    "site": ("site",),
    "calendar": ("calendar",),
    "reason": ("reason",),
    "parameter": ("parameter",),
}
#: What is done to a cell and is no matter of the cell alone is known by the last word of its verb.
DONE_TO_CELLS: dict[str, tuple[str, ...]] = {"maintenance": ("maintenance", "duty", "request")}


def kind_of(entry: Entry) -> str:
    """The narrowest word under which it is found; "" for what is about no single thing, such as the factory."""
    done, begins = entry.verb.rpartition(" ")[2], entry.subject.partition(":")[0]
    told = next((word for word, verbs in DONE_TO_CELLS.items() if done in verbs), "")
    return told or next((word for word, names in KINDS.items() if begins in names), "")
