"""What is asserted of a packaged particle and of a script, wherever the tests run them."""

import runpy
from pathlib import Path

from lithomech.cell.readout.load import load_result
from lithomech.microstructure.result import load_effective
from lithomech.particle import fracture
from lithomech.particle.spec import load_particle

FOLDER = Path(__file__).parents[2] / "src" / "lithomech" / "examples"
SHARED = ("08_table_3", "11_particle_that_cracks")  # the register has the same runs


def draw_figure(script, capsys):
    """Run the script in the present folder: it prints, draws and saves what it completed."""
    runpy.run_path(str(script), run_name="__main__")
    assert Path(f"results/{script.stem}.png").stat().st_size > 1e4
    assert capsys.readouterr().out.count("\n") > 3
    load = load_effective if script.stem == "09_composition" else load_result
    for path in Path().rglob("*.nc"):
        assert load(path).status == "completed"


def crack_or_not(name, settings):
    """Where there are boundaries they break, and most openings shut."""
    declared = load_particle(FOLDER / f"{name}.yaml", tuple(settings.items()))
    found = fracture.crack_particle(declared)
    assert found.status == "completed"
    if name == "ncm88_single_crystal":
        assert found.by_increment["crack_fraction"].max() == 0.0
        assert found.at("gap_fraction", 1) > 0.001
    else:
        assert 0.003 < found.at("crack_fraction", 1) < 0.06
        assert found.at("crack_fraction", 2) < 0.4 * found.at("crack_fraction", 1)
