"""One cell in several fixtures: what a charge becomes, thickness or stress."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from lithomech.cell.resolve.build import resolve
from lithomech.cell.spec import Cell, Fixture
from lithomech.cell.spec.cell import to_input
from lithomech.studies.members import Member
from lithomech.studies.run import run_study

if TYPE_CHECKING:
    from matplotlib.figure import Figure

START, END = "stack_pressure_start_MPa", "stack_pressure_end_of_charge_MPa"
CATHODE, ANODE = "cathode_thickness_change_um", "anode_thickness_change_um"
CONTACT, CRACKS = "contact_fraction_end_of_charge", "crack_area_fraction_end_of_charge"
CHARGE: Final = "charge_capacity_mAh_per_cm2"
OUTPUTS: Final = (START, END, CATHODE, ANODE, CONTACT, CRACKS, CHARGE)
MPA, UM, MAH_PER_CM2 = 1e6, 1e-6, 36e3  # Pa, m, C/m2


@final
@dataclass(frozen=True)
class FixtureCase:
    """A cell in one fixture, discharged (as assembled) and charged.

    Attributes:
        label: of the fixture.
        status: of the run.
        reason: one sentence.
        grown: change of each layer by the charge [m].
        pressure: stack pressure discharged and charged [Pa].
        contact: contact fraction in the cathode, charged.
        crack_area: crack area fraction in the cathode, charged.
        charge: areal capacity that the charge took [C/m2].
    """

    label: str
    status: str
    reason: str
    grown: Mapping[str, float]
    pressure: tuple[float, float]
    contact: float | None
    crack_area: float | None
    charge: float


@final
@dataclass(frozen=True)
class FixtureStudy:
    """All cases, in the order given."""

    cases: tuple[FixtureCase, ...]

    def plot(self) -> "Figure":
        """Layers and stack pressure of every case, discharged beside charged."""
        from lithomech.plot.fixture import layers_and_pressure  # noqa: PLC0415 - upward

        return layers_and_pressure(self)


def fixture_study(cell: Cell, fixtures: Mapping[str, Fixture]) -> FixtureStudy:
    """Charge the same cell in each fixture.

    Args:
        cell: its protocol begins with the charge; what follows is not run.
        fixtures: by label.

    Returns:
        One case per fixture; a run that ended early is a case with its status.
    """
    held = [to_input(cell.replace(fixture=one))["fixture"] for one in fixtures.values()]
    base = to_input(cell) | {"protocol": [_first(cell)]}
    study = {"base": base, "vary": {"fixture": held}, "outputs": list(OUTPUTS)}
    result = run_study(study)
    squeezed = resolve(cell).compliance["separator"]
    return FixtureStudy(
        tuple(_case(*one, squeezed) for one in zip(fixtures, result.members(), strict=True))
    )


def _first(cell: Cell) -> str:
    """The first step of a protocol, also inside a repeat."""
    step = cell.protocol[0]
    while not isinstance(step, str):
        step = step["steps"][0]
    return step


def _case(label: str, member: Member, squeezed: float) -> FixtureCase:
    """One case; the separator changes only as much as it is squeezed [m/Pa]."""
    found = {key: value or 0.0 for key, value in member.outputs.items()}
    pressure = (MPA * found[START], MPA * found[END])
    grown = {
        "cathode": UM * found[CATHODE],
        "separator": -squeezed * (pressure[1] - pressure[0]),
        "anode": UM * found[ANODE],
    }
    contact, cracks = member.outputs[CONTACT], member.outputs[CRACKS]
    charge = MAH_PER_CM2 * found[CHARGE]
    return FixtureCase(
        label, member.status, member.reason, grown, pressure, contact, cracks, charge
    )
