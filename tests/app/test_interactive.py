"""Reports with the components of the workbench."""

import base64
import hashlib
import json
import re

import pytest

from lithomech.app import cli
from lithomech.app.interactive import MODULES, STATIC, bundled
from lithomech.app.web import charts

SHORT = ["--set", "protocol=[Charge at 0.1C for 1 min]", "--set", "solver.nodes=2"]
STUDY = """
base: ncm88_lpscl_liin
name: </script><b>
set: {protocol: [Charge at 0.1C for 1 min], solver.nodes: 2}
vary: {fixture.pressure: [5 MPa, 10 MPa]}
outputs: [stack_pressure_end_MPa]
"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    place = tmp_path_factory.mktemp("reports")
    (place / "study.yaml").write_text(STUDY)
    asked = ["--interactive", "--out"]
    run, study = place / "run", place / "study"
    assert cli.main(["run", "ncm88_lpscl_liin", *SHORT, "--quiet", *asked, str(run)]) == 0
    assert cli.main(["study", str(place / "study.yaml"), *asked, str(study)]) == 0
    return {folder.name: (folder / "report.html").read_text() for folder in (run, study)}


@pytest.mark.parametrize("kind", ["run", "study"])
def test_the_policy_names_every_script_by_its_hash(pages, kind):
    page = pages[kind]
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(scripts) == len(charts.CHARTS) + 1
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    for script in scripts:
        digest = hashlib.sha256(script.encode()).digest()
        assert f"'sha256-{base64.b64encode(digest).decode()}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'unsafe-inline'" not in policy


@pytest.mark.parametrize("kind", ["run", "study"])
def test_data_stand_in_the_file_and_end_no_script(pages, kind):
    (text,) = re.findall(
        r'<script type="application/json" id="data">(.*?)</script>', pages[kind]
    )
    data = json.loads(text)
    assert data["kind"] == kind
    if kind == "run":
        assert data["data"]["rows"] > 1
    else:
        assert data["data"]["study"]["name"] == "</script><b>"
        assert len(data["data"]["found"]["members"]) == 2
    assert "<" not in text


@pytest.mark.parametrize("kind", ["run", "study"])
def test_an_interactive_report_is_below_three_megabytes(pages, kind):
    assert 1.2e6 < len(pages[kind].encode()) < 3e6


def test_modules_become_functions_in_an_order_in_which_they_can_run():
    script = bundled()
    assert not re.findall(r"^(?:import|export) ", script, re.MULTILINE)
    for place, name in enumerate(MODULES):
        needed = re.findall(r'from "\./(\w+)\.js"', (STATIC / f"{name}.js").read_text())
        assert set(needed) <= set(MODULES[:place])


def test_a_report_stands_still_by_default(tmp_path):
    assert cli.main(["run", "ncm88_lpscl_liin", *SHORT, "--quiet", "--out", str(tmp_path)]) == 0
    text = (tmp_path / "report.html").read_text()
    assert "<script" not in text
    assert len(text) < 2e6


def test_without_the_extra_a_line_says_so_before_anything_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(charts, "find_spec", lambda _: None)
    words = ["ncm88_lpscl_liin", "--interactive", "--out", str(tmp_path / "a")]
    assert cli.main(["run", *words]) == 2
    assert "pip install 'lithomech[app]'" in capsys.readouterr().err
    assert not (tmp_path / "a").exists()
