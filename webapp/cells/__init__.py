"""Where work runs, what it says of itself, and who holds it."""

from webapp.cells.addresses import check_address
from webapp.cells.calendar_models import Calendar, CalendarDay, CalendarUse, CalendarWeek
from webapp.cells.calendars import (
    NamedWindow,
    ShiftWindows,
    calendar_marks,
    calendar_of,
    calendars_token,
    has_calendar,
    shift_spans,
    shift_windows,
)
from webapp.cells.cell_keeping import add_cell, change_cell, retire_cell, set_mode
from webapp.cells.choosing import chosen
from webapp.cells.claiming import claim, claim_on, keep_away, open_claim, open_claims, release
from webapp.cells.details import CellDetails, FeedDetails
from webapp.cells.drivers import Job, Told
from webapp.cells.evidence import Evidence, evidence
from webapp.cells.floor import Floor, Standing, Tile, as_of, floor, standings
from webapp.cells.handing import ask_job, ask_jobs, change_job, change_jobs, start_job, start_jobs, stop_job
from webapp.cells.history import Interval, correct_history, timeline
from webapp.cells.items import ReadingItem
from webapp.cells.models import (
    DRIVERS,
    MODES,
    WORK,
    Cell,
    Claim,
    Correction,
    Feed,
    Reading,
    Remark,
    Sighting,
    Site,
)
from webapp.cells.note_models import LOSING, IntervalNote, Reason, Restatement
from webapp.cells.places import all_cells, by_name, one, one_site, sites
from webapp.cells.readings import Kept, Refused, forget_readings, keep_readings
from webapp.cells.reporting import Bucket, CellReport, Report, utilization_buckets, utilization_report
from webapp.cells.restatements import record_restatement, restatements
from webapp.cells.sampling import take_samples
from webapp.cells.shifts import CLASSES, OFF, PLANNED_STOP, WORKING, Marks
from webapp.cells.site_keeping import add_site, change_site
from webapp.cells.stopping import tell_stops
from webapp.cells.utilization import (
    Account,
    Figures,
    allocation_efficiency,
    availability,
    figures,
    percent,
    pooled,
    technical_efficiency,
    unassigned_running,
    utilization_efficiency,
)

__all__ = [  # noqa: RUF022 - the groups say more than the alphabet
    # nouns
    "Account",
    "Bucket",
    "Calendar",
    "CalendarDay",
    "CalendarUse",
    "CalendarWeek",
    "Cell",
    "CellDetails",
    "CellReport",
    "Claim",
    "CLASSES",
    "Correction",
    "DRIVERS",
    "Evidence",
    "Feed",
    "FeedDetails",
    "Figures",
    "Floor",
    "Interval",
    "IntervalNote",
    "Job",
    "Kept",
    "LOSING",
    "Marks",
    "MODES",
    "NamedWindow",
    "OFF",
    "PLANNED_STOP",
    "Reading",
    "ReadingItem",
    "Reason",
    "Refused",
    "Remark",
    "Report",
    "Restatement",
    "ShiftWindows",
    "Sighting",
    "Site",
    "Standing",
    "Tile",
    "Told",
    "WORK",
    "WORKING",
    # acts
    "add_cell",
    "add_site",
    "change_cell",
    "change_site",
    "correct_history",
    "forget_readings",
    "keep_readings",
    "retire_cell",
    "set_mode",
    "take_samples",
    "tell_stops",
    # moves
    "claim",
    "keep_away",
    "record_restatement",
    "release",
    # calls to cells: never inside a transaction
    "ask_job",
    "ask_jobs",
    "change_job",
    "change_jobs",
    "start_job",
    "start_jobs",
    "stop_job",
    # questions
    "all_cells",
    "allocation_efficiency",
    "as_of",
    "availability",
    "by_name",
    "calendar_marks",
    "calendar_of",
    "calendars_token",
    "check_address",
    "chosen",
    "claim_on",
    "evidence",
    "figures",
    "floor",
    "has_calendar",
    "one",
    "one_site",
    "open_claim",
    "open_claims",
    "percent",
    "pooled",
    "restatements",
    "shift_spans",
    "shift_windows",
    "sites",
    "standings",
    "technical_efficiency",
    "timeline",
    "unassigned_running",
    "utilization_buckets",
    "utilization_efficiency",
    "utilization_report",
]
