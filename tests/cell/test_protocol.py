"""Expected steps: interface.md, by hand."""

from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from lithomech.cell.protocol.drives import with_rows
from lithomech.cell.protocol.sentences import parse_protocol
from lithomech.cell.protocol.steps import (
    ConstantCurrent,
    ConstantPower,
    Current,
    CurrentLimit,
    Drive,
    Gitt,
    Hold,
    HoldPressure,
    Impedance,
    PressureLimit,
    Repeat,
    Rest,
    SetPressure,
    SetTemperature,
    VoltageLimit,
)
from lithomech.errors import InputError

HERE = Path()


def read(sentence):
    (step,) = parse_protocol([sentence], HERE)
    return step


TENTH_UP = ConstantCurrent(Current(0.1, "C"), until=(VoltageLimit(4.3),))


@pytest.mark.parametrize(
    ("sentence", "step"),
    [
        ("Charge at 0.1C until 4.3 V", TENTH_UP),
        ("Charge at C/10 until 4.3 V", TENTH_UP),
        ("CHARGE AT 0.1 C UNTIL 4.3 V", TENTH_UP),
        ("  charge   at .1c until  4.3v ", TENTH_UP),
        ("Charge at 0.1C, until 4300 mV", TENTH_UP),
        (
            "Discharge at 2 mA until 2.8 V",
            ConstantCurrent(Current(-0.002, "A"), until=(VoltageLimit(2.8),)),
        ),
        (
            "Discharge at 0.5 mA/cm2 for 1 hour",
            ConstantCurrent(Current(-5.0, "A/m2"), duration=3600.0),
        ),
        (
            "Charge at 1C for 30 min or until 4.3 V or 5 MPa",
            ConstantCurrent(
                Current(1.0, "C"),
                duration=1800.0,
                until=(VoltageLimit(4.3), PressureLimit(5e6)),
            ),
        ),
        (
            "Charge at 1C until 4.3 V or for 2 Hours",
            ConstantCurrent(Current(1.0, "C"), duration=7200.0, until=(VoltageLimit(4.3),)),
        ),
        (
            "Charge at 1C for 2 mAh",
            ConstantCurrent(Current(1.0, "C"), charge=7.2),
        ),
        (
            "Charge at 2 MA until -0.6 V",
            ConstantCurrent(Current(0.002, "A"), until=(VoltageLimit(-0.6),)),
        ),
        (
            "Discharge at 1 W until 0.02C or 2.5 V",
            ConstantPower(-1.0, until=(CurrentLimit(Current(0.02, "C")), VoltageLimit(2.5))),
        ),
        (
            "Discharge at 20 mA/g until 2.5 V",
            ConstantCurrent(Current(-20.0, "A/kg"), until=(VoltageLimit(2.5),)),
        ),
        ("Charge at 0.1C for 50 % SOC", ConstantCurrent(Current(0.1, "C"), share=0.5)),
        ("charge at 0.1c for 50% soc", ConstantCurrent(Current(0.1, "C"), share=0.5)),
        (
            "Strip at 0.1 mA/cm2 for 1 hour",
            ConstantCurrent(Current(1.0, "A/m2"), duration=3600.0),
        ),
        (
            "Plate at 0.1 mA/cm2 for 1 mAh",
            ConstantCurrent(Current(-1.0, "A/m2"), charge=3.6),
        ),
        ("Set temperature to 60 degC", SetTemperature(333.15)),
        ("set the temperature to 60 DEGC", SetTemperature(333.15)),
        ("Set temperature to 60 \u00b0C", SetTemperature(333.15)),
        ("Set temperature to 333.15 K", SetTemperature(333.15)),
        ("Hold stack pressure at 5 MPa", HoldPressure(5e6)),
        ("Hold at 4.3 V until 0.02C", Hold(4.3, until_current=Current(0.02, "C"))),
        ("Hold at 4.3 V until C/50", Hold(4.3, until_current=Current(0.02, "C"))),
        (
            "hold at 4.3 V for 1 hour or until 5 uA",
            Hold(4.3, duration=3600.0, until_current=Current(5e-6, "A")),
        ),
        ("Rest for 1 hour", Rest(3600.0)),
        ("Rest for 10 s", Rest(10.0)),
        ("REST FOR 2 HOURS", Rest(7200.0)),
        ("Set stack pressure to 7 MPa", SetPressure(7e6)),
        ("set stack pressure to 7 mpa", SetPressure(7e6)),
        ("set stack pressure to 0 MPa", SetPressure(0.0)),
        (
            "GITT discharge at 0.1C, 10 min pulses, 2 hour rests, until 2.8 V",
            Gitt(Current(-0.1, "C"), 600.0, 7200.0, (VoltageLimit(2.8),)),
        ),
        (
            "gitt charge at 0.1 c 1 Minute pulse 2 hours rest until 4.3 V or 9 MPa",
            Gitt(Current(0.1, "C"), 60.0, 7200.0, (VoltageLimit(4.3), PressureLimit(9e6))),
        ),
        ("Impedance from 1 MHz to 1 mHz, 10 points per decade", Impedance(1e6, 1e-3, 10)),
        ("impedance from 0.1 Hz to 100 kHz, 1 point per decade", Impedance(1e5, 0.1, 1)),
    ],
)
def test_a_sentence_is_a_step(sentence, step):
    assert read(sentence) == step


def test_a_step_keeps_its_sentence():
    assert read("  Rest  for 1 hour").text == "Rest for 1 hour"
    gitt = "GITT charge at 0.1C, 10 min pulses, 2 hour rests, until 4.3 V"
    assert read(gitt).text == gitt
    assert read({"repeat": 3, "steps": ["Rest for 1 s"]}).text == "Repeat 3 times"


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("Charge at 0.1C", "no end"),
        ("Discharge at 5 mA", "no end"),
        ("GITT charge at 0.1C, 10 min pulses, 2 hour rests", "no end"),
        ("Hold at 4.3 V", "a hold needs an end"),
        ("Charge until 4.3 V", "write it as 'Charge at 0.1C"),
        ("Charge at 0C until 4.3 V", "must be positive, not '0C'"),
        ("Charge at -0.1C until 4.3 V", "must be positive, not '-0.1C'"),
        ("Charge at -2 mA until 4.3 V", "must be positive, not '-2 mA'"),
        ("GITT charge at -0.1C, 10 min pulses, 2 hour rests, until 4.3 V", "not '-0.1C'"),
        ("GITT charge at 1 W, 10 min pulses, 2 hour rests, until 4.3 V", "a current such"),
        ("GITT charge at 1C, 0 min pulses, 2 hour rests, until 4.3 V", "the pulse time"),
        ("GITT charge at 1C, 1 min pulses, 2 V rests, until 4.3 V", "a time such as"),
        ("Charge at C/0 until 4.3 V", "must be positive"),
        ("Charge at C until 4.3 V", "C-rate such as '0.1C'"),
        ("Charge at nan C until 4.3 V", "finite"),
        ("Charge at 1e999C until 4.3 V", "finite"),
        ("Charge at 0.1C until nan V", "finite"),
        ("Charge at 0.1 until 4.3 V", "'0.1' has no unit; expected a current"),
        ("Charge at C20 until 4.3 V", "'C20' is no C-rate: write C/20"),
        ("Charge at C\\20 until 4.3 V", "is no C-rate: write C/20"),
        ("Charge at 1/20 C until 4.3 V", "'1/20 C' is no C-rate: write C/20"),
        ("Charge at 5 MPa until 4.3 V", "expected a current such as '2 mA'"),
        ("Charge at 0.1C until 4.3", "'4.3' has no unit; expected a voltage such as"),
        ("Charge at 0.1C until 4,3 V", "decimal comma: write .Charge at 0.1C until 4.3 V"),
        ("Charge at 0.1C until 0.02C", "cannot end at a current"),
        ("Charge at 1 W until 0 mA", "the current to end at must be positive"),
        ("Charge at 0.1C until 0 MPa", "the pressure to end at must be positive"),
        ("Charge at 0.1C for 1 hour or 2 hours", "two times"),
        ("Charge at 0.1C for 4.3 V", "expected a time such as '1 hour' or a capacity"),
        ("Charge at 0.1C for 0 s", "the time must be positive"),
        ("Charge at 0.1C for -1 mAh", "the capacity must be positive"),
        ("Charge at 9**9**9**9 mA until 4.3 V", "cannot be read"),
        ("Hold at 4.3 V until 5 MPa", "expected a current"),
        ("Hold at 4.3 V for 1 hour or 2 hours", "at most one time"),
        ("Rest", "write it as 'Rest for 1 hour'"),
        ("Rest for 0 s", "the time must be positive"),
        ("Rest for 5 MPa", "expected a time such as '1 hour'"),
        ("Set stack pressure to -1 MPa", "must not be negative"),
        ("Set temperature to 60 MPa", "expected a temperature such as '25 degC'"),
        ("Set temperature to 400 degC", "allowed: -73.15 degC to 176.85 degC"),
        ("Hold stack pressure at 0 MPa", "the stack pressure must be positive"),
        ("Charge at 0.1C for 0 % SOC", "share of the capacity must be positive"),
        ("Charge at 0.1C for 50 % SOC or 1 mAh", "two times or two capacities"),
        ("Impedance from 1 Hz to 1 Hz, 10 points per decade", "must differ"),
        ("Impedance from 1 MHz to 0 Hz, 10 points per decade", "must be positive"),
        ("Impedance from 1 MHz to 1 mHz, 0 points per decade", "must be positive"),
        ("Sing for 1 hour", "is not a step: sentences of a protocol are: Charge at 0.1C"),
        ("", "is not a step"),
        ("Charge at " + "1 " * 100_000, "too long"),
        (5, "expected a step such as 'Rest for 1 hour', not 5"),
        (None, "not null"),
        ({"repat": 2, "steps": []}, "'repat' is no key here; write 'repeat: 3' with 'steps:'"),
        ({"repeat": 2}, "write steps: and the list of what is repeated"),
        ({"steps": ["Rest for 1 s"]}, "write repeat: 3 beside steps"),
        ({"Charge": "0.1C until 4.3 V"}, "'Charge' is followed by a colon: write the step as"),
        ({"loop": 3}, "'loop' is no kind of step; write 'repeat: 3' with 'steps:'"),
        ({}, "an entry without keys is no step; write 'repeat: 3' with 'steps:'"),
        ({"drive": "x.csv"}, "drive: {file: name.csv}"),
        ({"repeat": 0, "steps": ["Rest for 1 s"]}, "repeat must be from 1 to 100000, not 0"),
        ({"repeat": 100_001, "steps": ["Rest for 1 s"]}, "repeat must be from 1 to 100000"),
        ({"repeat": True, "steps": ["Rest for 1 s"]}, "whole number, not true"),
        ({"repeat": "2 times", "steps": ["Rest for 1 s"]}, "whole number, not '2 times'"),
    ],
)
def test_a_wrong_step_is_one_clear_line_with_its_place(sentence, message):
    with pytest.raises(InputError, match=message) as caught:
        parse_protocol(["Rest for 1 s", sentence], HERE)
    assert caught.value.key.startswith("protocol[1]")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    ("sentence", "meant"),
    [
        ("Charge to 4.3V at 0.1C", "Charge at 0.1C until 4.3V"),
        ("CC charge 0.1 C 4.3 V", "Charge at 0.1 C until 4.3 V"),
        ("Discharging with C/10 to 2.5 V", "Discharge at C/10 until 2.5 V"),
        ("Discharge 1 h with 2 mA", "Discharge at 2 mA for 1 h"),
        ("charge 50% SOC at 20 mA/g", "Charge at 20 mA/g for 50 % SOC"),
        ("CV 4.3 V until 0.02C", "Hold at 4.3 V until 0.02C"),
        ("Wait 2 h", "Rest for 2 h"),
        ("OCV 30 min", "Rest for 30 min"),
        ("Heat to 60 C", "Set temperature to 60 degC"),
        ("Temperature 333 K", "Set temperature to 333 K"),
        ("Pressure 5 MPa", "Set stack pressure to 5 MPa"),
        ("Keep the pressure at 5 MPa", "Hold stack pressure at 5 MPa"),
        ("EIS 1 MHz 10 mHz", "Impedance from 1 MHz to 10 mHz 10 points per decade"),
        ("Plating 0.5 mA/cm2 1 h", "Plate at 0.5 mA/cm2 for 1 h"),
    ],
)
def test_a_wrong_sentence_is_answered_by_the_right_one(sentence, meant):
    read(meant)
    with pytest.raises(InputError) as caught:
        read(sentence)
    assert caught.value.message == f"{sentence!r} is not a step: did you mean {meant!r}?"


@pytest.mark.parametrize(
    ("sentence", "hint"),
    [
        ("CCCV at C/20 until 4.3 V", "write two steps"),
        ("CCCV charge 0.1C 4.3 V 0.02C", "write two steps, such as 'Charge at 0.1C until"),
        ("Charge until 4.3 V", "write it as 'Charge at 0.1C"),
        ("GITT at 0.1C", "write it as 'GITT charge at 0.1C, 10 min pulses"),
        ("Discharge", "write it as 'Charge at 0.1C"),
    ],
)
def test_where_amounts_are_missing_the_form_is_shown(sentence, hint):
    with pytest.raises(InputError, match=hint):
        read(sentence)


def test_a_wrong_step_is_shown_as_it_was_written():
    with pytest.raises(InputError) as caught:
        read("Rest for 5 MPa")
    assert str(caught.value) == (
        "protocol[0]: in 'Rest for 5 MPa': '5 MPa' has the unit 'MPa'; "
        "expected a time such as '1 hour'"
    )


def nest(depth):
    step = "Rest for 1 s"
    for _ in range(depth):
        step = {"repeat": 2, "steps": [step]}
    return step


def test_repeats_nest_three_deep_and_no_deeper():
    rest = Rest(1.0)
    assert read(nest(3)) == Repeat(2, (Repeat(2, (Repeat(2, (rest,)),)),))
    for depth in (4, 500):
        with pytest.raises(InputError, match="at most 3 deep"):
            read(nest(depth))
    with pytest.raises(InputError, match="at most 3 deep"):
        Repeat(2, (Repeat(2, (Repeat(2, (Repeat(2, (rest,)),)),)),))


def test_the_place_of_a_wrong_step_inside_repeats():
    inner = {"repeat": 2, "steps": ["Rest for 1 s", "Rest"]}
    with pytest.raises(InputError) as caught:
        parse_protocol([{"repeat": 2, "steps": [inner]}], HERE)
    assert caught.value.key == "protocol[0].steps[0].steps[1]"
    with pytest.raises(InputError) as caught:
        parse_protocol([{"repeat": 2, "steps": []}], HERE)
    assert caught.value.key == "protocol[0].steps"


@pytest.mark.parametrize("items", [None, [], "Rest for 1 hour", {"repeat": 2}])
def test_a_protocol_is_a_list(items):
    with pytest.raises(InputError, match="protocol: expected a list"):
        parse_protocol(items, HERE)


def drive(folder, content):
    (folder / "x.csv").write_text(content, encoding="utf-8")
    (step,) = parse_protocol([{"drive": {"file": "x.csv"}}], folder)
    return step


def test_a_drive_is_read_from_its_file(tmp_path):
    step = drive(
        tmp_path, "Test Time / s,Voltage / V,Current / A\n5,3.8,0.001\n6,3.9,-2e-3\n\n"
    )
    assert step == Drive((0.0, 1.0), (0.001, -0.002), None, "x.csv")
    assert step.text == "Drive x.csv"
    step = drive(tmp_path, "Power / W, Test Time / s\n1,0\n-1,0.5\n")
    assert step == Drive((0.0, 0.5), None, (1.0, -1.0), "x.csv")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Zeit (min);Strom (mA)\n1,0;1,5\n2,5;-2\n", ((0.0, 90.0), (0.0015, -0.002), None)),
        ("# log\n\ntime/s\tP/mW\n7\t5\n8\t0\n", ((0.0, 1.0), None, (0.005, 0.0))),
        (
            "Date,I [A],V [V]\n2024-01-02 23:59,1,3\n2024-01-03 00:01,2,3\n",
            ((0.0, 120.0), (1, 2), None),
        ),
    ],
)
def test_a_drive_is_read_like_any_measured_file(tmp_path, content, expected):
    step = drive(tmp_path, content)
    assert (step.time_s, step.current_A, step.power_W) == expected


def test_a_drive_with_a_mapping_file_and_limits(tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n0,5\n60,6\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(
        "columns:\n  Test Time: {column: a, unit: s}\n  Current: {column: b, unit: mA}\n"
        "positive_current: discharge\n",
        encoding="utf-8",
    )
    until = "2.5 V or 4.2 V or 9 MPa"
    item = {"drive": {"file": "x.csv", "mapping": "map.yaml", "until": until}}
    (step,) = parse_protocol([item], tmp_path)
    assert step.current_A == (-0.005, -0.006)
    assert step.until == (VoltageLimit(2.5), VoltageLimit(4.2), PressureLimit(9e6))
    assert_allclose(step.net, -0.3, rtol=1e-14)
    (inside,) = with_rows([item], tmp_path)
    assert parse_protocol([inside], tmp_path / "elsewhere") == (step,)


@pytest.mark.parametrize(
    ("until", "message"),
    [
        ("1 mA", "cannot end at a current"),
        ("1 V or 2 V or 3 V", "two voltages at most"),
        ("full", "until"),
        (4.2, "until must be text"),
    ],
)
def test_limits_of_a_drive_that_make_no_sense(tmp_path, until, message):
    (tmp_path / "x.csv").write_text("Time (s),Current (A)\n0,5\n60,6\n", encoding="utf-8")
    with pytest.raises(InputError, match=message):
        parse_protocol([{"drive": {"file": "x.csv", "until": until}}], tmp_path)


HEADER = "Test Time / s,Current / A\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "x.csv: .*the file is empty"),
        ("Time,Current / A\n0,1\n1,1\n", "x.csv: .*'Time' has no unit"),
        ("Test Time / s,Voltage / V\n0,1\n1,1\n", "x.csv: .*needs a current or a power"),
        (HEADER, "no table was found"),
        (HEADER + "0,1\n", "fewer than two rows"),
        (HEADER + "0,1\n0,1\n", "increase in every row"),
        (HEADER + "0,1\n1,much\n", "x.csv: .*row 2 of the table holds no number"),
        (HEADER + "0,1\n1\n", "x.csv: .*row 2 of the table holds no number"),
        (HEADER + "0,1\n,2\n2,2\n", "x.csv: .*1 rows have no time"),
        (HEADER + "0,1\n1,nan\n", "x.csv: .*row 2 of the table holds no number"),
    ],
)
def test_a_wrong_drive_names_file_and_row(tmp_path, content, message):
    with pytest.raises(InputError, match=message) as caught:
        drive(tmp_path, content)
    assert caught.value.key == "protocol[0]"


def test_a_drive_that_cannot_be_read_says_so(tmp_path):
    for name in ("missing.csv", "."):
        with pytest.raises(InputError, match=r"protocol\[0\]: "):
            parse_protocol([{"drive": {"file": name}}], tmp_path)
    (tmp_path / "x.csv").write_bytes(b"0,1\n" * 5_000_001)
    with pytest.raises(InputError, match=r"x.csv: .*: larger than 20 MB"):
        parse_protocol([{"drive": {"file": "x.csv"}}], tmp_path)
