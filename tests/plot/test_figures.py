from dataclasses import replace
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from numpy.testing import assert_allclose

from lithomech.observe.timeseries import TimeSeries
from lithomech.plot.cell_result import figures
from lithomech.plot.style import chosen, save_png, styled, to_svg
from lithomech.plot.timeseries import traces
from support.synthetic_result import CLASSES, synthetic_result

ALL = {
    "voltage_pressure_time", "voltage_pressure_charge", "pressure_slope", "cathode_profiles",
    "thickness", "electrode_potentials", "cycles", "losses", "impedance",
}  # fmt: skip


@pytest.fixture(scope="module", params=[2, pytest.param(9, marks=pytest.mark.deep), 30])
def drawn(request):
    return figures(synthetic_result(cycles=request.param))


def cut(result, rows):
    """The same result with some of its rows only."""
    columns = {name: values[rows] for name, values in result.series.columns.items()}
    profiles = {
        name: values if name.endswith("position_m") else values[rows]
        for name, values in result.profiles.items()
    }
    ledger = {name: values[rows] for name, values in result.ledger.items()}
    return replace(result, series=TimeSeries(columns), profiles=profiles, ledger=ledger)


@styled
def texts(figure):
    """Every visible text of a figure, with its place on the canvas."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    unseen = {
        label
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        for label in (tick.label1, tick.label2)
        if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
    }
    found = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    found = [text for text in found if text not in unseen]
    boxes = [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in found]
    return [(text, box) for text, box in boxes if box.width > 0], figure.bbox


def test_every_figure_is_drawn(drawn):
    assert set(drawn) == ALL


def assert_readable(name, figure):
    """No text covers another or leaves the page, by more than a pixel."""
    found, page = texts(figure)
    for text, box in found:
        assert box.x0 >= -1, (name, text)
        assert box.y0 >= -1, (name, text)
        assert box.x1 <= page.x1 + 1, (name, text)
        assert box.y1 <= page.y1 + 1, (name, text)
    for (one, a), (two, b) in combinations(found, 2):
        wide = min(a.x1, b.x1) - max(a.x0, b.x0)
        high = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert wide < 1 or high < 1, (name, one, two)


def test_no_text_covers_another_or_leaves_the_page(drawn):
    for name, figure in drawn.items():
        assert_readable(name, figure)


def test_axes_say_quantity_and_unit(drawn):
    for name, figure in drawn.items():
        labels = [axes.get_ylabel() for axes in figure.axes] + [figure.get_supylabel()]
        labels += [axes.get_xlabel() for axes in figure.axes] + [figure.get_supxlabel()]
        for label in filter(None, labels):
            assert "(" in label or label == "Cycle", (name, label)


def test_thickness_lines_add_up_to_the_fixture():
    result = synthetic_result()
    panel = figures(result)["thickness"].axes[-1]
    total = panel.get_lines()[-1].get_ydata()
    assert_allclose(total, result.series.displacement * 1e6, rtol=1e-9, atol=1e-12)


def test_many_causes_have_room_for_their_names():
    result = synthetic_result()
    cause = result.ledger["cathode", "cracks"]
    more = {("cathode", f"cracks of class {number}"): cause for number in range(9)}
    figure = figures(replace(result, ledger=result.ledger | more))["thickness"]
    assert_readable("thickness", figure)


def test_profiles_show_each_class_at_the_end_of_charge():
    result = synthetic_result()
    panels = figures(result)["cathode_profiles"].axes
    titles = [axes.get_title(loc="left") for axes in panels[: len(CLASSES)]]
    assert titles == [name.replace("um", "µm") for name in CLASSES]
    row = np.flatnonzero((result.series.cycle == 1) & (result.series.current > 0))[-1]
    shown = panels[0].get_lines()[1].get_ydata()
    assert_allclose(shown, 100 * result.profiles["cathode_contact_fraction"][row, :, 0])


def test_slopes_are_those_of_the_pressure():
    result = synthetic_result(cycles=1)
    columns = dict(result.series.columns)
    columns["Surface Pressure / Pa"] = 1e7 + 5e4 * result.series.charge_throughput
    panels = figures(replace(result, series=TimeSeries(columns)))["pressure_slope"].axes
    for axes in panels:  # 50 kPa/C is 180 kPa/mAh, on charge and on discharge
        assert_allclose(axes.get_lines()[0].get_ydata(), 180.0, rtol=1e-6)


def bands(panel):
    """Lowest and highest value that is shaded in a panel."""
    corners = np.concatenate([shade.get_paths()[0].vertices for shade in panel.collections])
    return corners[:, 1].min(), corners[:, 1].max()


@pytest.mark.parametrize("noise", [1e3, 1e4, 1e5])
def test_the_axis_of_slopes_holds_their_bands(noise):
    result = synthetic_result(cycles=2)
    columns = dict(result.series.columns)
    chance = noise * np.random.default_rng(3).standard_normal(len(result.series))
    columns["Surface Pressure / Pa"] = columns["Surface Pressure / Pa"] + chance
    figure = figures(replace(result, series=TimeSeries(columns)))["pressure_slope"]
    low, high = figure.axes[0].get_ylim()
    for panel in figure.axes:
        lowest, highest = bands(panel)
        assert low < lowest < highest < high
        shades = [shade.get_zorder() for shade in panel.collections]
        assert max(shades) < min(line.get_zorder() for line in panel.get_lines())


def test_steep_ends_of_slopes_may_leave_the_axis():
    """A jump in the last block would flatten the rest; the label says that it is beyond."""
    result = synthetic_result(cycles=1)
    columns = dict(result.series.columns)
    charge = result.series.charge_throughput
    jump = 2e6 * np.clip((charge / charge.max() - 0.996) / 0.004, 0.0, 1.0)
    columns["Surface Pressure / Pa"] = 1e7 + 5e4 * charge + jump
    figure = figures(replace(result, series=TimeSeries(columns)))["pressure_slope"]
    assert any("steep ends leave the axis" in text for text, _ in texts(figure)[0])


def test_a_run_that_keeps_no_rows_still_has_its_cycles():
    none = cut(synthetic_result(), slice(0, 0))
    assert set(figures(none)) == {"cycles", "losses", "impedance"}


def test_a_run_that_ends_at_once():
    result = cut(synthetic_result(cycles=1, impedance=False), slice(0, 1))
    for figure in figures(replace(result, cycles=())).values():
        texts(figure)


def test_quantities_that_do_not_apply():
    result = synthetic_result()
    cycles = tuple(dict.fromkeys(cycle, None) for cycle in result.cycles)
    planar = replace(result, profiles={}, classes={}, cycles=cycles)
    drawn = figures(planar)
    assert "cathode_profiles" not in drawn
    texts(drawn["cycles"])


def test_a_constant_pressure_does_not_fill_the_axis_with_noise():
    result = synthetic_result()
    columns = dict(result.series.columns)
    noise = np.random.default_rng(1).normal(size=len(result.series))
    columns["Surface Pressure / Pa"] = 20e6 * (1 + 1e-9 * noise)
    drawn = figures(replace(result, series=TimeSeries(columns)))
    low, high = drawn["voltage_pressure_time"].axes[1].get_ylim()
    assert high - low > 0.01
    assert "pressure_slope" not in drawn


def test_a_charge_alone_has_one_panel_of_slopes():
    result = synthetic_result(cycles=1, impedance=False)
    charge = cut(result, slice(0, 150))
    assert len(figures(charge)["pressure_slope"].axes) == 1


def test_an_electrode_without_cracks_shows_contact_only():
    result = synthetic_result()
    whole = dict(result.profiles)
    whole["cathode_crack_area_fraction"] = 0.0 * whole["cathode_crack_area_fraction"]
    panels = figures(replace(result, profiles=whole))["cathode_profiles"].axes
    assert len(panels) == len(CLASSES)
    assert panels[0].get_ylim() == (0.0, 105.0)


def test_spectra_are_reported_apart_by_stack_pressure():
    """One before the charge, which is step 1, and one after it."""
    result = synthetic_result(cycles=1)
    spectra = tuple(result.impedance[0]._replace(step=step) for step in (1, 2))
    legend = figures(replace(result, impedance=spectra))["impedance"].legends[0]
    charge = result.series.stack_pressure[result.series.step == 1] / 1e6
    labels = [text.get_text() for text in legend.get_texts()]
    expected = [f"{pressure:.3g} MPa" for pressure in (charge[0], charge[-1])]
    assert [label.split(", ")[-1] for label in labels] == expected


def test_the_settings_of_the_user_do_not_matter_and_stay():
    with mpl.rc_context({"axes.grid": False, "font.size": 30.0, "lines.linewidth": 9.0}):
        figure = figures(synthetic_result())["voltage_pressure_time"]
        assert mpl.rcParams["font.size"] == 30.0
    assert figure.axes[0].get_lines()[0].get_linewidth() < 2


def test_files(tmp_path):
    result = synthetic_result().series
    save_png(traces(result), tmp_path / "pictures" / "a.png")
    assert (tmp_path / "pictures" / "a.png").read_bytes()[:4] == b"\x89PNG"
    assert to_svg(traces(result)) == to_svg(traces(result))  # the same input, the same file


def test_few_curves_are_chosen_of_many():
    assert chosen(1) == [0]
    assert chosen(6) == [0, 1, 2, 3, 4, 5]
    assert chosen(1000)[0] == 0
    assert chosen(1000)[-1] == 999
    assert len(chosen(1000)) == 6


def test_series_plot():
    assert len(synthetic_result().series.plot().axes) == 3
