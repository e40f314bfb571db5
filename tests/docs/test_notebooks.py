"""The notebooks that are made from the scripts of examples/."""

import ast
import json

import pytest

import notebooks

SCRIPTS = sorted(notebooks.SCRIPTS.glob("*.py"))


def code_of(script):
    """Text of the code cells, the last one, which shows the picture, apart."""
    cells = json.loads(notebooks.notebook(script))["cells"]
    *code, picture = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    return code, picture


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_holds_the_whole_script_and_no_output(script):
    """Cells parse one by one, and together are the statements of the script, in order."""
    whole = json.loads(notebooks.notebook(script))
    assert (whole["nbformat"], whole["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in whole["cells"]}) == len(whole["cells"]) > 4
    assert not any(cell.get("outputs") for cell in whole["cells"])
    code, _ = code_of(script)
    ours = [ast.dump(node) for text in code for node in ast.parse(text).body]
    theirs = ast.parse(script.read_text(encoding="utf-8")).body[1:]
    assert ours == [ast.dump(node) for node in theirs]
    assert not any("__file__" in text for text in code)


@pytest.mark.deep
@pytest.mark.parametrize("name", ["01_first_cell", "02_pressure_series"])
def test_a_notebook_runs_cell_by_cell(name, tmp_path, monkeypatch, capsys):
    """As a kernel does, in one namespace; the last cell finds the picture that it shows."""
    monkeypatch.chdir(tmp_path)
    code, picture = code_of(notebooks.SCRIPTS / f"{name}.py")
    space = {"__name__": "__main__"}
    for text in code:
        exec(text, space)
    assert capsys.readouterr().out.count("\n") > 3
    (shown,) = [
        node.value for node in ast.walk(ast.parse(picture)) if isinstance(node, ast.Constant)
    ]
    assert (tmp_path / shown).stat().st_size > 1e4
