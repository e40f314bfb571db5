"""A structure from declaration to effective properties, files and the cell that uses them."""

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.cell.readout.load import load_result
from lithomech.cell.run import run
from lithomech.errors import InputError
from lithomech.microstructure import electrode
from lithomech.microstructure.electrode import press_structure
from lithomech.microstructure.result import QUANTITIES, load_effective
from lithomech.microstructure.spec import load_structure, structure_from_input, to_input
from support.cells import declare

SMALL = """
name: small
composition:
  active: [{material: ncm88, weight: 75 %, diameter: 4 um}]
  electrolyte: {material: li6ps5cl, weight: 25 %, diameter: 4 um}
fabrication: {pressure: 370 MPa}
stack_pressures: [3 MPa, 20 MPa]
box: 14 um
voxel_size: 0.5 um
seeds: 2
"""
SIGMA, KAPPA = 4.1, 0.19  # S/m: 4.1e-2 and 1.9e-3 S/cm, section 5.2 of the review


@pytest.fixture(scope="module")
def small():
    return press_structure(load_structure(SMALL))


def test_tortuosity_factors_are_those_of_the_conductivities(small):
    solid = 1.0 - small.quantities["porosity"]
    active = (0.75 / 4.80) / (0.75 / 4.80 + 0.25 / 1.87)
    for carrier, dense, share in (
        ("ionic", KAPPA, 1.0 - active),
        ("electronic", SIGMA, active),
    ):
        sigma = small.quantities[f"conductivity_{carrier}"]
        tau2 = small.quantities[f"tortuosity_factor_{carrier}"]
        spans = sigma > 0.0
        assert np.all(np.isinf(tau2[~spans]))
        # volumes of the image are those of the grains within 5e-4 of each
        expected = (dense * share * solid)[spans]
        assert_allclose(tau2[spans] * sigma[spans], expected, rtol=2e-3)
        every = spans.all(axis=0)  # else the mean has the volume of those that conduct only
        mean = small.mean(f"tortuosity_factor_{carrier}")[every]
        expected = dense * share * solid.mean(axis=0)[every] / sigma.mean(axis=0)[every]
        assert_allclose(mean, expected, rtol=2e-3)
    assert_allclose(list(small.conductivities.values()), [KAPPA, SIGMA], rtol=1e-12)


def test_pressure_matters_to_electrons_more_than_to_ions(small):
    ions, electrons = (
        small.mean(f"conductivity_{carrier}") for carrier in ("ionic", "electronic")
    )
    assert electrons[1] / electrons[0] > 1.5
    assert electrons[1] / electrons[0] > 2.0 * ions[1] / ions[0] - 1.0


def test_shares_are_shares_and_loads_add_up(small):
    for name in ("porosity", "covered_fraction", "contact_fraction"):
        values = small.quantities[name]
        assert np.all((values > 0.0) & (values < 1.0)), name
    q = small.quantities
    assert np.all(q["load_share"] > 0.0)  # above 1 where welded electrolyte is drawn
    assert np.all(q["contact_fraction"] <= q["covered_fraction"])
    assert np.all(q["utilisation"] <= q["utilisation_ionic"])
    assert np.all(q["height"][:, 0] > q["height"][:, 1])  # it springs back at 3 MPa


def test_welded_grains_are_stiffer_than_loose_ones_and_softer_than_dense_solids(small):
    welded, loose = (small.constrained_modulus[k] for k in ("welded", "loose"))
    E, nu = 199e9, 0.25  # of NCM811, the stiffer powder: its constrained modulus is 1.2 E
    assert 0.0 < loose < welded < E * (1 - nu) / (1 + nu) / (1 - 2 * nu)
    assert welded > 5.0 * loose


def test_the_load_of_a_body_of_one_sort_is_all_on_it():
    text = SMALL.replace("75 %", "100 %").replace("weight: 25 %", "weight: 0 %")
    alone = press_structure(load_structure(text.replace("seeds: 2", "seeds: 1")))
    assert_allclose(alone.quantities["load_share"], 1.0, rtol=0.02)
    assert np.all(alone.quantities["conductivity_ionic"] == 0.0)
    assert np.all(np.isinf(alone.quantities["tortuosity_factor_ionic"]))
    reported = alone.to_json()["stack_pressures"][0]
    assert reported["tortuosity_factor_ionic"]["mean"] is None
    assert reported["spanning_probability_ionic"] == 0.0
    json.dumps(alone.to_json(), allow_nan=False)


def test_json_has_the_agreed_keys(small):
    reported = small.to_json()
    assert {"porosity", "volume_fraction", "utilisation", "stack_pressures"} <= reported.keys()
    row = reported["stack_pressures"][1]
    assert row["stack_pressure_MPa"] == 20.0
    wanted = {
        "tortuosity_factor_ionic", "tortuosity_factor_electronic",
        "conductivity_ionic_S_per_cm", "conductivity_electronic_S_per_cm",
        "covered_fraction",
    }  # fmt: skip
    for name in wanted:
        assert row[name].keys() == {"mean", "standard_deviation", "values"}
        assert len(row[name]["values"]) == 2
    assert row["spanning_probability"] == 1.0
    total = sum(reported["volume_fraction"].values()) + reported["porosity"]["mean"]
    assert_allclose(total, 1.0, rtol=1e-12)


def test_a_saved_structure_is_the_same(small, tmp_path):
    small.save(tmp_path / "structure.nc")
    again = load_effective(tmp_path / "structure.nc")
    assert again.to_json() == small.to_json()
    assert again.quantities.keys() == QUANTITIES.keys()
    assert np.array_equal(again.grains, small.grains)
    assert np.array_equal(again.forces, small.forces)
    assert structure_from_input(again.input) == structure_from_input(small.input)


def test_files_of_another_kind_are_refused(small, tmp_path):
    path = tmp_path / "structure.nc"
    small.save(path)
    with pytest.raises(InputError, match="is no result of lithomech"):
        load_result(path)
    cell = tmp_path / "cell.nc"
    run(declare(protocol=["Rest for 1 minute"])).save(cell)
    with pytest.raises(InputError, match="is no structure of lithomech"):
        load_effective(cell)


def test_a_stopped_run_goes_on_where_it_stopped(small, tmp_path, monkeypatch):
    structure = load_structure(SMALL)

    def give_up(fraction, _text):
        if (tmp_path / "seed_0.npz").exists() and fraction > 0.5:
            raise KeyboardInterrupt

    monkeypatch.setattr(electrode.os, "cpu_count", lambda: 1)  # one piece after the other
    with pytest.raises(KeyboardInterrupt):
        press_structure(structure, give_up, tmp_path)
    kept = {p.name for p in tmp_path.iterdir()}
    assert kept == {"seed_0.npz"}
    fresh = electrode.press
    pressed = []
    monkeypatch.setattr(electrode, "press", lambda *a: pressed.append(a[2]) or fresh(*a))
    result = press_structure(structure, None, tmp_path)
    assert pressed == [1]
    for name in QUANTITIES:
        assert_array_equal(result.quantities[name], small.quantities[name], name)


def test_pieces_of_another_structure_and_broken_ones_are_pressed_again(small, tmp_path):
    structure = load_structure(SMALL)
    for content in (b"no archive", b""):
        (tmp_path / "seed_0.npz").write_bytes(content)
        one = press_structure(structure.replace(seeds=1), None, tmp_path)
        assert_allclose(one.quantities["porosity"][0], small.quantities["porosity"][0])
    other = press_structure(structure.replace(seeds=1, friction=0.2), None, tmp_path)
    assert not np.array_equal(other.quantities["porosity"][0], small.quantities["porosity"][0])


def test_a_cell_takes_what_the_structure_gives(small, tmp_path):
    path = tmp_path / "structure.nc"
    small.save(path)
    cathode = {
        "active": [{"material": "ncm88", "weight": "75 %", "diameter": "4 um"}],
        "electrolyte": {"material": "li6ps5cl", "weight": "25 %"},
        "porosity": "27 %",
        "thickness": "60 um",
        "type": "composite",
    }

    def polarised(transport):
        cell = declare(
            cathode=cathode | {"transport": transport},
            protocol=["Charge at 0.2C until 4.2 V", "Discharge at 0.2C until 2.8 V"],
        )
        return run(cell)

    pressed = polarised({"type": "structure", "file": str(path)})
    formula = polarised({"type": "formula", "law": "bruggeman", "exponent": "1.5"})
    assert pressed.status == formula.status == "completed"
    # tau2 of the pressed one is far above Bruggeman's phi^-1/2: more is lost on the way
    difference = [r.cycles[0]["mean_discharge_voltage_V"] for r in (formula, pressed)]
    assert difference[0] - difference[1] > 2e-3
    other = [{"material": "ncm88", "weight": "60 %", "diameter": "4 um"}]
    cathode |= {"active": other, "electrolyte": {"material": "li6ps5cl", "weight": "40 %"}}
    with pytest.raises(InputError, match=r"cathode.transport.file: the structure holds 53.9 %"):
        polarised({"type": "structure", "file": str(path)})
    with pytest.raises(
        InputError, match=r"transport.file: .*missing.nc: there is no such file"
    ):
        polarised({"type": "structure", "file": str(tmp_path / "missing.nc")})


def test_a_declaration_survives_its_plain_form():
    structure = load_structure(SMALL)
    again = structure_from_input(json.loads(json.dumps(to_input(structure))))
    assert to_input(again) == to_input(structure)


@pytest.mark.parametrize(
    ("old", "new", "stated"),
    [
        ("box: 14 um", "box: 14", "box: 14"),
        ("box: 14 um", "boxx: 14 um", "boxx: unknown key; did you mean box?"),
        ("4 um}]", "-4 um}]", "composition.active[0].diameter: '-4 um' is out of range"),
        ("weight: 25 %", "weight: 35 %", "composition: the weights add up to 110 %"),
        ("ncm88", "ncm99", "composition.active[0].material"),
        ("370 MPa", "2 MPa", "stack_pressures[0]: 3 MPa; allowed: more than 0 MPa, up to the"),
    ],
)
def test_mistakes_in_a_file_are_reported_with_their_place(old, new, stated, tmp_path):
    path = tmp_path / "spec.yaml"
    path.write_text(SMALL.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        press_structure(load_structure(path))
    text = str(caught.value)
    assert stated in text
    assert f"{path}:" in text
