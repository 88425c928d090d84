"""How a file of history is to be read, as a form: which column is which, and what its words mean."""

from collections.abc import Mapping
from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp import cells
from webapp.cells import ImportRules, StateImport
from webapp.lib.refusal import Invalid
from webapp.screens.forms import RoomForm
from webapp.screens.project_forms import whole

SHAPES = {
    "": "Choose what its rows are",
    "intervals": "Intervals: cell, state, from, to",
    "changes": "Changes: cell, time, state",
    "items": "Data items of machines: machine, time, key, value",
}
SOURCES = {"feed": "What machines said", "person": "Corrections by people, which no machine overwrites"}
NEW_CELLS = {
    "refuse": "Refuse their rows",
    "retired": "Make them, out of service when their history ends",
    "in service": "Make them, in service from then on",
}
#: Which role each field of columns is for.
ROLES = {"cell": "Cell", "time": "Time", "start": "From", "end": "To", "state": "State", "key": "Key", "value": "Value"}
LINES = 'must be lines such as "an = running"'


class RulesForm(RoomForm):
    shape = SelectField("What its rows are", validate_choice=False)
    column_cell = SelectField("Cell", validate_choice=False)
    of_cell = SelectField("All of it is of this cell", validate_choice=False)
    column_time = SelectField("Time", validate_choice=False)
    column_start = SelectField("From", validate_choice=False)
    column_end = SelectField("To", validate_choice=False)
    column_state = SelectField("State", validate_choice=False)
    column_key = SelectField("Key", validate_choice=False)
    column_value = SelectField("Value", validate_choice=False)
    zone = StringField("Time zone")
    not_before = StringField("Not before")
    silence = StringField("Longest silence")
    vocabulary = SelectField("Words of", validate_choice=False)
    words = TextAreaField("What words mean")
    keys = TextAreaField("What keys are")
    new_cells = SelectField("Cells that are not there", validate_choice=False)
    new_kind = StringField("Kind of cells that are made")
    site_id = SelectField("Site of cells that are made", validate_choice=False)
    source = SelectField("Who says so", validate_choice=False)
    why = StringField("Why")
    most_bad = StringField("All or nothing")

    def rules(self) -> ImportRules:
        columns = {role: self[f"column_{role}"].data or "" for role in ROLES}
        return ImportRules(
            shape=self.shape.data or "",
            columns={role: name for role, name in columns.items() if name},
            of_cell=self.of_cell.data or "",
            zone=(self.zone.data or "").strip(),
            vocabulary=self.vocabulary.data or "",
            words=pairs(self.words.data or "", "words"),
            keys=pairs(self.keys.data or "", "keys"),
            silence=whole(self.silence.data, "silence"),
            not_before=(self.not_before.data or "").strip(),
            source=self.source.data or "",
            why=(self.why.data or "").strip(),
            new_cells=self.new_cells.data or "",
            new_kind=(self.new_kind.data or "").strip(),
            site_id=whole(self.site_id.data, "site_id"),
            most_bad=whole(self.most_bad.data, "most_bad"),
        )


def pairs(text: str, field: str) -> dict[str, str]:
    """Lines of "word = meaning"."""
    found = [line.partition("=") for line in text.splitlines() if line.strip()]
    if any(not equals or not name.strip() for name, equals, _ in found):
        raise Invalid(**{field: LINES})
    return {name.strip(): meaning.strip() for name, _, meaning in found}


def rules_form(job: StateImport, header: list[str]) -> RulesForm:
    form = RulesForm(data=_values(job))
    for role in ROLES:
        form[f"column_{role}"].choices = _choices({"": "–", **{name: name for name in header if name}})
    form.of_cell.choices = _choices({"": "–", **{cell.name: cell.name for cell in cells.all_cells(retired=True)}})
    form.shape.choices, form.source.choices, form.new_cells.choices = map(_choices, (SHAPES, SOURCES, NEW_CELLS))
    form.vocabulary.choices = _choices({one.name: one.title for one in cells.VOCABULARIES.values()})
    form.site_id.choices = _choices({str(site.id): site.name for site in cells.sites()})
    return form


def _choices(words: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in words.items()]


def _values(job: StateImport) -> dict[str, Any]:
    rules = job.settled
    columns = {f"column_{role}": name for role, name in rules.columns.items()}
    numbers = {name: _shown(getattr(rules, name)) for name in ("silence", "site_id", "most_bad")}
    lines = {name: "\n".join(f"{a} = {b}" for a, b in getattr(rules, name).items()) for name in ("words", "keys")}
    return {**job.rules, **columns, **numbers, **lines}


def _shown(number: int | None) -> str:
    return "" if number is None else str(number)
