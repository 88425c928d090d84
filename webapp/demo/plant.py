"""The works: its site, its twelve cells in three bays, its shifts, and what x1 to x7 mean there."""

from dataclasses import dataclass

from webapp.cells import read_shift
from webapp.demo.routing import HAND_SERVED

SITE = "North Works"
TARGET = 80  # per cent
# A works needs a clock on its wall: in UTC nobody would see that times are local.
ZONE = "Europe/Berlin"

MACHINING, FORMING, GEARS = "Bay 1 · Machining", "Bay 2 · Forming and joining", "Bay 3 · Gears, assembly, test"


TWO = "Two shifts"
_EARLY = ("Early", "06:00", "14:00", "09:00-09:15, 11:30-12:00")
_LATE = ("Late", "14:00", "22:00", "17:00-17:15, 19:00-19:30")
_NIGHT = ("Night", "22:00", "06:00", "01:00-01:15, 03:00-03:30")
#: Machines are served day and night, assembly and test on workdays. Name -> its week.
CALENDARS = {
    "Round the clock": [read_shift(*shift, days=range(7)) for shift in (_EARLY, _LATE, _NIGHT)],
    TWO: [read_shift(*shift, days=range(5)) for shift in (_EARLY, _LATE)],
}
#: Month and day of the holidays that are still to come when the story is told.
HOLIDAYS = {(1, 1): "New Year's Day", (5, 1): "Labour Day", (12, 25): "Christmas Day", (12, 26): "Boxing Day"}


@dataclass(frozen=True)
class Place:
    """A cell of the works. number: of its machine in the virtual factory; part: what is mostly made on it."""

    number: int
    kind: str
    location: str
    tags: tuple[str, ...]
    family: str
    parts: tuple[str, ...]
    calendar: str = "Round the clock"

    @property
    def name(self) -> str:
        return f"C{self.number:02}"

    @property
    def takes(self) -> tuple[str, ...]:
        return ("operation",) if self.number in HAND_SERVED else ("project", "operation")


PLACES = (
    Place(1, "5-axis mill", MACHINING, ("aluminium",), "actuator", ("housing_r4.step", "yoke_r2.step")),
    Place(2, "5-axis mill", MACHINING, ("steel",), "manifold", ("manifold_core_v9.step", "flange_v3.step")),
    Place(3, "Turn-mill", MACHINING, ("steel",), "spindle", ("spindle_sleeve_r1.step", "spindle_nut_r5.step")),
    Place(4, "Lathe", MACHINING, ("bar feeder",), "fittings", ("nipple_g38.step", "bushing_22.step")),
    Place(5, "Grinder", FORMING, ("cylindrical",), "rotor", ("rotor_hub_r7.step", "rotor_shaft_r7.step")),
    Place(6, "Laser", FORMING, ("sheet to 12 mm",), "enclosure", ("cover_plate_12.dxf", "side_panel_08.dxf")),
    Place(7, "Press brake", FORMING, ("sheet to 6 mm",), "brackets", ("bracket_arm_v7.step", "rail_clip_v2.step")),
    Place(8, "Weld robot", FORMING, ("MAG",), "frames", ("frame_left_v4.step", "crossbeam_v4.step")),
    Place(9, "Gear hob", GEARS, ("module 1 to 4",), "gearbox", ("gear_z41_m2.step", "pinion_z17_m2.step")),
    Place(10, "Assembly", GEARS, ("pneumatic",), "gripper", ("gripper_finger_b.step", "gripper_jaw_c.step"), TWO),
    Place(11, "Assembly", GEARS, ("hydraulic",), "valve", ("valve_block_v3.step", "valve_cap_v1.step"), TWO),
    Place(12, "Test bench", GEARS, ("seals",), "seal rig", ("seal_rig_03.step", "seal_rig_04.step"), TWO),
)  # fmt: skip

#: n -> label, unit, help. None limits its values: an example from a document has to go through as it stands.
PARAMETERS = {
    1: ("Material", "", "As on the certificate"),
    2: ("Feed factor", "", "1 is the programmed feed"),
    3: ("Strategy", "", "coarse, fine, or coarse to fine"),
    4: ("Coolant pressure", "bar", "0 runs dry"),
    5: ("Pieces", "", "Good parts wanted"),
    6: ("Fixture", "", "Number on the fixture"),
    7: ("Zero point", "", "G54 to G59"),
}
MATERIALS = ("AlSi10Mg", "EN AW-6082", "42CrMo4", "C45", "X5CrNi18-10", "S355", "16MnCr5")
