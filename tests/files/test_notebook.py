"""How results show themselves in notebooks."""

import inspect
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import final

import numpy as np
import pytest

import lithomech as lm
from lithomech.cell.readout.result import CellResult
from lithomech.files.notebook import notebook_view
from lithomech.microstructure.result import EffectiveProperties
from lithomech.studies.fit_result import FitResult, Parameter
from lithomech.studies.table import StudyResult
from support.synthetic_result import synthetic_result

DATA = ("Hits", "Spectrum", "TimeSeries")  # measured, and results without a picture


@final
class Table(HTMLParser):
    """Rows of the one table of a page, and the tags that are open at its end."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, _attrs):
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in {"td", "th"}:
            self.rows[-1][-1] += data


def rows_of(html):
    table = Table(html)
    assert table.open == []
    assert len({len(row) for row in table.rows}) == 1
    return table.rows


def test_every_public_result_shows_itself():
    kinds = {name: getattr(lm, name) for name in lm.__all__}
    results = {n for n, k in kinds.items() if inspect.isclass(k) and hasattr(k, "plot")}
    assert len(results) > 12
    assert not {n for n in {*results, *DATA} if not hasattr(kinds[n], "_repr_html_")}


def test_texts_are_escaped_and_long_tables_cut():
    html = notebook_view(
        "<a>", "b & c", ("n", "x"), [(k, k / 7) for k in range(40)], ["<w>"] * 9
    )
    assert "<a>" not in html
    assert "&lt;w&gt;" in html
    assert "and 4 more" in html
    rows = rows_of(html)
    assert [row[0] for row in rows[1:]] == [*"012345", "…", *map(str, range(34, 40))]
    assert rows[2][1] == "0.1429"


def test_a_cell_shows_its_cycles():
    rows = rows_of(CellResult._repr_html_(synthetic_result(cycles=2)))
    assert [row[0] for row in rows] == ["Cycle", "1", "2"]
    first = dict(zip(rows[0], rows[1], strict=True))
    assert any(name.startswith("Discharge") and v == "186.5" for name, v in first.items())


@pytest.mark.parametrize(
    "make",
    [
        lambda: lm.rate("measured/rate.csv"),
        lambda: lm.conduct(np.ones((4, 4, 4), np.uint8)),
        lambda: lm.read_hits("measured/hits.pridb"),
        lambda: lm.Spectrum(np.geomspace(1e5, 1, 6), np.full(6, 20.0 + 0j)),
    ],
    ids=["rate", "conduct", "hits", "spectrum"],
)
def test_real_ones_are_well_formed(make):
    assert len(rows_of(make()._repr_html_())) > 1


def test_studies_fits_and_structures_show_their_tables():
    study = SimpleNamespace(
        columns=("x / m", "status", "reason", "input_hash"),
        column=lambda name: np.array([1.0, 2.0] if name == "x / m" else ["completed", "short"]),
        reason="2 members",
        warnings=("1 of 2",),
    )
    assert rows_of(StudyResult._repr_html_(study))[2] == ["2", "short"]
    row = Parameter("k", "1", 0.5, 0.4, None, 0.5, "at least")
    fit = SimpleNamespace(status="completed", reason="all", parameters=(row,), warnings=())
    assert rows_of(FitResult._repr_html_(fit))[1] == ["k", "0.5", "0.4", "–", "1", "at least"]
    pressed = SimpleNamespace(
        name="s", status="completed", seeds=(1, 2), warnings=(),
        stack_pressures=np.array([2e7]), quantities={"porosity": None},
        mean=lambda _: np.array([0.125]),
    )  # fmt: skip
    assert rows_of(EffectiveProperties._repr_html_(pressed))[1] == ["20", "0.125"]
