"""Studies that the page watches."""

import json
import time

import numpy as np
import pytest

from lithomech.cell.spec import load_cell
from lithomech.studies.run import run_study

STUDY = """
base: ncm88_lpscl_liin
set: {protocol: [Charge at 0.1C for 1 min], solver.nodes: 2}
vary: {fixture.pressure: [5 MPa, 10 MPa, 20 MPa], temperature: [25 degC, 60 degC]}
outputs: [stack_pressure_end_MPa]
"""
PATIENCE = 20.0  # s


def events(client, data):
    status, body, headers = client.ask("study", data)
    assert status == 200
    assert headers["content-type"].startswith("text/event-stream")
    *pieces, end = body.decode().strip().split("\n\n")
    assert end.startswith("event: end")
    return [json.loads(piece.removeprefix("data: ")) for piece in pieces], end


def last(pieces, key):
    return [piece[key] for piece in pieces if key in piece][-1]


def test_members_come_one_by_one_and_are_those_of_the_command(client, tmp_path):
    pieces, _ = events(client, {"text": STUDY, "folder": str(tmp_path / "a")})
    described = last(pieces, "study")
    assert [one["label"] for one in described["factors"]] == [
        "fixture.pressure (MPa)",
        "temperature (degC)",
    ]
    single = [member for piece in pieces for member in piece.get("members", [])]
    members = last(pieces, "found")["members"]
    assert sorted(map(str, single)) == sorted(map(str, members))
    table = run_study(STUDY)
    assert [m["outputs"][0] for m in members] == table.column("stack_pressure_end_MPa").tolist()
    assert [m["places"][0] for m in members] == table.column("fixture.pressure").tolist()


def test_a_study_resumes_from_its_folder(client, tmp_path):
    first, _ = events(client, {"text": STUDY, "folder": str(tmp_path / "a")})
    second, _ = events(client, {"text": STUDY, "folder": str(tmp_path / "a")})
    assert not [piece for piece in second if "members" in piece]
    assert last(second, "found") == last(first, "found")


def test_a_member_is_opened_as_a_cell_that_runs(client):
    answer = client.json("member", {"text": STUDY, "point": ["5 MPa", "60 degC"]})
    cell = load_cell(answer["text"])
    np.testing.assert_allclose(cell.fixture.pressure, 5e6)
    np.testing.assert_allclose(cell.temperature, 333.15)
    assert client.json("run", {"text": answer["text"]})["result"]["rows"] > 1


@pytest.mark.parametrize("point", [None, [], ["5 MPa"], "5 MPa", [{}, {}]])
def test_what_is_no_member_is_a_line(client, point):
    status, body, _ = client.ask("member", {"text": STUDY, "point": point})
    if status == 200:  # a value that no cell takes is a mistake of the cell file
        assert "mistakes" in client.json("run", {"text": json.loads(body)["text"]})
    else:
        assert status == 400
        assert json.loads(body)["mistakes"][0]["message"]


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("name: [", "not valid YAML"),
        (STUDY.replace("temperature", "temperatur"), "temperatur"),
        (STUDY.replace("5 MPa", "5 mV"), "MPa"),
        (STUDY.replace("[5 MPa, 10 MPa, 20 MPa]", "{from: 1 MPa, to: 2 MPa, points: 9999}"),
         "the page runs at most"),
    ],
)  # fmt: skip
def test_a_wrong_study_says_why(client, text, stated):
    pieces, _ = events(client, {"text": text})
    assert stated in str(pieces[-1]["mistakes"])


def test_a_folder_that_holds_something_else_is_left_alone(client, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    pieces, _ = events(client, {"text": STUDY, "folder": str(tmp_path)})
    assert "something other than a study" in pieces[-1]["mistakes"][0]["message"]
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    assert client.ask("study", {"text": STUDY, "folder": 3})[0] == 400


def test_a_study_nobody_watches_stops(client, tmp_path):
    many = STUDY.replace("[5 MPa, 10 MPa, 20 MPa]", "{from: 1 MPa, to: 2 MPa, points: 1500}")
    connection = client.send("study", {"text": many, "folder": str(tmp_path / "a")})
    assert connection.getresponse().read(6) == b"data: "
    connection.close()
    journal = tmp_path / "a" / "study.sqlite"
    end, sizes = time.monotonic() + PATIENCE, []
    while time.monotonic() < end and not (len(sizes) > 4 and len(set(sizes[-4:])) == 1):
        time.sleep(0.3)
        sizes.append(sum(path.stat().st_size for path in journal.parent.glob("*")))
    assert len(set(sizes[-4:])) == 1, "members were still being added"
    assert client.ask("", method="GET")[0] == 200
