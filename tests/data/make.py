"""Write a tiny file of every format, from what its makers publish of it.

`python tests/data/make.py` from the root; the numbers are those of tests/oracles/measured.py.
It also writes the files that `lithomech analyse` has as examples.
"""

import sqlite3
import sys
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
EXAMPLES = ROOT / "src" / "lithomech" / "examples" / "measured"
sys.path.insert(0, str(ROOT / "tests"))

from data.dialects import spectra_of_dialects  # noqa: E402
from oracles import measured  # noqa: E402

UNIX = 1790000000.0  # of the first row


def comma(value, digits=6):
    return f"{value:.{digits}f}".replace(".", ",")


def clock(seconds, digits=3):
    hours, rest = divmod(seconds, 3600.0)
    minutes, rest = divmod(rest, 60.0)
    return f"{int(hours):02d}:{int(minutes):02d}:{rest:0{3 + digits}.{digits}f}"


def date(seconds, pattern="%Y-%m-%d %H:%M:%S"):
    stamp = np.datetime64(int(UNIX + seconds), "s").astype(object)
    return stamp.strftime(pattern)


def cycling():
    """Forty rows of a charge, a rest and a discharge."""
    test = measured.pressure_test(hours=1.0, rows=18)
    return measured.spoiled(test, 1, noise=0.0, hourly=0.0)


def text(folder, name, lines, encoding="utf-8", ending="\n"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes((ending.join(lines) + ending).encode(encoding))


def bdf(folder):
    t = cycling()
    head = (
        "Test Time / s,Voltage / V,Current / A,Unix Time / s,Cycle Count / 1,Step Count / 1,"
        "Ambient Temperature / degC,Surface Pressure / Pa"
    )
    rows = [
        f"{a:.3f},{v:.5f},{i:.8f},{UNIX + a:.3f},{c},{s},{k - 273.15:.2f},{p:.1f}"
        for a, i, v, p, c, s, k in zip(*t, strict=True)
    ]
    text(folder, "cycling.bdf.csv", [head, *rows])


def semicolons(folder):
    t = cycling()
    rows = [
        f"{comma(a / 60, 4)};{comma(v * 1e3, 2)};{comma(-i * 1e3, 5)};{comma(0.5 + p / 1e7, 6)}"
        for a, i, v, p, *_ in zip(*t, strict=True)
    ]
    head = ["Prüfstand 3", "", "Zeit;Spannung;Strom;Kraftmessdose"]
    text(folder, "semicolons.csv", head + rows, "latin-1", "\r\n")
    mapping = """\
columns:
  Test Time: {column: Zeit, unit: min}
  Voltage: {column: Spannung, unit: mV}
  Current: {column: Strom, unit: mA}
  Stack Force: {column: Kraftmessdose, unit: V, slope: 785.398163 N/V, zero: 0.5 V}
positive_current: discharge
diameter: 10 mm
"""
    text(folder, "semicolons.yaml", mapping.splitlines())


def ec_lab(folder, name="cycling.mpt", t=None):
    t = cycling() if t is None else t
    names = ["mode", "Ns", "time/s", "Ewe/V", "I/mA", "Analog IN 1/V", "cycle number"]
    head = [
        "EC-Lab ASCII FILE",
        "Nb header lines : 9                          ",
        "",
        "Galvanostatic Cycling with Potential Limitation",
        "",
        "Acquisition started on : 11/25/2026 09:00:00.000",
        "Comments : force sensor at Analog IN 1, 20 N/V·µ",
        "",
        "\t".join(names) + "\t",
    ]
    rows = [
        "\t".join(
            [
                "1" if i else "3",
                str(s),
                f"{a:.6E}".replace(".", ","),
                f"{v:.5E}".replace(".", ","),
                f"{i * 1e3:.6E}".replace(".", ","),
                f"{p / 1e6:.5E}".replace(".", ","),
                f"{c:.6E}".replace(".", ","),
            ]
        )
        for a, i, v, p, c, s, _ in zip(*t, strict=True)
    ]
    text(folder, name, head + rows, "latin-1", "\r\n")


def neware(folder):
    t = cycling()
    kind = {1: "CC Chg", 2: "Rest", 3: "CC DChg", 4: "Rest"}
    start = {s: t.time[t.step == s][0] for s in np.unique(t.step)}
    head = (
        "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(A),Voltage(V),"
        "Chg. Cap.(Ah),DChg. Cap.(Ah),Date"
    )
    rows = [
        f"{n},{c},{s},{kind[s]},{clock(a - start[s])},{clock(a)},{i:.7f},{v:.4f},0,0,{date(a)}"
        for n, (a, i, v, p, c, s, _) in enumerate(zip(*t, strict=True), 1)
    ]
    text(folder, "neware.csv", [head, *rows], "utf-8-sig")


def arbin(folder):
    t = cycling()
    head = (
        "Data_Point,Date_Time,Test_Time(s),Step_Time(s),Step_Index,Cycle_Index,Current(A),"
        "Voltage(V),Charge_Capacity(Ah),Discharge_Capacity(Ah),Aux_Temperature_1(C)"
    )
    rows = [
        f"{n},{date(a, '%m/%d/%Y %H:%M:%S')},{a:.4f},{a:.4f},{s},{c},{i:.8f},{v:.5f},0,0,25.0"
        for n, (a, i, v, p, c, s, _) in enumerate(zip(*t, strict=True), 1)
    ]
    text(folder, "arbin.csv", [head, *rows])


def maccor(folder):
    t = cycling()
    state = {1: "C", 2: "R", 3: "D", 4: "R"}
    head = [
        "Today's Date\t11/25/2026\tDate of Test:\t11/24/2026\tFilename:\tcell.001",
        "Rec#\tCyc#\tStep\tTest (Sec)\tStep (Sec)\tAmp-hr\tWatt-hr\tAmps\tVolts\tState\tES\t"
        "DPt Time",
    ]
    rows = [
        f"{n}\t{c}\t{s}\t{a:.2f}\t{a:.2f}\t0.0\t0.0\t{abs(i):.8f}\t{v:.5f}\t{state[s]}\t1\t"
        f"{date(a, '%m/%d/%Y %H:%M:%S')}"
        for n, (a, i, v, p, c, s, _) in enumerate(zip(*t, strict=True), 1)
    ]
    text(folder, "maccor.txt", head + rows)


def logger(folder):
    t = cycling()
    rows = [f"{date(a - 90)},{p / 1e6:.5f}" for a, i, v, p, *_ in zip(*t, strict=True)]
    text(folder, "logger.csv", ["Date Time,Stack pressure (MPa)", *rows])


CIRCUIT = "R0-p(R1,Q1)-p(R2,Q2)"
VALUES = (12.0, 30.0, 2e-7, 0.92, 55.0, 4e-5, 0.88)


def spectrum(points=43, seed=0):
    f = np.geomspace(1e6, 1e-1, points)
    z = measured.impedance(CIRCUIT, f, VALUES)
    z += 250.0 * 0.02 / np.sqrt(2j * np.pi * f) * 2  # a slope towards low frequency
    chance = np.random.default_rng(seed)
    error = chance.standard_normal((2, points))
    return f, z + 2e-3 * np.abs(z) * (error[0] + 1j * error[1])


def spectra(folder):
    f, z = spectrum()
    rows = [
        f"{a:.6E}, 0.0, 0.0, {n}.0, {b.real:.6E}, {b.imag:.6E}, 0.0, 0, 1"
        for n, (a, b) in enumerate(zip(f, z, strict=True))
    ]
    head = [
        "ZPLOT2 ASCII",
        "Date: 11-25-2026",
        "Freq(Hz)  Ampl  Bias  Time(Sec)  Z'(a)  Z''(b)",
        "End Comments",
    ]
    text(folder, "spectrum.z", head + rows)
    rows = [
        f"\t{n}\t{n}.0\t{a:.6e}\t{b.real:.6e}\t{b.imag:.6e}\t0\t{abs(b):.6e}\t0\t0\t0"
        for n, (a, b) in enumerate(zip(f, z, strict=True))
    ]
    head = [
        "EXPLAIN",
        "TAG\tEISPOT",
        "TITLE\tLABEL\tPotentiostatic EIS\tTest &Identifier",
        "ZCURVE\tTABLE",
    ]
    names = "\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc"
    units = "\t#\ts\tHz\tohm\tohm\tV\tohm\t°\tA\tV"
    text(folder, "spectrum.DTA", [*head, names, units, *rows], "latin-1", "\r\n")
    text(
        folder,
        "spectrum.csv",
        ["Frequency / Hz,Real Impedance / Ohm,Imaginary Impedance / Ohm"]
        + [f"{a:.6g},{b.real:.6g},{b.imag:.6g}" for a, b in zip(f, z, strict=True)],
    )
    head = [
        "EC-Lab ASCII FILE",
        "Nb header lines : 5",
        "",
        "Potentio Electrochemical Impedance Spectroscopy",
        "freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t|Z|/Ohm\ttime/s\tcycle number\t",
    ]
    rows = []
    for cycle in (1, 2):
        rows += [
            f"{a:.6E}\t{cycle * b.real:.6E}\t{-cycle * b.imag:.6E}\t0.0\t{cycle}.0\t"
            f"{cycle}.0".replace(".", ",")
            for a, b in zip(f, z, strict=True)
        ]
        rows.append("0,0\t0,0\t0,0\t0,0\t9,0\t1,0")  # between two sweeps
    text(folder, "spectra.mpt", head + rows, "latin-1", "\r\n")


def pictures(folder, size=160):
    picture, *_ = measured.section_image(3, size, particles=4, cracks=2)
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(folder / "section.png")
    Image.fromarray(picture).save(folder / "section.tif")


def acoustic(folder, counts=(22, 15, 9)):
    folder.mkdir(parents=True, exist_ok=True)
    time, frequency, amplitude, energy, _ = measured.hits(5, counts)
    for name in ("hits.pridb", "hits.trfdb"):
        (folder / name).unlink(missing_ok=True)
    adc = 1e-6 * 1e6  # microvolt per count
    with sqlite3.connect(folder / "hits.pridb") as base:
        base.execute("CREATE TABLE ae_globalinfo (Key UNIQUE, Value)")
        base.execute("INSERT INTO ae_globalinfo VALUES ('TimeBase', 10000000)")
        base.execute(
            "CREATE TABLE ae_params (ID INTEGER PRIMARY KEY, SetupID INT, Chan INT,"
            ' "ADC_µV" REAL, ADC_TE REAL, ADC_SS REAL)'
        )
        base.execute("INSERT INTO ae_params VALUES (1, 1, 1, ?, 1.0, 1.0)", (adc,))
        base.execute(
            "CREATE TABLE ae_data (SetID INTEGER PRIMARY KEY, SetType INT, Time INT, Chan INT,"
            " Status INT, ParamID INT, Thr INT, Amp INT, RiseT INT, Dur INT, Eny INT, SS INT,"
            " RMS INT, Counts INT, TRAI INT)"
        )
        for n, (t, f, a, e) in enumerate(
            zip(time, frequency, amplitude, energy, strict=True), 1
        ):
            length = 4e-4
            row = (n, 2, int(t * 1e7), 1, 0, 1, 20, int(a * 1e6 / adc), 100, int(length * 1e7))
            base.execute(
                f"INSERT INTO ae_data VALUES ({','.join('?' * 15)})",
                (*row, int(e), 0, 0, round(f * length), n),
            )
        base.execute("INSERT INTO ae_data VALUES (99999, 3, 0, 1, 0, 1, 0,0,0,0,0,0,0,0,0)")
    with sqlite3.connect(folder / "hits.trfdb") as base:
        base.execute("CREATE TABLE trf_data (TRAI INT UNIQUE, FFT_CoG REAL, FFT_FoM REAL)")
        base.execute("CREATE TABLE trf_fieldinfo (field, SetTypes, Unit)")
        base.execute("INSERT INTO trf_fieldinfo VALUES ('FFT_FoM', 2, '[kHz]')")
        base.executemany(
            "INSERT INTO trf_data VALUES (?, ?, ?)",
            [(n, f / 1e3, f / 1e3) for n, f in enumerate(frequency.tolist(), 1)],
        )
    rows = [
        f"{t:.3f},{f:.1f},{1e3 * a:.5f},{e:.4g}"
        for t, f, a, e in zip(time, frequency, amplitude, energy, strict=True)
    ]
    text(folder, "hits.csv", ["Time (s),Peak frequency (Hz),Amplitude (mV),Energy (eu)", *rows])


def write_formats(folder):
    for make in (
        bdf,
        semicolons,
        ec_lab,
        neware,
        arbin,
        maccor,
        logger,
        spectra,
        lambda place: spectra_of_dialects(place, text, *spectrum()),
        pictures,
        acoustic,
    ):
        make(folder)


def series(folder, name, columns, digits=6):
    rows = zip(*columns.values(), strict=True)
    lines = [",".join(f"{v:.{digits}g}" for v in row) for row in rows]
    text(folder, name, [",".join(columns), *lines])


def examples(folder):
    """What `lithomech analyse` is shown with; the truth of each is in tests/oracles."""
    test = measured.spoiled(measured.pressure_test(rows=400, cycles=2), 1)
    ec_lab(folder, "pressiometry.mpt", test)
    mapping = ["columns:", "  Surface Pressure:"]
    mapping += ["    {column: Analog IN 1/V, unit: V, slope: 1 MPa/V}  # of the force sensor"]
    text(folder, "pressiometry.yaml", mapping)
    for name, lithium in (("gitt_solid.csv", 1.0), ("gitt_liquid.csv", 4.0)):
        # above 3.75 V a liquid wets cracks: more area takes part
        d = 1e-15 * np.where(np.arange(12) < 4, 1.0, lithium) / (1 + 0.1 * np.arange(12))
        t, i, v = measured.gitt(d, pulses=12, seed=2)
        series(folder, name, {"Test Time / s": t, "Current / A": i, "Voltage / V": v}, 7)
    f, z = spectrum()
    columns = {"freq/Hz": [], "Re(Z)/Ohm": [], "-Im(Z)/Ohm": [], "cycle number": []}
    for cycle, grown in ((1, 1.0), (10, 1.3), (50, 1.9), (100, 2.6)):
        _, z = spectrum(seed=cycle)
        z = z + (grown - 1.0) * (z - z.real.min())
        for name, values in zip(columns, (f, z.real, -z.imag, cycle + 0 * f), strict=True):
            columns[name] += list(values)
    series(folder, "spectra.csv", columns)
    t, u, i = measured.polarisation(500.0)
    series(folder, "polarization.csv", {"Test Time / s": t, "Voltage / V": u, "Current / A": i})
    series(folder, "rate.csv", discharges())
    cycled = measured.cycling_test()
    columns = ("Test Time / s", "Current / A", "Voltage / V", "Surface Pressure / Pa")
    series(folder, "cycles.csv", dict(zip(columns, cycled, strict=False)), 8)
    picture, *_ = measured.section_image(3, 400, particles=11, cracks=3)
    Image.fromarray(picture).save(folder / "section.png")
    acoustic(folder, (220, 150, 90))
    for name in ("hits.csv",):
        (folder / name).unlink()
    cell = measured.pressure_test(hours=5.0, rows=120)
    kept = {
        "Test Time / s": cell.time,
        "Voltage / V": cell.voltage,
        "Current / A": cell.current,
    }
    series(folder, "hits_cell.csv", kept | {"Cycle Count / 1": cell.cycle})


def discharges():
    """A rate test: charges at one current, discharges at ten."""
    currents, times = measured.rate_test()
    t, i, v, c = [], [], [], []
    now = 0.0
    for n, (current, lasted) in enumerate(zip(currents, times, strict=True), 1):
        for sign, there, length in ((1.0, 2e-4, 36000.0), (-1.0, current, lasted)):
            share = np.linspace(0.0, 1.0, 30)
            t += list(now + share * length)
            i += list(np.full(30, sign * there))
            v += list(3.6 + 0.6 * (share if sign > 0 else 1.0 - share))
            c += [n] * 30
            now += length + 10.0
    return {"Test Time / s": t, "Current / A": i, "Voltage / V": v, "Cycle Count / 1": c}


if __name__ == "__main__":
    write_formats(HERE)
    examples(EXAMPLES)
