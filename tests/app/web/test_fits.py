"""Fits that the page watches."""

import base64
import json

import numpy as np
import pytest

from lithomech.app.web.kept import MOST_KEPT, keep
from lithomech.cell.spec import load_cell

STIFFNESS = 0.3  # MPa/um, with which measured/fit.csv was made (fit_your_data.md)
KEY = "fixture.stiffness"


@pytest.fixture(scope="module")
def example(client):
    return client.json("fit-example", method="GET")


def test_the_example_says_what_its_file_was_made_with(example):
    assert example["truth"].endswith(f"stiffness {STIFFNESS} MPa/um.")


@pytest.fixture
def asked(example):
    bounds = {"from": "0.1 MPa/um", "to": "1 MPa/um", "scale": "log"}
    return {
        "text": example["text"],
        "file": example["measured"]["file"],
        "noise": {"stack_pressure": "5 kPa"},
        "parameters": {KEY: bounds},
        "starts": 1,
    }


def pieces_of(client, data):
    status, body, _ = client.ask("fit", data)
    assert status == 200, body
    *pieces, end = body.decode().strip().split("\n\n")
    assert end.startswith("event: end")
    return [json.loads(piece.removeprefix("data: ")) for piece in pieces]


def test_what_the_example_chooses_can_be_chosen(client, example):
    answer = client.json("parameters", {"text": example["text"]})
    assert set(example["parameters"]) <= {one["key"] for one in answer["parameters"]}
    assert load_cell(example["text"] + "\n").protocol


def test_a_fit_comes_closer_and_recovers_what_was_put_in(client, asked):
    pieces = pieces_of(client, asked)
    misfits = [piece["best"]["misfit"] for piece in pieces if "best" in piece]
    assert misfits == sorted(misfits, reverse=True)
    found = pieces[-1]["found"]
    (row,) = found["parameters"]
    assert row["verdict"] == "determined"
    np.testing.assert_allclose(row["value"], STIFFNESS, rtol=1e-2)
    (channel,) = next(piece["channels"] for piece in pieces if "channels" in piece)
    curve, measured = (
        np.frombuffer(base64.b64decode(text), "<f4")
        for text in (found["curves"][0]["y"], channel["y"])
    )
    np.testing.assert_allclose(np.sqrt(np.mean((curve - measured) ** 2)), 5e-3, rtol=0.3)
    assert load_cell(found["fitted"]).fixture


@pytest.mark.parametrize(
    ("changes", "stated"),
    [
        ({"file": ""}, "measured file"),
        ({"file": "../../start.csv"}, "measured file"),
        ({"file": 3}, "measured file"),
        ({"noise": {}}, "noise"),
        ({"noise": {"voltage": 3}}, "noise"),
        ({"parameters": {}}, "at least one"),
        ({"parameters": {KEY: 3}}, "from, to and scale"),
        ({"starts": 10**9}, "whole number"),
        ({"starts": True}, "whole number"),
    ],
)
def test_what_is_not_chosen_is_a_line(client, asked, changes, stated):
    status, body, _ = client.ask("fit", asked | changes)
    assert status == 400
    assert stated in json.loads(body)["mistakes"][0]["message"]


@pytest.mark.parametrize(
    ("changes", "stated"),
    [
        ({"noise": {"voltage": "5 kPa"}}, "V"),
        ({"parameters": {"no.such": {"from": "1", "to": "2", "scale": "log"}}}, "no"),
        ({"parameters": {KEY: {"from": "2 MPa/um", "to": "1 MPa/um", "scale": "log"}}}, "less"),
        ({"text": "name: ["}, "YAML"),
        ({"file": "0" * 32}, "no such file"),
    ],
)
def test_a_wrong_fit_says_why(client, asked, changes, stated):
    pieces = pieces_of(client, asked | changes)
    messages = [one["message"] for one in pieces[-1]["mistakes"]]
    assert any(stated in message for message in messages), messages


def test_only_the_last_measured_files_are_kept(tmp_path):
    head = "Test Time / s,Voltage / V\n0,3.5\n"
    for number in range(MOST_KEPT + 5):
        keep("a.csv", f"{head}{number + 1},3.6\n".encode(), tmp_path)
    assert len(list(tmp_path.iterdir())) == MOST_KEPT
