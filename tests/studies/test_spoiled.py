"""A study file that was spoiled at random is read, or is one line for each mistake."""

import random
import re
from pathlib import Path

import pytest

from lithomech.errors import InputError
from lithomech.studies import plans
from lithomech.studies.spec import load_study

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "choose_a_design.md"
TEXT = """\
name: spoiled
base: ncm88_lpscl_liin
set: {cathode.electrolyte.weight: rest, cathode.transport: {type: percolation}}
vary:
  fixture.pressure: {from: 1 MPa, to: 70 MPa, scale: log}
  cathode.active[0].weight: {from: 60 %, to: 90 %}
  cathode.active[0].morphology: [random, single_crystal]
  separator.thickness: {mean: 600 um, standard_deviation: 20 um}
method: sweep
design: sobol
seed: 3
runs: 64
outputs: [discharge_capacity_mAh_per_g@1, retention_100, status]
"""
OTHER = """\
base: ncm811_lpscl_li_spring
vary:
  fixture.pressure: {from: 1 MPa, to: 70 MPa, scale: log}
  rate_capacity: {from: 0.2 mAh, to: 2 mAh}
method: window
regions: {voids: {lithium_contact_fraction_min: "< 90 %"}, stable: {}}
tolerance: 2 %
"""
BEST = """\
base: ncm811_lpscl_li_spring
vary: {fixture.pressure: {from: 1 MPa, to: 70 MPa, scale: log}}
method: optimise
objective: {maximise: energy_efficiency, subject_to: {stack_pressure_max_MPa: "< 10"}}
"""
PIECES = ("", " ", "0", "-1", "1e99", "null", "[]", "{}", "true", "MPa", "%", "x", ": ", "nan")
WORDS = re.compile(r"[A-Za-z0-9_.%@<]+|[^\sA-Za-z0-9_]")


def spoil(text, chance):
    """Replace, drop or repeat some words."""
    for _ in range(chance.randint(1, 3)):
        found = chance.choice(list(WORDS.finditer(text)))
        piece = chance.choice([*PIECES, found[0] * 2, chance.choice(WORDS.findall(text))])
        text = text[: found.start()] + piece + text[found.end() :]
    return text


@pytest.mark.parametrize("text", [TEXT, OTHER, BEST], ids=["sweep", "window", "optimise"])
def test_what_is_spoiled_is_read_or_refused(text, tmp_path):
    chance, path, refused = random.Random(8), tmp_path / "study.yaml", 0
    plans.size(load_study(text))
    for _ in range(80):
        path.write_text(spoil(text, chance), encoding="utf-8")
        try:
            plans.size(load_study(path))
        except InputError as error:
            refused += 1
            for one in error.mistakes:
                assert "\n" not in str(one)
                assert len(str(one)) > 10
    assert refused > 40


def test_the_studies_of_the_howto_are_read():
    sweep, *methods, limits, spread = re.findall(
        r"```yaml\n(.*?)```", HOWTO.read_text(encoding="utf-8"), re.DOTALL
    )
    assert plans.size(load_study(sweep)) == 64
    assert plans.size(load_study(f"base: ncm88_lpscl_liin\n{limits}")) == 72
    assert plans.size(load_study(spread)) == 64
    base = "base: ncm811_lpscl_li_spring\nvary: {fixture.pressure: {from: 1 MPa, to: 9 MPa}"
    for text in methods:
        more = ", rate_capacity: {from: 1 mAh, to: 2 mAh}}\n"
        assert plans.size(load_study(base + more + text)) > 80
    assert len(methods) == 3
