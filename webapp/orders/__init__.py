"""Work orders, their operations in sequence on machines, and the plan that keeps its rules."""

from webapp.orders.adding import add_orders, next_ref
from webapp.orders.changing import cancel_order, change_order, clone_order
from webapp.orders.checking import Checked, check, order_violations, ripple, valid_slots
from webapp.orders.conflicts import Conflict, Stretch, conflicts
from webapp.orders.finding import (
    held_operations,
    held_order,
    machine_names,
    machines_named,
    one_operation,
    one_order,
)
from webapp.orders.imports.forgetting import forget_imports
from webapp.orders.imports.models import OrderImport
from webapp.orders.imports.offering import begin_import, cancel_import, offer_import, one_import, settle_import
from webapp.orders.imports.rules import DATES as IMPORT_DATES
from webapp.orders.imports.rules import ROLES as IMPORT_ROLES
from webapp.orders.imports.rules import UNITS as IMPORT_UNITS
from webapp.orders.imports.rules import Rules as ImportRules
from webapp.orders.imports.seeing import (
    Preview,
    import_preview,
    import_refusals,
    imported_orders,
    imported_span,
    recent_imports,
    refused_file,
)
from webapp.orders.imports.working import go_on_importing
from webapp.orders.lateness import Lateness, lateness, planned_end
from webapp.orders.listing import OrderFilters, OrdersPage, orders_page
from webapp.orders.models import ENDED, MOVABLE, OPERATION_STATUSES, ORDER_STATUSES, Operation, PlanChange, WorkOrder
from webapp.orders.moving import Move, pin, reschedule, reschedule_all, unplace
from webapp.orders.numbered import operation_number, operations_numbered, order_number, order_refs
from webapp.orders.overview import OVERVIEW_SORTS, ListedOrder, OrderTotals, Overview, Wanted, order_totals, overview
from webapp.orders.places import around
from webapp.orders.planned import Planned, named, plan, steps, unplaced
from webapp.orders.previewing import would_refuse
from webapp.orders.proposals.accepting import CannotGo, Obstacle, accept_proposal, with_their_company
from webapp.orders.proposals.asking import (
    ask_for_plan,
    discard_proposal,
    forget_proposals,
    one_proposal,
    plan_under_way,
    recent_proposals,
    stop_planning,
)
from webapp.orders.proposals.comparing import Comparison, Difference, compared
from webapp.orders.proposals.models import Proposal
from webapp.orders.proposals.working import go_on_planning
from webapp.orders.rippling import Delay
from webapp.orders.rules import Around, Nearest, RuleViolation, Span, Step, Taken, Violation
from webapp.orders.runs.actuals import Actual, actuals
from webapp.orders.runs.at_work import Job, NextUp, WorkFloor, holding, running, work_floor, worked_on
from webapp.orders.runs.ending import complete_operation, fail_operation
from webapp.orders.runs.holding import hold_order, resume_order
from webapp.orders.runs.reasons import Reason
from webapp.orders.runs.starting import start_operation, start_order
from webapp.orders.runs.sweeping import heed_cells, start_waiting
from webapp.orders.runs.taking_back_starts import take_back_start
from webapp.orders.specs import RESERVED, OperationSpec, OrderSpec
from webapp.orders.stepping import set_operations
from webapp.orders.taking_back import plan_changes, take_back

__all__ = [  # noqa: RUF022 - the groups say more than the alphabet
    # nouns
    "RESERVED",
    "CannotGo",
    "Comparison",
    "Difference",
    "Obstacle",
    "Proposal",
    "ENDED",
    "MOVABLE",
    "OPERATION_STATUSES",
    "ORDER_STATUSES",
    "OVERVIEW_SORTS",
    "Around",
    "Checked",
    "Conflict",
    "Delay",
    "Lateness",
    "ListedOrder",
    "Move",
    "Nearest",
    "Operation",
    "OperationSpec",
    "OrderFilters",
    "OrderSpec",
    "OrdersPage",
    "PlanChange",
    "RuleViolation",
    "Span",
    "Step",
    "Stretch",
    "Taken",
    "Violation",
    "OrderTotals",
    "Overview",
    "Planned",
    "Wanted",
    "WorkOrder",
    "Actual",
    "Job",
    "NextUp",
    "Reason",
    "WorkFloor",
    "IMPORT_DATES",
    "IMPORT_ROLES",
    "IMPORT_UNITS",
    "ImportRules",
    "OrderImport",
    "Preview",
    # acts
    "accept_proposal",
    "ask_for_plan",
    "discard_proposal",
    "forget_proposals",
    "go_on_planning",
    "stop_planning",
    "begin_import",
    "cancel_import",
    "forget_imports",
    "go_on_importing",
    "offer_import",
    "settle_import",
    "add_orders",
    "cancel_order",
    "change_order",
    "clone_order",
    "pin",
    "reschedule",
    "reschedule_all",
    "set_operations",
    "take_back",
    "unplace",
    "complete_operation",
    "fail_operation",
    "heed_cells",
    "hold_order",
    "resume_order",
    "start_operation",
    "start_order",
    "start_waiting",
    "take_back_start",
    # moves
    "held_operations",
    "held_order",
    # questions
    "compared",
    "one_proposal",
    "plan_under_way",
    "recent_proposals",
    "with_their_company",
    "import_preview",
    "import_refusals",
    "imported_orders",
    "imported_span",
    "one_import",
    "recent_imports",
    "refused_file",
    "around",
    "check",
    "conflicts",
    "machine_names",
    "machines_named",
    "next_ref",
    "one_operation",
    "one_order",
    "order_violations",
    "orders_page",
    "plan_changes",
    "ripple",
    "valid_slots",
    "would_refuse",
    "operation_number",
    "operations_numbered",
    "order_number",
    "order_refs",
    "actuals",
    "holding",
    "running",
    "work_floor",
    "worked_on",
    "lateness",
    "order_totals",
    "overview",
    "named",
    "plan",
    "planned_end",
    "steps",
    "unplaced",
]
