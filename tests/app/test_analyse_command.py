"""`lithomech analyse` through the command line: every verb on its example and on a result."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from PIL import Image

import lithomech
from lithomech.app import cli
from lithomech.materials.load import load_material
from lithomech.observe.timeseries import TimeSeries
from oracles import measured

EXAMPLES = Path(lithomech.__file__).parent / "examples" / "measured"
SAMPLE = ["--diameter", "10 mm", "--thickness", "100 um", "--separators", "100 ohm"]
PHASE = ["--conductivity", "2 mS/cm", "--share", "50 %"]
PARTICLE = ["--particle-diameter", "4 um"]
VERBS = {
    "pressiometry": ["pressiometry.mpt", "--mapping", str(EXAMPLES / "pressiometry.yaml")],
    "gitt": [
        "gitt_liquid.csv",
        str(EXAMPLES / "gitt_solid.csv"),
        "--particle-diameter",
        "4 um",
    ],
    "eis": ["spectra.csv"],
    "polarization": [
        "polarization.csv",
        *SAMPLE,
        "--conductivity",
        "2 mS/cm",
        "--share",
        "50 %",
    ],
    "rate": ["rate.csv"],
    "cycles": ["cycles.csv", "--mass", "10 mg", "--diameter", "13 mm"],
    "cracks": ["section.png"],
    "acoustic": ["hits.pridb", "--cell", str(EXAMPLES / "hits_cell.csv")],
}
LONG = "pressiometry", "gitt", "eis", "cycles"  # the others do for their folder every day
CELLS = "rate_test_td_i", "impedance_pressure", "ncm811_lpscl_graphite", "ncm811_lpscl_lto"
PICTURES = {
    "pressiometry": {"slopes", "signal"},
    "gitt": {"diffusivities", "comparison"},
    "eis": {"overview"},
    "polarization": {"holds"},
    "rate": {"discharge_times"},
    "cycles": {"overview", "voltage_curves", "differential_capacity"},
    "cracks": {"overlay"},
    "acoustic": {"activity"},
}


def analysed(verb, *words, capsys):
    """What the verb prints as JSON."""
    first, *rest = words or VERBS[verb]
    source = first if Path(first).is_absolute() else EXAMPLES / first
    code = cli.main(["analyse", verb, str(source), *map(str, rest), "--json"])
    return code, json.loads(capsys.readouterr().out)


def value(reported, name):
    return next(q["value"] for q in reported["quantities"] if q["name"] == name)


@pytest.mark.parametrize(
    "verb",
    [pytest.param(verb, marks=pytest.mark.deep if verb in LONG else ()) for verb in VERBS],
)
def test_every_verb_writes_its_folder(verb, tmp_path, capsys):
    first, *rest = VERBS[verb]
    out = tmp_path / "out"
    words = ["analyse", verb, str(EXAMPLES / first), *rest, "--out", str(out)]
    assert cli.main(words) == 0
    reported = capsys.readouterr().out
    assert "completed" in reported
    assert str(out / "report.html") in reported.replace("\n", "")
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "<img" in page
    assert "http" not in page.replace("http-equiv", "")  # nothing to load
    for name in PICTURES[verb]:
        low, high = Image.open(out / "figures" / f"{name}.png").convert("L").getextrema()
        assert high - low > 120
    numbers = json.loads((out / "analysis.json").read_text(encoding="utf-8"))
    assert numbers["status"] == "completed"
    assert list((out / "tables").glob("*.csv"))
    digest = hashlib.sha256((EXAMPLES / first).read_bytes()).hexdigest()
    assert numbers["files"][0] == {"file": first, "sha256": digest}
    assert digest[:16] in page
    assert cli.main(words) == 0  # over its own output


def test_truth_of_the_examples(capsys):
    """What the files were made with, in the tolerances of the analyses' own tests."""
    _, reported = analysed("gitt", capsys=capsys)
    pulses = reported["tables"]["gitt_liquid, pulses"]
    assert_allclose(pulses["D_app of a sphere / m^2 s^-1"][1], 1e-15 / 1.1, rtol=0.02)
    # above 3.75 V the liquid reaches twice the area
    ratio = reported["tables"]["gitt_liquid over gitt_solid"]
    area = np.interp([3.65, 3.85], ratio["Voltage / V"], ratio["ratio of the areas"])
    assert_allclose(area, [1.0, 2.0], rtol=0.02)
    _, reported = analysed("eis", capsys=capsys)
    assert_allclose(value(reported, "R1"), 30.0, rtol=0.01)
    assert_allclose(value(reported, "R2"), 55.0, rtol=0.01)
    _, reported = analysed("polarization", capsys=capsys)
    assert_allclose(value(reported, "Resistance"), 500.0, rtol=0.005)
    _, reported = analysed("rate", capsys=capsys)
    assert_allclose(value(reported, "Transition current"), 4.0, rtol=0.03)
    _, reported = analysed("cracks", capsys=capsys)
    _, particle, crack = measured.section_image(3, 400, particles=11, cracks=3)
    truth = 100.0 * crack.sum() / particle.sum()
    assert_allclose(value(reported, "Crack area in particles"), truth, rtol=0.1)
    _, reported = analysed("acoustic", capsys=capsys)
    assert_allclose(
        [value(reported, f"Hits of band {k}") for k in (1, 2, 3)], [220, 150, 90], atol=3
    )


SLOW = 1.72e-15  # m2/s at half filling: a pulse is short against R^2/D


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Simulated cells and a composite, as `run` and `structure` leave them."""
    folder = tmp_path_factory.mktemp("results")
    cells = EXAMPLES.parent
    text = (cells / "ncm88_lpscl_liin.yaml").read_text(encoding="utf-8")
    pulses = "  - GITT charge at 0.1C, 10 min pulses, 2 hour rests, until 4.0 V\n"
    slow = f"materials: {{ncm88: {{diffusivity: {SLOW} m2/s}}}}\n"
    begun = text[: text.index("protocol:")] + slow
    (folder / "gitt.yaml").write_text(f"{begun}protocol:\n{pulses}")
    names = (
        "ncm88_lpscl_liin",
        "rate_test_td_i",
        "impedance_pressure",
        "ncm811_lpscl_graphite",
        "ncm811_lpscl_lto",
    )
    for source in (folder / "gitt.yaml", *(cells / f"{name}.yaml" for name in names)):
        (folder / source.stem).mkdir()
        lithomech.run(lithomech.load_cell(source)).save(folder / source.stem / "result.nc")
    spec = ["--seeds", "1", "--set", "box=14 um", "--set", "voxel_size=0.4 um"]
    out = ["--out", str(folder / "composite")]
    assert cli.main(["structure", str(cells / "table3_70_30.yaml"), *spec, *out]) == 0
    return folder


def test_every_verb_on_a_simulated_result(results, capsys):
    capsys.readouterr()
    reference = ["--reference", results / "ncm811_lpscl_lto" / "result.nc"]
    graphite = results / "ncm811_lpscl_graphite" / "result.nc"
    code, reported = analysed("pressiometry", graphite, *reference, capsys=capsys)
    assert code == 0
    assert value(reported, "Charge 1, pressure change") > 100.0  # graphite grows
    code, reported = analysed("rate", results / "rate_test_td_i" / "result.nc", capsys=capsys)
    assert code == 0
    assert -1.1 < value(reported, "Slope below") < -0.9
    assert value(reported, "Slope above") < -1.5
    cell = results / "impedance_pressure" / "result.nc"
    code, reported = analysed("eis", cell, "--circuit", "R0-p(R1,Q1)-Wo1", capsys=capsys)
    assert code == 0
    pressures = reported["tables"]["parameters"]["stack_pressure_Pa"]
    assert_allclose(pressures, [20e6, 7e6, 3e6], rtol=0.01)
    assert np.all(np.diff(reported["tables"]["parameters"]["R1 / ohm"]) > 0.0)  # contacts open
    code, reported = analysed(
        "acoustic", results / "ncm88_lpscl_liin" / "result.nc", capsys=capsys
    )
    assert code == 0
    assert value(reported, "Hits") == 300
    composite = results / "composite" / "structure.nc"
    code, reported = analysed("cracks", composite, capsys=capsys)
    assert code == 0
    # grains are whole; pores between those that touch all around look like cracks
    assert value(reported, "Crack area in particles") < 2.0


def test_cycles_of_a_result_are_those_of_its_own_table(results, capsys):
    """Pressures and charges of constant currents to rounding; holds to the trapezoids' 2e-4."""
    path = results / "ncm88_lpscl_liin" / "result.nc"
    code, reported = analysed("cycles", path, capsys=capsys)
    assert code == 0
    table = reported["tables"]["cycles"]
    own = lithomech.load_result(path).cycles
    assert table["cycle"] == [1, 2]
    assert reported["reason"] == "2 complete cycles, with their own numbers"
    shared = [key for key in own[0] if key in table]
    assert len(shared) == 13
    for key in shared:
        exact = "discharge_capacity" in key or "pressure" in key
        assert_allclose(table[key], [cycle[key] for cycle in own], rtol=1e-8 if exact else 3e-4)


def test_cycles_of_several_files_stand_side_by_side(tmp_path):
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    for path in (one, other):
        path.write_bytes((EXAMPLES / "cycles.csv").read_bytes())
    out = tmp_path / "out"
    assert cli.main(["analyse", "cycles", str(one), str(other), "--out", str(out)]) == 0
    assert (out / "tables" / "a_cycles.csv").is_file()
    assert (out / "figures" / "cycles.png").is_file()


def test_table_of_the_cycles_on_the_screen(tmp_path, capsys):
    words = ["analyse", "cycles", str(EXAMPLES / "cycles.csv"), "--out", str(tmp_path / "out")]
    assert cli.main([*words, "--mass", "10 mg"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == [
        "Cycle", "Charge", "Discharge", "CE", "EE", "Charge", "Discharge", "P", "swing", "P",
        "drift",
    ]  # fmt: skip
    assert lines[3].split()[:5] == ["1", "203.2", "197.1", "97.00", "95.18"]
    assert lines[7].split() == ["5", "208.0", "–", "–", "–", "3.692", "–", "500", "–"]


def test_polarization_of_a_composite_is_its_tortuosity_factor(results, capsys):
    """From currents and the same definition; the solids of grains and voxels agree to 5e-4."""
    composite = results / "composite" / "structure.nc"
    code = cli.main(["analyse", "polarization", str(composite), "--json"])
    reported = json.loads(capsys.readouterr().out)
    assert code == 0
    known = lithomech.load_effective(composite)
    tau2 = float(known.mean("tortuosity_factor_ionic")[0])
    assert_allclose(value(reported, "Tortuosity factor"), tau2, rtol=1e-3)


@pytest.mark.deep
def test_gitt_of_a_simulated_cell_finds_its_diffusivity(results, capsys):
    """The library's D(x), less what partial contact and cracks take.

    A single sphere knows neither, nor the porous electrode; so the factor is wide.
    """
    code, reported = analysed("gitt", results / "gitt" / "result.nc", capsys=capsys)
    assert code == 0
    table = reported["tables"]["pulses"]
    sure = np.array([not doubt for doubt in table["doubts"]])
    voltage = np.array(table["Voltage / V"], float)
    assert sure[voltage > 3.7].mean() > 0.7
    chosen = sure & (voltage > 3.7)
    apparent = np.array(table["D_app of a sphere / m^2 s^-1"], float)[chosen]
    host = load_material("ncm88")
    x = np.linspace(0.3, 0.9, 6001)
    potential = host.curve("open_circuit_potential")(x)
    there = np.interp(voltage[chosen], potential[::-1], x[::-1])
    D = SLOW * host.curve("diffusivity_shape")(there)
    assert 0.4 < np.median(apparent / D) < 1.0


def test_impedance_within_a_window_and_per_area(capsys):
    """At 2 cm2 every resistance is twice its number of ohms, and the unit says so."""
    words = ("spectra.csv", "--circuit", "R0-Q1", "--frequencies", "100 kHz,1 kHz")
    code, plain = analysed("eis", *words, capsys=capsys)
    assert code == 0
    _, per_area = analysed("eis", *words, "--area", "2 cm2", capsys=capsys)
    f = plain["tables"]["spectra"]["Frequency / Hz"]
    assert 1e3 <= min(f) <= max(f) <= 1e5
    assert_allclose(value(per_area, "R0"), 2.0 * value(plain, "R0"), rtol=1e-3)
    units = {q["name"]: q["unit"] for q in per_area["quantities"]}
    assert (units["R0"], units["Q1"]) == ("ohm cm2", "S s^n/cm2")
    assert "Real Impedance / Ohm cm2" in per_area["tables"]["spectra"]


@pytest.mark.parametrize(
    ("words", "reported"),
    [
        (["eis", "none.z"], "no such file"),
        (["eis", "spectra.csv", "--circuit", "R0-X"], "unexpected 'X'"),
        (["eis", "spectra.csv", "--frequencies", "1 Hz"], "two frequencies, such as"),
        (["eis", "spectra.csv", "--frequencies", "1 GHz,2 GHz"], "0 of 43 points lie between"),
        (["eis", "spectra.csv", "--area", "0 cm2"], "the area must be positive"),
        (["eis", "rate.csv"], "no frequency"),
        (["gitt", "gitt_solid.csv"], "--particle-diameter is missing"),
        (["gitt", "gitt_solid.csv", "--particle-diameter", "4 kg"], "--particle-diameter"),
        (["gitt", "rate.csv", "--particle-diameter", "4 um"], "no current pulse"),
        (["polarization", "polarization.csv"], "--diameter and --thickness are needed"),
        (["polarization", "polarization.csv", *SAMPLE, "--errors", "1"], "three shares"),
        (["cycles", "cycles.csv", "--mass", "0 mg"], "--mass: '0 mg' is not above 0 kg"),
        (["cycles", "cycles.csv", "--window", "1 s"], "--window"),
        (["cycles", "cycles.csv", "--area", "1 cm2", "--diameter", "1 cm"], "one of them"),
        (["cracks", "section.png", "--crop", "all"], "allowed: rows and columns"),
        (["cracks", "section.png", "--crop", "10,10"], "32 x 32 or more"),
        (["cracks", "rate.csv"], "allowed: .bmp, .png, .tif, .tiff"),
        (["acoustic", "hits.pridb", "--edges", "3 kg"], "a frequency"),
        (["acoustic", "rate.csv"], "no columns Time and Peak frequency"),
        (["rate", "hits.csv"], "no such file"),
        (["rate", "spectra.csv"], "no column holds a time"),
        (["pressiometry", "rate.csv"], "no column 'Surface Pressure / Pa'"),
        (["pressiometry", "pressiometry.mpt"], "no column 'Surface Pressure / Pa'"),
    ],
)
def test_mistakes_are_one_line_and_leave_nothing(
    words, reported, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    verb, name, *rest = words
    assert cli.main(["analyse", verb, str(EXAMPLES / name), *rest]) == 2
    captured = capsys.readouterr()
    assert reported in captured.err
    assert name in captured.err or "--" in captured.err  # the file or the option
    assert captured.err.count("\n") == 1
    assert captured.out == ""
    assert not list(tmp_path.iterdir())


def test_a_folder_of_something_else_is_not_touched(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("kept")
    words = ["analyse", "rate", str(EXAMPLES / "rate.csv"), "--out", str(tmp_path)]
    assert cli.main(words) == 2
    assert "something other than an analysis" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_no_answer_is_exit_code_1(tmp_path, capsys):
    t, u, i = measured.polarisation(500.0, tail=7200.0)
    rows = "\n".join(f"{a},{b},{c}" for a, b, c in zip(t, u, i, strict=True))
    path = tmp_path / "slow.csv"
    path.write_text(f"Test Time / s,Voltage / V,Current / A\n{rows}\n")
    code, reported = analysed("polarization", path, *SAMPLE, capsys=capsys)
    assert code == 1
    assert reported["status"] == "not converged"


@pytest.mark.deep
def test_a_run_is_drawn_over_a_measurement(results, tmp_path, capsys):
    """A measured file that is the run itself, 5 mV higher."""
    capsys.readouterr()
    run = lithomech.load_result(results / "ncm811_lpscl_lto" / "result.nc")
    higher = {**run.series.columns, "Voltage / V": run.series.voltage + 5e-3}
    TimeSeries(higher).to_bdf(tmp_path / "measured.csv")
    out, cell = tmp_path / "out", EXAMPLES.parent / "ncm811_lpscl_lto.yaml"
    words = ["run", str(cell), "--compare", str(tmp_path / "measured.csv")]
    assert cli.main([*words, "--out", str(out)]) == 0
    assert "Voltage, simulated less measured" in capsys.readouterr().out
    assert (out / "figures" / "comparison.png").is_file()
    assert "Simulated over measured" in (out / "report.html").read_text(encoding="utf-8")
    assert cli.main([*words, "--json"]) == 0
    reported = json.loads(capsys.readouterr().out)["comparison"]
    assert_allclose(value(reported, "Voltage, simulated less measured"), 5.0, rtol=1e-3)
    assert cli.main([*words[:-1], str(tmp_path / "none.csv"), "--json"]) == 2
    assert "no such file" in capsys.readouterr().err


def test_a_data_bar_is_cropped_and_verbs_are_listed(capsys):
    """Half of the picture has other particles than all of it."""
    _, whole = analysed("cracks", capsys=capsys)
    _, part = analysed("cracks", "section.png", "--crop", "200,400", capsys=capsys)
    assert value(part, "Particles") < value(whole, "Particles")
    assert cli.main(["analyse"]) in {0, 2}
    assert "pressiometry" in capsys.readouterr().out


@pytest.mark.deep
def test_warnings_are_one_line_each(tmp_path, monkeypatch, capsys):
    """A spectrum that drifts, and a table with commas, on a narrow terminal."""
    monkeypatch.setenv("COLUMNS", "60")
    frequency = np.geomspace(1e5, 1e-2, 36)
    drift = 1.0 + 0.3 * np.linspace(0.0, 1.0, 36) ** 2
    z = 10.0 + 50.0 * drift / (1.0 + 2j * np.pi * frequency * 50.0 * drift * 1e-4)
    spoiled = z + 4.0 * np.sin(np.arange(36.0))  # breaks Kramers and Kronig's relations
    rows = [f"{f},{p.real},{-p.imag}" for f, p in zip(frequency, spoiled, strict=True)]
    path = tmp_path / "drifting.csv"
    path.write_text("\n".join(["Frequency / Hz,Z' / Ohm,-Z'' / Ohm", *rows]) + "\n")
    words = ["analyse", "eis", str(path), "--circuit", "R0-p(R1,C1)"]
    cli.main([*words, "--out", str(tmp_path / "eis")])
    lines = [s for s in capsys.readouterr().out.splitlines() if s.startswith("warning: ")]
    verdict = json.loads((tmp_path / "eis" / "analysis.json").read_text())["warnings"]
    assert verdict
    assert lines == [f"warning: {text}" for text in verdict]
    rate = tmp_path / "rate.csv"
    text = (EXAMPLES / "rate.csv").read_text().replace(",", ";").replace(".", ",")
    rate.write_text(text)
    assert cli.main(["analyse", "rate", str(rate), "--out", str(tmp_path / "rate")]) == 0
    assert "warning: decimal commas" in capsys.readouterr().out.splitlines()


def test_a_packaged_file_is_read_by_name(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["analyse", "rate", "measured/rate.csv", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["file"] == "rate.csv"
