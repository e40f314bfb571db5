"""A file that another command reads is one line, not a wall of unknown keys."""

import pytest

from lithomech.cell.spec import load_cell
from lithomech.errors import InputError
from lithomech.files.packaged import examples
from lithomech.microstructure.spec import load_structure
from lithomech.particle.spec import load_particle
from lithomech.studies.spec import load_study
from lithomech.studies.spec.fit import load_fit

LOADERS = {
    "run": load_cell,
    "particle": load_particle,
    "structure": load_structure,
    "study": load_study,
    "fit": load_fit,
}
FILES = {
    "run": "ncm88_lpscl_liin",
    "particle": "ncm88_random",
    "structure": "table3_70_30",
    "study": "which_pressure",
    "fit": "fit_voltage_and_pressure",
}


@pytest.mark.parametrize("command", LOADERS)
@pytest.mark.parametrize("kind", FILES)
def test_the_command_of_a_file_is_named(command, kind):
    path = examples()[FILES[kind]]
    if command == kind:
        LOADERS[command](path)
        return
    with pytest.raises(InputError) as caught:
        LOADERS[command](path)
    (mistake,) = caught.value.mistakes
    assert mistake.file == str(path)
    assert mistake.message == f"is a file for another command: `lithomech {kind}`"


def test_a_cell_with_a_foreign_key_is_a_cell():
    with pytest.raises(InputError, match="grains: unknown key"):
        load_cell("ncm88_lpscl_liin", {"grains": {"diameter": "1 um"}})


def test_a_coating_of_electrode_thickness_is_refused():
    """What the message once proposed, 100 um on particles of 4 um."""
    key = "cathode.active[0].coating"
    with pytest.raises(InputError, match="such as '10 nm'"):
        load_cell("ncm88_lpscl_liin", {key: {"material": "linbo3"}})
    with pytest.raises(InputError, match="at most 10 um"):
        load_cell("ncm88_lpscl_liin", {key: {"material": "linbo3", "thickness": "100 um"}})
