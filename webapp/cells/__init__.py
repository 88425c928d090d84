"""Where work runs, what it says of itself, and who holds it."""

from webapp.cells.adding_up import derive_accounts
from webapp.cells.addresses import check_address
from webapp.cells.alarms.answering import acknowledge_stop, call_for_help, end_call
from webapp.cells.alarms.asking import Reactions, Usual, open_on, open_stops, reactions, stops_numbered, stops_of
from webapp.cells.alarms.escalations import rules_by_site, set_escalation
from webapp.cells.alarms.finding import note_stops
from webapp.cells.alarms.models import Alarm, Escalation
from webapp.cells.alarms.steps import Owed, owed_still, step_due, stops_owed
from webapp.cells.bookings.ahead import holders_called, next_bookings
from webapp.cells.bookings.capacity import Ahead, LaneAhead, Room, hours_ahead, lanes_ahead, room_for
from webapp.cells.bookings.keeping import Slot, book, bookings, hold_lanes, unbook
from webapp.cells.bookings.models import Booking
from webapp.cells.calendars.following import use_calendar
from webapp.cells.calendars.keeping import (
    add_calendar,
    change_calendar,
    change_week,
    clear_day,
    drop_week,
    restore_calendar,
    retire_calendar,
    set_days,
)
from webapp.cells.calendars.models import Calendar, CalendarUse
from webapp.cells.calendars.previews import reach_of_days, reach_of_following, reach_of_week, reach_of_zone
from webapp.cells.calendars.questions import (
    NamedWindow,
    ShiftWindows,
    all_calendars,
    calendar_marks,
    calendar_of,
    calendars_token,
    followers,
    one_calendar,
    plan_of,
    shift_spans,
    shift_windows,
    uses_of,
)
from webapp.cells.calendars.reach import Reach
from webapp.cells.calendars.scheduled import scheduled_parts, scheduled_seconds
from webapp.cells.calendars.shifts import (
    BEGINNING,
    OFF,
    PLANNED_STOP,
    WORKING,
    Marks,
    OtherDay,
    Plan,
    Shift,
    scheduled_minutes,
    worked,
    working_minutes,
)
from webapp.cells.calendars.texts import (
    breaks_text,
    days_text,
    end_text,
    on_clock,
    read_date,
    read_line,
    read_shift,
    told_all,
)
from webapp.cells.cell_keeping import add_cell, change_cell, retire_cell, set_mode, take_mode_back
from webapp.cells.choosing import chosen
from webapp.cells.claiming import claim, claim_on, keep_away, open_claim, release
from webapp.cells.correcting import correct_history, corrections, take_correction_back
from webapp.cells.details import HAND, CellDetails, FeedDetails, check_details
from webapp.cells.drivers import Job, Told
from webapp.cells.evidence import Evidence, Place, evidence
from webapp.cells.flapping import Flapping, flapping, watch_flapping
from webapp.cells.floor import Floor, Standing, Tile, as_of, floor, standings
from webapp.cells.hall.arranging import arrange_hall
from webapp.cells.hall.plans import HallMark, HallPlan, Spot, hall_plan, hall_plans
from webapp.cells.hall.suggesting import suggested_plan
from webapp.cells.handing import ask_jobs, change_jobs, start_jobs, stop_job
from webapp.cells.heat_maps import HeatMap, heat_map
from webapp.cells.history import Interval, long_timeline, timeline
from webapp.cells.imports.forgetting import forget_imports
from webapp.cells.imports.models import StateImport
from webapp.cells.imports.offering import begin_import, cancel_import, offer_import, one_import, settle_import
from webapp.cells.imports.rules import SHAPES as IMPORT_SHAPES
from webapp.cells.imports.rules import Rules as ImportRules
from webapp.cells.imports.seeing import (
    Preview,
    import_preview,
    import_refusals,
    import_results,
    recent_imports,
    refused_file,
)
from webapp.cells.imports.working import go_on_importing
from webapp.cells.items import ReadingItem
from webapp.cells.lost_time.counting import carry_notes, count_notes
from webapp.cells.lost_time.explaining import Unfit, give_reason, notes, split_interval, take_reason_back
from webapp.cells.lost_time.keeping import add_reason, change_reason, move_reason, one_reason, reasons, start_reasons
from webapp.cells.lost_time.losing import Loss, Stop, losses, stop_at, stops
from webapp.cells.lost_time.models import LOSING, IntervalNote, Reason, Restatement
from webapp.cells.lost_time.wanting import unexplained
from webapp.cells.marks import mark_of_figures, mark_of_history, mark_of_past
from webapp.cells.models import Cell, Claim, Correction, Reading, Sighting, Site
from webapp.cells.outrunning import RESTORED, outrun_fences
from webapp.cells.places import all_cells, by_name, one, sites
from webapp.cells.precision import Counting, counting, days_only_before, exact_since
from webapp.cells.readings import Kept, forget_readings, keep_readings
from webapp.cells.reporting import Bucket, CellReport, Columns, Report, utilization_buckets, utilization_report
from webapp.cells.restatements import count_restatements, every_restatement, restatements
from webapp.cells.rewinding import Rewound, rewind
from webapp.cells.run_time import running_seconds
from webapp.cells.sampling import take_samples
from webapp.cells.shown import states_now
from webapp.cells.site_keeping import add_site, change_site
from webapp.cells.stopping import tell_stops
from webapp.cells.tending import leave, tend, tended
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
from webapp.cells.vocabularies import VOCABULARIES

# fmt: off
__all__ = [  # noqa: RUF022 - the groups say more than the alphabet
    # nouns
    "Account", "Ahead", "Alarm", "BEGINNING", "Booking", "Bucket", "Calendar", "CalendarUse", "Cell", "CellDetails",
    "CellReport", "Claim", "Columns", "Correction", "Counting", "Escalation", "Evidence", "FeedDetails", "Figures",
    "Flapping", "Floor", "HAND", "HallMark", "HallPlan", "HeatMap", "IMPORT_SHAPES", "ImportRules", "Interval",
    "IntervalNote", "Job", "Kept", "LaneAhead", "LOSING", "Loss", "Marks", "NamedWindow", "OFF", "OtherDay", "Owed",
    "Place", "Plan", "PLANNED_STOP", "Preview", "Reach", "Reactions", "Reading", "ReadingItem", "Reason", "Report",
    "Restatement", "RESTORED", "Rewound", "Room", "Shift", "ShiftWindows", "Sighting", "Site", "Slot", "Spot",
    "Standing", "StateImport", "Stop", "Tile", "Told", "Unfit", "Usual", "VOCABULARIES", "WORKING",
    # acts
    "acknowledge_stop", "add_calendar", "add_cell", "add_reason", "add_site", "arrange_hall", "begin_import",
    "call_for_help", "cancel_import", "carry_notes", "change_calendar", "change_cell", "change_reason",
    "change_site", "change_week", "clear_day", "correct_history", "count_notes", "derive_accounts", "drop_week",
    "end_call", "forget_imports", "forget_readings", "give_reason", "go_on_importing", "keep_readings",
    "move_reason", "note_stops", "offer_import", "outrun_fences", "restore_calendar", "retire_calendar",
    "retire_cell", "set_days", "set_escalation", "set_mode", "settle_import", "split_interval", "start_reasons",
    "take_correction_back", "take_mode_back", "take_reason_back", "take_samples", "tell_stops", "use_calendar",
    "watch_flapping",
    # moves
    "book", "claim", "hold_lanes", "keep_away", "leave", "owed_still", "release", "tend", "tended", "unbook",
    # calls to cells: never inside a transaction
    "ask_jobs", "change_jobs", "start_jobs", "stop_job",
    # questions
    "all_calendars", "all_cells", "allocation_efficiency", "as_of", "availability", "bookings", "breaks_text",
    "by_name", "calendar_marks", "calendar_of", "calendars_token", "check_address", "check_details", "chosen",
    "claim_on", "corrections", "count_restatements", "counting", "days_only_before", "days_text", "end_text",
    "every_restatement", "evidence", "exact_since", "figures", "flapping", "floor", "followers", "hall_plan",
    "hall_plans", "heat_map", "holders_called", "hours_ahead", "import_preview", "import_refusals",
    "import_results", "lanes_ahead", "long_timeline", "losses", "mark_of_figures", "mark_of_history",
    "mark_of_past", "next_bookings", "notes", "on_clock", "one", "one_calendar", "one_import", "one_reason",
    "open_claim", "open_on", "open_stops", "percent", "plan_of", "pooled", "reach_of_days", "reach_of_following",
    "reach_of_week", "reach_of_zone", "reactions", "read_date", "read_line", "read_shift", "reasons",
    "recent_imports", "refused_file", "restatements", "rewind", "room_for", "rules_by_site", "running_seconds",
    "scheduled_minutes", "scheduled_parts", "scheduled_seconds", "shift_spans", "shift_windows", "sites",
    "standings", "states_now", "step_due", "stop_at", "stops", "stops_numbered", "stops_of", "stops_owed",
    "suggested_plan", "technical_efficiency", "timeline", "told_all", "unassigned_running", "unexplained",
    "uses_of", "utilization_buckets", "utilization_efficiency", "utilization_report", "worked", "working_minutes",
]
# fmt: on
