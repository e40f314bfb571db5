"""What `materials list` says of a material, that it runs in a cell, is tried out."""

import pytest

from lithomech.cell.run import run
from lithomech.materials.load import known, load_material
from support.cells import composite, declare, lto

LOADED = {name: load_material(name) for name in known()}
COMPLETE = {name: m for name, m in LOADED.items() if not m.lacking()}
ELECTROLYTES = [name for name, m in COMPLETE.items() if m.role == "electrolyte"]
ANODES = {"graphite", "si", "sn", "lto"}
HOSTS = [name for name, m in COMPLETE.items() if m.role == "active"]
SHORT = ["Charge at 0.05C for 10 minutes", "Rest for 10 minutes"]


def wants(name):
    """Electrolyte of a composite, as a cell file has it."""
    return {"electrolyte": {"material": name, "weight": "30 %"}}


@pytest.mark.parametrize("name", ELECTROLYTES)
def test_an_electrolyte_that_has_all_a_cell_needs_runs(name):
    cell = declare(
        cathode=composite(**wants(name)),
        separator={"material": name, "thickness": "50 um"},
        protocol=SHORT,
    )
    assert run(cell).status == "completed"


@pytest.mark.parametrize("name", HOSTS)
def test_a_host_that_has_all_a_cell_needs_runs(name):
    if name in ANODES:
        cell = declare(
            anode=composite(name, diameter="2 um", n_p_ratio=1.3),
            protocol=SHORT,
        )
    else:
        cell = declare(cathode=composite(name), anode=lto(), protocol=SHORT)
    assert run(cell).status == "completed"


def test_what_is_listed_is_enough():
    assert len(ELECTROLYTES) >= 12
    assert len(HOSTS) >= 14
