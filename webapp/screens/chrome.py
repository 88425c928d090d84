"""What is round every page: the rail by role, who is signed in, the site and its clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask import Flask, current_app, request, url_for
from flask_login import current_user
from markupsafe import Markup

from webapp import cells, issues, projects, upkeep
from webapp.lib.clock import utcnow
from webapp.lib.regions import Picture
from webapp.people import TITLES
from webapp.projects import Filters
from webapp.screens import notices
from webapp.screens.times import site_zone


@dataclass(frozen=True)
class Entry:
    """A line of the rail: the current one while a page of its blueprint is open, or of `within`.

    counted: the name of what is counted beside it, one of Chrome's.
    """

    label: str
    icon: str
    endpoint: str
    counted: str = ""
    within: str = ""

    @property
    def place(self) -> str:
        return self.endpoint.partition(".")[0]


@dataclass(frozen=True)
class Count:
    """A number in the rail, and the word it stands for. loud: it calls for somebody."""

    number: int
    word: str
    loud: bool = False


RAIL = {
    "Live": [
        Entry("Running board", "board", "board.show"),
        Entry("Attention", "alert", "attention.show"),
        Entry("Floor", "floor", "floor.show", within="rewind"),
    ],
    "Work": [
        Entry("Projects", "projects", "projects.index"),
        Entry("Queue", "queue", "queue.show", counted="waiting"),
        Entry("Work orders", "orders", "orders.index", within="order_imports"),
        Entry("Schedule", "schedule", "schedule.show", within="proposals"),
        Entry("Operations", "play", "operations.index"),
        Entry("Engineers at work", "team", "engineers.show"),
    ],
    "Analyse": [
        Entry("Utilization", "util", "utilization.show"),
        Entry("Reports", "report", "reports.show"),
        Entry("Log", "log", "log.show"),
    ],
    "Upkeep": [
        Entry("Maintenance", "wrench", "maintenance.index", counted="due"),
        Entry("Issues", "flag", "issues.index", counted="issues"),
        Entry("Stops", "wrench", "stops.index"),
        Entry("Alarms", "late", "alarms.index"),
    ],
    "Admin": [
        Entry("Users", "users", "admin_users.index"),
        Entry("Cells", "cell", "admin_cells.index"),
        Entry("Hall plan", "floor", "admin_plan.show"),
        Entry("Calendars", "calendar", "admin_calendars.index"),
        Entry("Reasons", "info", "admin_reasons.index"),
        Entry("Imports", "dl", "admin_imports.index"),
        Entry("Displays", "display", "admin_displays.index"),
        Entry("Settings", "gear", "admin_settings.show"),
    ],
}
# On a tablet the first five that one may open lie along the bottom, under the thumb.
TABS = [
    Entry("Board", "board", "board.show"),
    Entry("Floor", "floor", "floor.show", within="rewind"),
    Entry("Issues", "flag", "issues.index"),
    Entry("Maintenance", "wrench", "maintenance.index"),
    Entry("Log", "log", "log.show"),
    Entry("Projects", "projects", "projects.index"),
    Entry("Queue", "queue", "queue.show"),
]
MOST_TABS = 5


def attach(app: Flask) -> None:
    # Flask-Login's own processor asks the database before any template asks for anybody: an error page must not.
    kept = [made for made in app.template_context_processors[None] if made.__name__ != "_user_context_processor"]
    app.template_context_processors[None] = kept
    app.context_processor(lambda: {"chrome": Chrome(), "current_user": current_user})


class Chrome:
    """Asked piece by piece by the layout, so that a bare page asks for nothing."""

    @cached_property
    def now(self) -> datetime:
        """The server's clock, by which the page counts ages."""
        return utcnow()

    @cached_property
    def groups(self) -> dict[str, list[Entry]]:
        """The rail without what this caller may not open and what this program does not have."""
        allowed = {group: [entry for entry in entries if _may_open(entry)] for group, entries in RAIL.items()}
        return {group: entries for group, entries in allowed.items() if entries}

    @cached_property
    def tabs(self) -> list[Entry]:
        return [entry for entry in TABS if _may_open(entry)][:MOST_TABS]

    @cached_property
    def docs(self) -> str | None:
        """The address of the API's documents, for those who administer."""
        found = any(rule.rule == "/api/docs" for rule in current_app.url_map.iter_rules())
        return "/api/docs" if found and current_user.may("administer settings") else None

    def count(self, entry: Entry) -> Count | None:
        """What the rail says beside this line; None where there is nothing to count."""
        found: Count | None = getattr(self, entry.counted) if entry.counted else None
        return found if found and found.number else None

    @cached_property
    def waiting(self) -> Count:
        return Count(projects.count(Filters(status="created")), "waiting")

    @cached_property
    def issues(self) -> Count:
        """Loud while one stops a cell and nobody has it."""
        found = issues.tally()
        return Count(found.open, "open", loud=found.unowned_stops > 0)

    @cached_property
    def due(self) -> Count:
        """What is overdue, and what was asked for and nobody has answered."""
        return Count(upkeep.count_due(self.now), "due")

    @cached_property
    def site(self) -> str:
        return next((site.name for site in cells.sites()), "")

    @cached_property
    def zone(self) -> str:
        return site_zone().key

    @cached_property
    def person(self) -> "Person | None":
        user = current_user.user
        return Person(user.full_name, TITLES[user.role], user.theme, user.density) if user else None

    @cached_property
    def bell(self) -> Picture | None:
        """What this person was told and has not seen."""
        user = current_user.user
        return notices.view(str(user.id), self.now) if user and current_user.may("see own notices") else None

    @property
    def news(self) -> Markup:
        """The same for static/js/notices.js, as it is polled and pushed."""
        return Markup(notices.BELL.paint(self.bell)) if self.bell else Markup("")

    @property
    def theme(self) -> str:
        return self.person.theme if self.person else "auto"

    @property
    def density(self) -> str:
        return self.person.density if self.person else "normal"

    def is_here(self, entry: Entry) -> bool:
        return request.blueprint in (entry.place, entry.within) or request.endpoint == entry.endpoint

    def address(self, entry: Entry) -> str:
        return url_for(entry.endpoint)

    def styles(self) -> Iterator[str]:
        yield from STYLES


@dataclass(frozen=True)
class Person:
    name: str
    title: str
    theme: str
    density: str


COMPONENTS = ("panels", "states", "lists", "forms", "stops", "issues", "maintenance", "calendars", "charts", "notices")
STYLES = (
    "tokens",
    "base",
    "layout",
    *COMPONENTS,
    "pages",
    "work",
    "boards",
    "dense",
    "hall",
    "utilization",
    "orders",
    "operations",
    "narrow",
    "print",
)


def _may_open(entry: Entry) -> bool:
    view = current_app.view_functions.get(entry.endpoint)
    return view is not None and current_user.may(getattr(view, "verb", ""))
