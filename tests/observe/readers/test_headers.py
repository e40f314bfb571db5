"""One place matches headers to quantities: names, units, and one header for each."""

import pytest
from numpy.testing import assert_allclose

from lithomech.observe.readers.headers import match_headers
from lithomech.observe.vocabulary import IMPEDANCE, by_quantity, line_to, terms

EXACT = 1e-14
PSI = 6894.757293168361  # Pa
POUND = 4.4482216152605  # N


@pytest.mark.parametrize(
    ("header", "quantity", "slope", "offset"),
    [
        ("Pressure_Psi", "Surface Pressure", PSI, 0.0),
        ("Pressure_bar", "Surface Pressure", 1e5, 0.0),
        ("P (MPa)", "Surface Pressure", 1e6, 0.0),
        ("Aux_Pressure_1(MPa)", "Surface Pressure", 1e6, 0.0),
        ("StackPressure [kPa]", "Surface Pressure", 1e3, 0.0),
        ("pressure, mbar", "Surface Pressure", 1e2, 0.0),
        ("Stack pressure / kgf/cm²", "Surface Pressure", 98066.5, 0.0),
        ("Zelldruck in N/mm2", "Surface Pressure", 1e6, 0.0),
        ("Pression <bar>", "Surface Pressure", 1e5, 0.0),
        ("스택 압력(㎫)", "Surface Pressure", 1e6, 0.0),
        ("Force_kN", "Stack Force", 1e3, 0.0),
        ("Load Cell (N)", "Stack Force", 1.0, 0.0),
        ("Load (kg)", "Stack Force", 9.80665, 0.0),
        ("Presskraft [t]", "Stack Force", 9806.65, 0.0),
        ("F_N", "Stack Force", 1.0, 0.0),
        ("하중 (kgf)", "Stack Force", 9.80665, 0.0),
        ("load/lbf", "Stack Force", POUND, 0.0),
        ("LVDT 2 (µm)", "Displacement", 1e-6, 0.0),
        ("Weg [mm]", "Displacement", 1e-3, 0.0),
        ("U [V]", "Voltage", 1.0, 0.0),
        ("<Ecell/mV>", "Voltage", 1e-3, 0.0),
        ("Vf (V vs. Ref.)", "Voltage", 1.0, 0.0),
        ("전압(V)", "Voltage", 1.0, 0.0),
        ("<I>/mA", "Current", 1e-3, 0.0),
        ("COURANT (µA)", "Current", 1e-6, 0.0),
        ("Zeit [h]", "Test Time", 3600.0, 0.0),
        ("시간 (초)", "Test Time", 1.0, 0.0),
        ("T_C", "Ambient Temperature", 1.0, 273.15),
        ("Temperatur (°C)", "Ambient Temperature", 1.0, 273.15),
        ("Temperature(\ufffdC)", "Ambient Temperature", 1.0, 273.15),
        ("T1(?)", "Ambient Temperature", 1.0, 273.15),
        ("Aux_Temperature_1(C)", "Ambient Temperature", 1.0, 273.15),
        ("(Q-Qo)/C", "Net Capacity", 1.0, 0.0),
        ("(Q-Qo)/mA.h", "Net Capacity", 3.6, 0.0),
        ("Q charge/discharge/mA.h", "Step Capacity", 3.6, 0.0),
        ("DChg. Cap.(Ah)", "Discharging Capacity", 3600.0, 0.0),
        ("Energy charge/W.h", "Charging Energy", 3600.0, 0.0),
        ("P (mW)", "Power", 1e-3, 0.0),
        ("zyklus", "Cycle Count", 1.0, 0.0),
        ("cathode vs ref (V)", "Positive Electrode Potential", 1.0, 0.0),
    ],
)
def test_names_and_units_of_every_kind(header, quantity, slope, offset):
    chosen = match_headers([header], terms()).chosen
    term = by_quantity()[quantity.lower()]
    assert list(chosen) == [term.column]
    line = chosen[term.column].line
    assert_allclose([line.slope, line.offset], [slope, offset], rtol=1e-12)


@pytest.mark.parametrize(
    "header",
    [
        "Im(M)",
        "Voltage (MPa)",
        "Pressure (?)",
        "P",
        "U",
        "F",
        "Max Voltage (V)",
        "control/V",
        "Pressure limit (bar)",
        "dV/dt (V/s)",
        "Cell 3",
        "d",
    ],
)
def test_what_is_no_quantity(header):
    """An unknown unit, a single letter without one, and words that make it another quantity."""
    assert not match_headers([header], terms()).chosen


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            ["Re(Z)/Ohm", "-Im(Z)/Ohm", "Re(M)", "Im(M)", "freq/Hz"],
            {"Real Impedance": 0, "Negative Imaginary Impedance": 1, "Frequency": 4},
        ),
        (["freq", "Z'", "Z''", "|Z|", "Phase"], None),
    ],
)
def test_a_weaker_match_never_takes_the_place_of_a_better_one(headers, expected):
    chosen = match_headers(headers, terms(IMPEDANCE)).chosen
    places = {candidate.term.quantity: candidate.place for candidate in chosen.values()}
    if expected is None:
        assert sorted(places.values()) == [0, 1, 2, 3, 4]
    else:
        assert places == expected


def test_the_best_header_wins_wherever_it_stands():
    headers = ["Chamber pressure (bar)", "Pressure 2 (bar)", "Stack pressure (MPa)", "P (MPa)"]
    found = match_headers(headers, terms())
    assert found.chosen["Surface Pressure / Pa"].place == 2
    rows = {choice.header: choice.decision for choice in found.choices()}
    assert rows["Stack pressure (MPa)"] == "chosen"
    assert rows["P (MPa)"] == "'Stack pressure (MPa)' fits better"
    assert set(rows) == set(headers)


def test_the_quantity_decides_what_a_unit_means():
    """C is a coulomb of a charge and a degree Celsius of a temperature."""
    by_column = {term.column: term for term in terms()}
    assert line_to("C", by_column["Net Capacity / C"])[:2] == (1.0, 0.0)
    assert line_to("C", by_column["Ambient Temperature / K"])[:2] == (1.0, 273.15)
    assert line_to("kg", by_column["Stack Force / N"])[0] == 9.80665
    assert line_to("kg", by_column["Displacement / m"]) is None


def test_units_of_another_kind_are_kept_apart():
    """Ohm cm2 is no ohm."""
    chosen = match_headers(["Z' (Ohm cm2)"], terms(IMPEDANCE)).chosen
    line = chosen["Real Impedance / Ohm"].line
    assert line.unit == "ohm*m^2"
    assert_allclose(line.slope, 1e-4, rtol=EXACT)
    assert not match_headers(["Z' (Ohm m)"], terms(IMPEDANCE)).chosen


def test_a_name_without_a_unit_is_reported():
    found = match_headers(["Pressure", "Time / s"], terms())
    assert [c.header for c in found.without_unit] == ["Pressure"]
    assert [c.decision for c in found.choices()][-1] in {"chosen", "chosen, has no unit"}
