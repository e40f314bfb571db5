"""Habits of instruments and laboratories, one small table for each; values worked by hand."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from lithomech.errors import InputError
from lithomech.observe.readers.files import read_series

EC_LAB = "EC-Lab ASCII FILE\nNb header lines : 3\n"
V, A, T, P = "Voltage / V", "Current / A", "Test Time / s", "Surface Pressure / Pa"
POSITIVE, NEGATIVE = "Positive Electrode Potential / V", "Negative Electrode Potential / V"
FORCE, UNIX, KELVIN = "Stack Force / N", "Unix Time / s", "Ambient Temperature / K"
PSI = 6894.757293168361


def read(tmp_path, text, mapping=None, encoding="utf-8", name="test.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return read_series(path, mapping)


TABLES = {
    "charge in coulomb, not Celsius": (
        EC_LAB + "mode\ttime/s\tEwe/V\tI/mA\t(Q-Qo)/C\t\n"
        "1\t0\t3.4\t1\t0.1\n1\t60\t3.5\t1\t0.2\n",
        {"Net Capacity / C": [0.1, 0.2], V: [3.4, 3.5], A: [1e-3, 1e-3]},
    ),
    "names within angle brackets": (
        EC_LAB + "time/s\t<Ewe/V>\t<I>/mA\n0\t3.4\t1\n60\t3.5\t-1\n",
        {V: [3.4, 3.5], A: [1e-3, -1e-3]},
    ),
    "columns of other quantities": (
        EC_LAB + "time/s\tEwe/V\tI/mA\tRe(M)\tIm(M)\n0\t3.4\t1\t0\t7\n60\t3.5\t2\t0\t7\n",
        {V: [3.4, 3.5], A: [1e-3, 2e-3]},
    ),
    "three electrodes with the voltage of the cell": (
        EC_LAB + "time/s\tEwe/V\tEce/V\tI/mA\tEwe-Ece/V\n"
        "0\t0.4\t-3.0\t1\t3.4\n9\t0.5\t-3.0\t1\t3.5\n",
        {V: [3.4, 3.5], POSITIVE: [0.4, 0.5], NEGATIVE: [-3.0, -3.0]},
    ),
    "three electrodes without it": (
        EC_LAB + "time/s\tEwe/V\tEce/V\tI/mA\n0\t3.9\t0.5\t1\n9\t4.0\t0.4\t1\n",
        {V: [3.4, 3.6], POSITIVE: [3.9, 4.0], NEGATIVE: [0.5, 0.4]},
    ),
    "potentials of both electrodes by name": (
        "Time (s),Cathode vs Ref (V),Anode vs Ref (V),Current (mA)\n0,3.9,0.5,1\n9,4.0,0.4,1\n",
        {V: [3.4, 3.6], POSITIVE: [3.9, 4.0], NEGATIVE: [0.5, 0.4]},
    ),
    "dates in the place of the time": (
        EC_LAB + "time/s\tEwe/V\tI/mA\n"
        "01/02/2024 23:59:30.5\t3.4\t1\n01/03/2024 00:00:30.5\t3.5\t1\n",
        {T: [0, 60]},
    ),
    "a nested table": (
        "Cycle Index,Chg. Cap.(Ah),DChg. Cap.(Ah)\n"
        ",Step Index,Step Number,Step Type,Step Time,Capacity(Ah)\n"
        ",,DataPoint,Time,Total Time,Current(A),Voltage(V),Capacity(Ah),Date\n"
        "1,0.001,0.001\n,1,1,CC Chg,00:30:00,0.0005\n"
        ",,1,00:00:00,00:00:00,0.0010,3.40,0.0001,2024-01-02 03:04:05\n"
        ",,2,00:01:00,00:01:00,0.0010,3.42,0.0002,2024-01-02 03:05:05\n"
        ",2,2,CC DChg,00:30:00,0.0005\n"
        ",,3,00:00:30,00:01:30,-0.0010,3.40,0.0001,2024-01-02 03:05:35\n"
        "2,0.001,0.001\n,1,3,CC Chg,00:30:00,0.0005\n"
        ",,4,00:00:10,00:01:40,0.0010,3.41,0.0001,2024-01-02 03:05:45\n",
        {
            T: [0, 60, 90, 100],
            V: [3.4, 3.42, 3.4, 3.41],
            A: [1e-3, 1e-3, -1e-3, 1e-3],
            "Cycle Count / 1": [1, 1, 1, 2],
            "Step Count / 1": [1, 1, 2, 1],
            "Step Capacity / C": [0.36, 0.72, 0.36, 0.36],
        },
    ),
    "a nested table of two levels": (
        "Step;Step Type\n;Time (s);Voltage (V);Current (mA)\n"
        "1;CC\n;0;3,4;1\n;10;3,5;1\n2;Rest\n;20;3,4;0\n",
        {T: [0, 10, 20], "Step Count / 1": [1, 1, 2], V: [3.4, 3.5, 3.4]},
    ),
    "a step whose first record is not at 0": (
        "DataPoint,Cycle Index,Step Index,Step Type,Time,Current(A),Voltage(V)\n"
        "1,1,1,CC DChg,00:00:00,-0.001,3.90\n2,1,1,CC DChg,00:00:10,-0.001,3.89\n"
        "3,1,2,Rest,00:01:00,0.000,3.90\n4,1,2,Rest,00:02:00,0.000,3.90\n",
        {T: [0, 10, 70, 130]},
    ),
    "a test time that starts anew with each step": (
        "Test Time (s),Step Index,Voltage (V)\n0,1,3.4\n50,1,3.5\n0,2,3.4\n70,2,3.4\n",
        {T: [0, 50, 50, 120]},
    ),
    "an unreadable degree sign": (
        "Step Type,Total Time,Current(A),Voltage(V),T1(?)\n"
        "CC,00:00:00,1,3.4,25\nCC,00:01:00,1,3.5,26\n",
        {T: [0, 60], KELVIN: [298.15, 299.15]},
    ),
    "units with what they are measured against": (
        "EXPLAIN\nTAG\tX\nCURVE\tTABLE\t2\n\tPt\tT\tVf\tIm\tTemp\n"
        "\t#\ts\tV vs. Ref.\tA\tdeg C\n"
        "\t0\t0\t3.4\t0.001\t25\n\t1\t60\t3.5\t0.002\t25\n",
        {T: [0, 60], V: [3.4, 3.5], A: [1e-3, 2e-3], KELVIN: [298.15, 298.15]},
    ),
    "a log with semicolons before the table": (
        "# HEAD;;;\noperator;NN;;\n12;Started logging;;\n34;Message;;\n56;Message;;\n"
        "# DATA;;;\n"
        "test_time (s);current (A);voltage (V);cycle\n0;0.001;3.4;1\n60;0.001;3.5;2\n",
        {T: [0, 60], A: [1e-3, 1e-3], V: [3.4, 3.5], "Cycle Count / 1": [1, 2]},
    ),
    "a small table of settings before the large one": (
        "Channel,Limit (V),Mass (g)\n1,4.2,0.012\n2,4.2,0.013\n\n"
        "Time (s),Voltage (V),Current (mA)\n0,3.4,1\n60,3.5,1\n120,3.6,1\n",
        {T: [0, 60, 120], V: [3.4, 3.5, 3.6]},
    ),
    "a comma that comes late": (
        "Time (s);Voltage (V);Current (mA)\n0;3;0\n1;3;0\n2;3;0\n3;3,1;0,5\n4;3,2;0,5\n",
        {V: [3, 3, 3, 3.1, 3.2], A: [0, 0, 0, 5e-4, 5e-4]},
    ),
    "three decimals after a comma": (
        "Zeit (s);Spannung (V)\n0;3,412\n60;3,425\n",
        {V: [3.412, 3.425]},
    ),
    "thousands with points": (
        "Zeit (s);Kraft (N)\n0;3.925,5\n60;13.927,25\n120;950,5\n",
        {FORCE: [3925.5, 13927.25, 950.5]},
    ),
    "thousands in quotes": (
        'Time (s),Force (N)\n0,"3,925.5"\n60,"13,927"\n120,950\n',
        {FORCE: [3925.5, 13927.0, 950.0]},
    ),
    "thousands with spaces": (
        "temps (s);force (N)\n0;3 925,5\n60;13\u00a0927,25\n",
        {FORCE: [3925.5, 13927.25]},
    ),
    "a signed minus and powers": (
        "Time (s);Current (mA)\n0;\u22121,5\n60;2,5E-1\n",
        {A: [-1.5e-3, 2.5e-4]},
    ),
    "no units, as Arbin means them": (
        "Data_Point,Test_Time,DateTime,Step_Index,Cycle_Index,Current,Voltage,Charge_Capacity,Temperature\n"
        "0,0.0,1494645243.5,1,1,0.001,3.4,0,30.1\n1,60.0,1494645303.5,1,1,0.001,3.42,1,30.1\n",
        {T: [0, 60], UNIX: [1494645243.5, 1494645303.5], A: [1e-3, 1e-3]}
        | {"Charging Capacity / C": [0, 3600], KELVIN: [303.25, 303.25]},
    ),
    "a time without a unit beside dates": (
        "Time,Date,Voltage (V)\n0,2024-03-10 10:00:00,3.4\n2,2024-03-10 10:02:00,3.5\n",
        {T: [0, 120]},
    ),
    "pressure in psi": (
        "test_time_s,voltage_V,current_A,Pressure_Psi\n0,3.5,0.001,725\n60,3.6,0.001,726\n",
        {P: [725 * PSI, 726 * PSI]},
    ),
    "a German export": (
        "Zeit [h];U [V];I [mA];Kraft [N];T_C\n"
        "0,0;2,95;0,30;3925,0;25,1\n0,5;3,05;-0,30;3927,1;25,0\n",
        {T: [0, 1800], V: [2.95, 3.05], A: [3e-4, -3e-4]}
        | {FORCE: [3925, 3927.1], KELVIN: [298.25, 298.15]},
    ),
    "a French export": (
        "Temps (min);Tension (mV);Courant (\u00b5A);Pression (bar)\n"
        "0;3400;5,5;50\n1;3500;-5,5;51\n",
        {T: [0, 60], V: [3.4, 3.5], A: [5.5e-6, -5.5e-6], P: [5e6, 5.1e6]},
    ),
    "dates with the day first that pass a midnight": (
        "Date;Voltage (V)\n10.03.2024 23:00:00;3.4\n10.03.2024 23:30:00;3.4\n"
        "11.03.2024 00:00:00;3.4\n11.03.2024 00:30:00;3.5\n",
        {T: [0, 1800, 3600, 5400]},
    ),
    "an order of dates that a late row shows": (
        "Date,Voltage (V)\n11/12/2024 23:00,3.4\n12/12/2024 23:00,3.4\n13/12/2024 23:00,3.5\n",
        {T: [0, 86400, 172800]},
    ),
    "halves of the day and names of months": (
        "Date,Voltage (V)\n23-Nov-23 11:59:30 PM,3.4\n24-Nov-23 12:00:30 AM,3.5\n",
        {T: [0, 60], UNIX: [1700783970.0, 1700784030.0]},
    ),
    "Korean dates": (
        "날짜,전압 (V)\n2024-03-10 오전 11:59:00,3.4\n2024-03-10 오후 12:01:00,3.5\n",
        {T: [0, 120]},
    ),
    "days as Excel counts them": (
        "Date Time,Voltage (V)\n45361.5,3.4\n45361.75,3.5\n",
        {T: [0, 21600], UNIX: [1710072000.0, 1710093600.0]},
    ),
    "milliseconds since 1970": (
        "timestamp,Voltage (V)\n1710072000000,3.4\n1710072001500,3.5\n",
        {T: [0, 1.5], UNIX: [1710072000.0, 1710072001.5]},
    ),
    "a time of day that passes midnight": (
        "Time,Voltage (V)\n23:59:50,3.4\n00:00:10,3.5\n18:00:00,3.5\n00:00:10,3.4\n",
        {T: [0, 20, 64810, 86420]},
    ),
    "dates and times of day in two columns": (
        "Datum;Uhrzeit;Spannung [V]\n10.03.2024;23:59:50;3,4\n11.03.2024;00:00:10;3,5\n",
        {T: [0, 20], UNIX: [1710115190.0, 1710115210.0]},
    ),
    "the same in English": (
        "Date,Time,Voltage (V)\n2024-03-10,23:59:50,3.4\n2024-03-12,00:00:10,3.5\n",
        {T: [0, 86420]},
    ),
    "between spaces": (
        "Time/s    Ewe/V   I/mA\n 0.0     3.4     1.0\n 60.0   3.5    -1.0\n",
        {T: [0, 60], V: [3.4, 3.5], A: [1e-3, -1e-3]},
    ),
    "whole lines in quotes": (
        '"Run Time (h),Potential (V),Current (A)"\n"0,3.4,0.1"\n"0.5,3.5,0.1"\n',
        {T: [0, 1800], V: [3.4, 3.5], A: [0.1, 0.1]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("habit", TABLES)
def test_habits(tmp_path, habit):
    text, expected = TABLES[habit]
    series = read(tmp_path, text)
    for column, values in expected.items():
        assert_allclose(series.columns[column], values, rtol=1e-12, atol=1e-15)


def test_korean_files_in_their_own_encoding(tmp_path):
    text = "시간 (초),전압 (V),스택 압력 (MPa),하중 (kN)\n0,3.4,50,3.9\n60,3.5,51,4\n"
    for encoding in ("utf-8", "cp949"):
        series = read(tmp_path, text, encoding=encoding)
        assert_allclose(series.stack_pressure, [5e7, 5.1e7])
        assert_allclose(series.stack_force, [3900.0, 4000.0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Zeit;Spannung;Strom\n0;3,4;1\n1;3,5;1\n",
            "columns 'Zeit', 'Spannung', 'Strom' have no unit",
        ),
        (
            "Date\tVoltage (V)\n10/03/2024 23:30\t3.4\n11/03/2024 00:30\t3.5\n",
            "day or the month",
        ),
        ("Time (s)\tForce (N)\n0\t3,925\n60\t3,927\n", "no column besides the time"),
        ("Time (s)\tVoltage (V)\n0\t3,925\n60\t3,927\n", "may be a decimal or a thousand"),
        ("Time (s);Voltage (V)\n0;3.1\n60;3,2\n70;3,3\n", "mixes 1 decimal points and 2"),
        ("0,3.4\n60,3.5\n", "named by their place in a mapping file"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_a_remedy(tmp_path, text, message):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "mapping", "expected"),
    [
        (
            "Date\tV (V)\n10/03/2024 23:30\t3\n11/03/2024 00:30\t3\n",
            "dates: day first\n\n",
            {T: [0, 3600]},
        ),
        ("Time (s)\tU (V)\n0\t3,925\n60\t3,927\n", "decimal: comma\n\n", {V: [3.925, 3.927]}),
        ("Time (s)\tF (N)\n0\t3,925\n60\t3,927\n", "decimal: point\n\n", {FORCE: [3925, 3927]}),
        (
            "0,3.4\n60,3.5\n",
            "columns:\n  Test Time: {column: 1, unit: s}\n  Voltage: {column: 2, unit: V}\n",
            {T: [0, 60], V: [3.4, 3.5]},
        ),
        ("Time (s),Load (kN)\n0,3.5\n60,7\n", "area: 1.25 cm2\n\n", {P: [2.8e7, 5.6e7]}),
        ("Time (s),j (mA/cm2)\n0,2\n60,-2\n", "area: 0.5 cm2\n\n", {A: [1e-3, -1e-3]}),
        (
            "Time (s),Q (mAh/g)\n0,0\n60,150\n",
            "mass: 10 mg\n\n",
            {"Step Capacity / C": [0, 5.4]},
        ),
        (
            "Time (s),Im(M),Voltage (V)\n0,5,3\n60,7,3\n",
            "columns:\n  Current: {column: Im(M), unit: mA}\n",
            {A: [5e-3, 7e-3]},
        ),
    ],
)  # fmt: skip
def test_a_mapping_file_decides(tmp_path, text, mapping, expected):
    series = read(tmp_path, text, mapping)
    for column, values in expected.items():
        assert_allclose(series.columns[column], values, rtol=1e-12)


def test_a_force_without_an_area_is_no_pressure(tmp_path):
    series = read(tmp_path, "Time (s),Force (N)\n0,785\n60,785\n")
    assert P not in series.columns
    assert "say 'diameter: 10 mm' or 'area: 0.785 cm2'" in " ".join(series.notes)


def test_a_column_nobody_needs_never_refuses_a_file(tmp_path):
    text = "Time (s),Voltage (V),Temp,Pressure (furlong),Cycle,Date\n"
    text += "0,3.4,25,1,x,10/03/2024 23:30\n60,3.5,25,1,y,11/03/2024 00:30\n"
    series = read(tmp_path, text)
    assert set(series.columns) == {T, V}
    stated = " ".join(series.notes)
    for part in (
        "'Temp' has no unit",
        "'furlong' is none of",
        "'Cycle' holds no",
        "dates: day",
    ):
        assert part in stated


def test_the_report_lists_every_candidate_and_the_choice(tmp_path):
    text = (
        "Time (s),Voltage (V),Chamber pressure (bar),P_stack (MPa),Note\n0,3,1,5,a\n9,3,1,5,b\n"
    )
    series = read(tmp_path, text)
    assert_array_equal(series.stack_pressure, [5e6, 5e6])
    lines = series.reading.lines()
    assert "Surface Pressure / Pa <- 'P_stack (MPa)' in MPa, word" in lines
    beaten = "not Surface Pressure / Pa: 'Chamber pressure (bar)' in bar: 'P_stack (MPa)'"
    assert any(line.startswith(beaten) for line in lines)
    assert "not used: 'Note'" in lines


def test_a_late_piece_decides_the_whole_column(tmp_path, monkeypatch):
    """The first rows of a long file show no comma."""
    monkeypatch.setattr("lithomech.observe.readers.table.PIECE", 100)
    rows = [f"{k};{3 if k < 450 else '3,5'}" for k in range(500)]
    series = read(tmp_path, "\n".join(["Time (s);Voltage (V)", *rows]))
    assert_array_equal(series.voltage, np.where(np.arange(500) < 450, 3.0, 3.5))
