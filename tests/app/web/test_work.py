"""Runs, lives and files that the page asks for."""

import base64
import json
from urllib.parse import quote

import numpy as np
import pytest

from lithomech.app.web.controls import SLIDERS, settings, standing
from lithomech.app.web.presets import presets
from lithomech.app.web.work import Asked, first_text
from lithomech.errors import InputError
from lithomech.files.packaged import examples, measured
from lithomech.files.yamlfile import read_document


@pytest.fixture(scope="module")
def text():
    return first_text("ncm88_lpscl_liin")


def unpacked(column):
    return np.frombuffer(base64.b64decode(column), "<f4")


def test_a_run_answers_with_columns_of_one_length(client, text):
    result = client.json("run", {"text": text})["result"]
    columns = {name: unpacked(column) for name, column in result["columns"].items()}
    assert {column.size for column in columns.values()} == {result["rows"]}
    assert np.all(np.diff(columns["time_s"]) >= 0.0)
    assert columns["current_A"].max() > 0.0 > columns["current_A"].min()
    assert {layer["name"] for layer in result["layers"]} == {"cathode", "separator", "anode"}
    assert {unpacked(row["change_m"]).size for row in result["ledger"]} == {result["rows"]}
    for profile in result["profiles"].values():
        assert unpacked(profile["values"]).size == profile["nodes"] * len(
            result["profile_rows"]
        )
        depth = unpacked(profile["position_m"])
        assert depth.size == profile["nodes"]
        assert np.all(np.diff(depth) > 0.0)
        thickness = next(one for one in result["layers"] if one["composite"])["thickness_m"]
        assert 0.0 < depth[0] < depth[-1] < thickness
        for values in profile["across"].values():
            assert unpacked(values).size == unpacked(profile["values"]).size


def test_the_slopes_of_pressure_add_up_to_its_change(client, text):
    result = client.json("run", {"text": text})["result"]
    assert [one["is_charge"] for one in result["pressure_slopes"]] == [True, False]
    current, pressure = (
        unpacked(result["columns"][name]) for name in ("current_A", "stack_pressure_Pa")
    )
    driven = np.flatnonzero(current > 0.0)
    charge = unpacked(result["pressure_slopes"][0]["charge_C"])
    slope = unpacked(result["pressure_slopes"][0]["slope_Pa_per_C"])
    change = pressure[driven[-1]] - pressure[driven[0]]
    np.testing.assert_allclose(slope.sum() * (charge[1] - charge[0]), change, rtol=1e-2)


@pytest.mark.parametrize("name", ["oxide_thin_film", "impedance_pressure", "lco_lpscl_lto"])
def test_cells_of_all_kinds_answer(client, name):
    answer = client.json("run", {"text": first_text(name)})
    result = answer["result"]
    assert result["rows"] > 0
    assert [layer["thickness_m"] > 0.0 for layer in result["layers"]] == [True] * 3
    json.dumps(answer, allow_nan=False)


def test_a_move_is_written_into_the_text(client, text):
    answer = client.json("run", {"text": text, "moves": [["fixture.pressure", 5.0]]})
    assert answer["text"] == text.replace("pressure: 20 MPa", "pressure: 5 MPa")
    assert answer["values"]["fixture.pressure"] == 5.0
    pressure = unpacked(answer["result"]["columns"]["stack_pressure_Pa"])
    np.testing.assert_allclose(pressure[0], 5e6, rtol=1e-3)


@pytest.mark.parametrize("example", [name for name in examples() if "lpscl" in name])
def test_a_slider_left_where_it_stands_changes_no_value(example):
    data = read_document(first_text(example) + "\n").data
    values = standing(data)
    assert values["fixture.pressure"]
    for slider in SLIDERS:
        value = values.get(slider.key)
        if value is None or not slider.low <= value <= slider.high or slider.also:
            continue
        changed = Asked(first_text(example), ((slider.key, value),)).changed
        again = standing(read_document(changed + "\n").data)[slider.key]
        np.testing.assert_allclose(again, value, rtol=1e-3)


def test_a_rate_moves_every_driven_step_and_no_cut_off_current(text):
    changed = Asked(text, (("protocol.rate", 0.5), ("protocol.upper", 4.2))).changed
    steps = read_document(changed + "\n").data["protocol"][0]["steps"]
    assert steps == [
        "Charge at 0.5C until 4.2 V",
        "Hold at 4.2 V until 0.02C",
        "Rest for 1 hour",
        "Discharge at 0.5C until 2.8 V",
        "Rest for 1 hour",
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("fixture.pressure", 1e9),
        ("fixture.pressure", "5 MPa"),
        ("fixture.pressure", True),
        ("fixture.pressure", float("nan")),
        ("anode", "uranium"),
        ("no such", 1.0),
    ],
)
def test_a_move_that_cannot_be_is_an_input_error(key, value):
    with pytest.raises(InputError):
        settings({}, key, value)


def test_presets_name_examples_and_controls(client):
    keys = {one["key"] for one in client.json("start", method="GET")["controls"]}
    for preset in presets():
        assert preset["example"] in examples()
        assert preset["slider"] in keys
        data = read_document(first_text(preset["example"]) + "\n").data
        assert preset["slider"] in standing(data)


def test_a_life_streams_every_cycle_once(client, text):
    status, body, headers = client.ask("life", {"text": text, "cycles": 7})
    assert status == 200
    assert headers["content-type"].startswith("text/event-stream")
    *pieces, end = body.decode().strip().split("\n\n")
    assert end.startswith("event: end")
    data = [json.loads(piece.removeprefix("data: ")) for piece in pieces]
    assert len(data) > 1
    numbers = [piece["first"] + n for piece in data for n in range(len(piece["cycles"]))]
    assert numbers == list(range(1, 8))


@pytest.mark.parametrize("cycles", [0, -1, 10**9, "5", None, True, 1.5])
def test_a_life_of_no_possible_length_is_refused(client, text, cycles):
    assert client.ask("life", {"text": text, "cycles": cycles})[0] == 400


def test_a_life_of_a_wrong_file_says_why(client):
    _, body, _ = client.ask("life", {"text": "name: x\n", "cycles": 3})
    assert json.loads(body.decode().split("\n\n")[0].removeprefix("data: "))["mistakes"]


def test_a_measured_file_is_read(client):
    name = "measured/rate.csv"
    content = measured()[name].read_bytes()
    answer = client.json(f"measured?name={quote(name)}", content)
    assert {unpacked(column).size for column in answer["columns"].values()} == {answer["rows"]}
    assert {"time_s", "voltage_V"} <= set(answer["columns"])


def test_a_result_is_downloaded(client, text):
    status, body, headers = client.ask("export/netcdf", {"text": text})
    assert status == 200
    assert body.startswith(b"\x89HDF")
    assert headers["content-disposition"].endswith('"result.nc"')
    assert client.ask("export/exe", {"text": text})[0] == 404
