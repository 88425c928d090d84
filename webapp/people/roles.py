"""Who may do what: one table, role to verbs. Nobody signed in is a row of it."""

READING = {
    "see boards",
    "see projects",
    "see queue",
    "see engineers",
    "see cells",
    "see utilization",
    "see walls",
    "export boards",
    "see orders",
    "see schedule",
}
SIGNED_IN = {
    "see own account",
    "change own account",
    "see own notices",
    "see log",
    "see display",
    "see maintenance",
    "see issues",
}
# "finish project" opens the door; whose project it may be is the second question: one's own, or any. "end job" is the
# door that people share with the cells themselves.
OWN_PROJECTS = {"create project", "edit project", "finish project", "fail project", "end job"}
ANY_PROJECT = {"finish project", "fail project", "finish any project", "fail any project", "end job", "set priority"}
FLOOR = {"set cell mode", "release cell"}
ALARMS = {"acknowledge stop", "call for help"}
HISTORY = {"give reason", "correct history"}
PLANNING = {"plan orders", "import orders"}
RUNNING = {"run operation"}
UPKEEP = {"request maintenance", "plan maintenance", "do maintenance"}
ISSUES = {"report issue", "own issue"}
ADMINISTRATION = {
    "administer users",
    "administer cells",
    "administer settings",
    "administer calendars",
    "administer reasons",
    "administer displays",
    "import history",
    "edit any project",
}

ROLES: dict[str, set[str]] = {
    "engineer": READING | SIGNED_IN | OWN_PROJECTS | {"call for help", "request maintenance", "report issue"},
    "supervisor": READING
    | SIGNED_IN
    | ANY_PROJECT
    | FLOOR
    | ALARMS
    | HISTORY
    | RUNNING
    | ISSUES
    | {"request maintenance", "plan maintenance", "see whole log"},
    "head": READING | SIGNED_IN | {"report issue", "see whole log"},
    "planner": READING | SIGNED_IN | PLANNING | RUNNING | {"request maintenance", "report issue", "see whole log"},
    "operator": READING | SIGNED_IN | ALARMS | RUNNING | UPKEEP | ISSUES | {"give reason", "see whole log"},
    "admin": READING
    | SIGNED_IN
    | OWN_PROJECTS
    | ANY_PROJECT
    | FLOOR
    | ALARMS
    | HISTORY
    | PLANNING
    | RUNNING
    | UPKEEP
    | ISSUES
    | ADMINISTRATION
    | {"see whole log"},
}
#: What a cell's own token may do, and nothing else: report for itself, end the job it was given.
CELL = {"report readings", "end job"}
#: What a screen on the wall may do: show its wall.
SCREEN = {"see walls", "see display"}
#: What anybody may do; the reading verbs are added while PUBLIC_BOARDS is on.
NOBODY = {"sign in", "see health", "see api docs", "see live"}

TITLES = {
    "engineer": "Engineer",
    "supervisor": "Shift supervisor",
    "head": "Department head",
    "planner": "Planner",
    "operator": "Operator",
    "admin": "Administrator",
}
#: The page a person lands on, by first role. A planner's and an operator's own pages come with the schedule and upkeep.
HOMES = {
    "engineer": "/projects?mine=1",
    "supervisor": "/board",
    "head": "/utilization",
    "planner": "/schedule",
    "operator": "/issues",
    "admin": "/board",
}


def verbs_of(roles: list[str]) -> set[str]:
    """Every verb of these roles, with what nobody may do as well."""
    return NOBODY.union(*(ROLES[role] for role in roles))


def reading(verbs: frozenset[str]) -> frozenset[str]:
    """Those of them that change nothing: what is left to a token of scope "read"."""
    return frozenset(verb for verb in verbs if verb.startswith(("see ", "export ")))
