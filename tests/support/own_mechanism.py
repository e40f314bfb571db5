"""The mechanism of docs/howto/add_a_mechanism.md; as a script: runs of a cell with it.

python -m support.own_mechanism FOLDER CELLS RESULTS

FOLDER holds ageing.py; CELLS and RESULTS are JSON.
"""

import importlib
import json
import re
import sys
from pathlib import Path

import lithomech as lm
from lithomech.cell.resolve.build import resolve
from support.cells import COARSE, LITHIUM, composite

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "add_a_mechanism.md"
NAME = "ageing"


def source():
    """The file that the page shows."""
    text = HOWTO.read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[0]


def write(folder):
    """Write the file of the page to a folder, and return its path."""
    path = folder / f"{NAME}.py"
    path.write_text(source(), encoding="utf-8")
    return path


def cell_text(mechanisms):
    """A cell file with these mechanisms: bolted, charged for five hours."""
    cell = {
        "fixture": {
            "type": "bolted",
            "pressure": "20 MPa",
            "frame_stiffness": "1 MPa/um",
        },
        "cathode": composite(),
        "separator": {"material": "li6ps5cl", "thickness": "600 um"},
        "anode": LITHIUM,
        "solver": COARSE,
        "protocol": ["Charge at 0.1C for 5 hours"],
        "mechanisms": {"interphase": "none"} | mechanisms,
    }
    return json.dumps(cell, indent=1)


def run_all(texts):
    """What runs of cell files come to, as plain data."""
    results = []
    for text in texts:
        cell = lm.load_cell(text)
        model, result = resolve(cell), lm.run(cell)
        results.append(
            {
                "status": result.status,
                "voltage": result.voltage.tolist(),
                "stack_pressure": result.stack_pressure.tolist(),
                "ledger": {" | ".join(key): v[-1] for key, v in result.ledger.items()},
                "causes": sorted(model.causes),
                "profiles": sorted(result.profiles),
                "cycle": result.cycles[-1],
                "compliance": model.arrays.compliance,
                "stiffness": model.arrays.stiffness,
                "transmission": model.arrays.particles["contact"]["transmission"].tolist(),
                "volume_fraction": model.arrays.particles["host"]["volume_fraction"].tolist(),
                "thickness": model.thickness["cathode"],
                "x": result.profiles["cathode_stoichiometry"][[0, -1]].mean((1, 2)).tolist(),
            }
        )
    return results


def main():
    folder, cells, results = sys.argv[1:]
    sys.path.insert(0, folder)
    lm.register_mechanism(importlib.import_module(NAME))
    found = run_all(json.loads(Path(cells).read_text(encoding="utf-8")))
    Path(results).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
