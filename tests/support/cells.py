"""Small cells for tests: a base that each test changes in the keys it is about."""

import json
from typing import Any

from lithomech.cell.readout.result import CellResult
from lithomech.cell.run import run
from lithomech.cell.spec import Cell, load_cell

LI6PS5CL = {"material": "li6ps5cl", "weight": "30 %"}
LITHIUM = {"type": "planar", "material": "li", "thickness": "100 um"}
INDIUM = {"type": "planar", "material": "li_in", "thickness": "100 um"}
NO_CRACKS = {"boundary_strength": "100 GPa"}
# a diffusivity and an exchange current that do not depend on the lithium content
EVEN = {
    "diffusivity": "4e-15 m^2/s",
    "diffusivity_shape": "1",
    "exchange_current_density_shape": "1",
}
# surroundings as stiff as the dense solid: contacts open, which most tests are about
DENSE = {"pellet_modulus": "22.1 GPa"}
COARSE = {"nodes": 8, "shells": 12}
HOST_CHANGES = ("weight", "diameter", "morphology")


def composite(material: str = "ncm811", **changes: Any) -> dict[str, Any]:
    """A composite electrode of one active material with Li6PS5Cl.

    Its conductivities are those of a formula: most tests are about what they do, not about
    where they come from.
    """
    active = {"material": material, "weight": "70 %", "diameter": "4 um"}
    active |= {key: changes.pop(key) for key in HOST_CHANGES if key in changes}
    sized = any(key in changes for key in ("mass", "areal_capacity", "n_p_ratio"))
    base = {
        "type": "composite",
        "porosity": "15 %",
        "active": [active],
        "electrolyte": LI6PS5CL,
        "transport": {"type": "formula"},
    }
    return base | ({} if sized else {"thickness": "80 um"}) | changes


def lto(n_p_ratio: float = 1.3) -> dict[str, Any]:
    """The counter electrode that does not change its volume."""
    return composite("lto", diameter="2 um", n_p_ratio=n_p_ratio)


def spring(pressure: str = "20 MPa", stiffness: str = "0.4 MPa/um") -> dict[str, Any]:
    """A spring fixture."""
    return {"type": "spring", "pressure": pressure, "stiffness": stiffness}


def declare(*, interphase: bool = False, even: bool = True, **changes: Any) -> Cell:
    """NCM811 | Li6PS5Cl | Li under a spring, with top-level keys replaced.

    The electrolyte does not decompose, and the kinetics of NCM811 do not change with its
    lithium, unless a test is about that.
    """
    switches = ({} if interphase else {"interphase": "none"}) | changes.pop("mechanisms", {})
    base = {
        "fixture": spring(),
        "cathode": composite(),
        "separator": {"material": "li6ps5cl", "thickness": "600 um"},
        "anode": LITHIUM,
        "solver": COARSE,
        "mechanisms": switches,
        "protocol": ["Charge at 0.1C until 4.3 V"],
    }
    materials = changes.pop("materials", {})
    cell = base | changes
    if even and '"ncm811"' in json.dumps(cell):
        materials = materials | {"ncm811": EVEN | materials.get("ncm811", {})}
    if even and '"li6ps5cl"' in json.dumps(cell):
        materials = materials | {"li6ps5cl": DENSE | materials.get("li6ps5cl", {})}
    return load_cell(json.dumps(cell | {"materials": materials}, indent=1))


def whole_lithium(result: CellResult, side: str = "cathode") -> Any:
    """Stoichiometry of whole particles, grains that are cut off included."""
    share = result.profiles[f"{side}_isolated_share"]
    x = result.profiles[f"{side}_stoichiometry"]
    return (1.0 - share) * x + result.profiles[f"{side}_trapped_stoichiometry"]


def solve(**changes: Any) -> CellResult:
    """Run ``declare(**changes)``, which must come to its end."""
    result = run(declare(**changes))
    assert result.status == "completed", result.reason
    return result
