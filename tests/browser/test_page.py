"""The page in a real browser: `make test-browser`.

A Chromium is looked for in LITHOMECH_BROWSER, then by name; without one the tests are skipped.
Screenshots stand in the folder LITHOMECH_SCREENSHOTS, where it is set.
"""

import re
from pathlib import Path

import numpy as np
import pytest

from lithomech.files.packaged import measured

from .screen import LIFE, STATUS, Screen, driven

pytestmark = driven


def test_the_first_view_shows_the_stack_and_its_numbers(screen):
    assert "completed" in screen.page.text_content("#status")
    assert screen.page.locator("#stack svg rect").count() > 10
    assert screen.page.locator("#layers tbody tr").count() == 3
    assert "megapascals" in screen.page.get_attribute("#stack svg", "aria-label")
    screen.until("document.querySelectorAll('#follow .plot *').length > 0")
    screen.shot("cell-light")


def test_a_slider_changes_the_file_and_the_picture(screen):
    before = screen.page.get_attribute("#stack svg", "aria-label")
    screen.until_drawn_again(lambda: screen.slide("fixture.pressure", 300))
    pressure = re.search(r"pressure: ([\d.]+) MPa, stiffness", screen.text)[1]
    shown = float(screen.page.input_value("[id='control-fixture.pressure']"))
    np.testing.assert_allclose(float(pressure), shown, rtol=1e-3)
    assert shown < 20.0
    assert screen.page.get_attribute("#stack svg", "aria-label") != before
    assert "# 0: ejected" in screen.text


def test_a_change_of_the_file_moves_the_slider(screen):
    text = screen.text.replace("pressure: 20 MPa", "pressure: 50 MPa")
    screen.until_drawn_again(lambda: screen.page.fill("#text", text))
    assert screen.page.input_value("[id='control-fixture.pressure']") == "50"
    assert screen.text == text


def test_a_mistake_stands_at_its_line_and_goes_when_mended(screen):
    text = screen.text
    screen.page.fill("#text", text.replace("20 MPa", "20 mV").replace("13 mm", "13 kg"))
    screen.page.wait_for_selector("#mistakes button")
    stated = screen.page.locator("#mistakes button").all_text_contents()
    assert len(stated) == 2
    lines = text.splitlines()
    numbers = [int(re.match(r"line (\d+): ", one)[1]) for one in stated]
    assert {lines[n - 1].split(":")[0] for n in numbers} == {"fixture", "geometry"}
    marked = screen.page.locator("#gutter b").all_text_contents()
    assert sorted(map(int, marked)) == sorted(numbers)
    screen.shot("mistakes")
    screen.page.click("#mistakes button >> nth=0")
    chosen = screen.page.evaluate(
        "(a => a.value.slice(a.selectionStart, a.selectionEnd))(document.activeElement)"
    )
    assert chosen == screen.text.splitlines()[numbers[0] - 1]
    screen.until_drawn_again(lambda: screen.page.fill("#text", text))
    assert screen.page.locator("#mistakes button").count() == 0


def test_the_cursor_goes_through_the_cycle(screen):
    first = screen.page.text_content("#glance")
    screen.page.focus("#cursor")
    for _ in range(40):
        screen.page.keyboard.press("PageUp")
    assert screen.page.text_content("#glance") != first
    assert "h, cycle" in screen.page.get_attribute("#cursor", "aria-valuetext")


def test_plots_are_drawn_pinned_and_overlaid(screen):
    screen.page.click("#tab-run")
    screen.until("document.querySelectorAll('#charts .plot > *').length >= 6")
    screen.until("document.querySelectorAll('#across .plot > *').length === 3")
    screen.page.click("#pin")
    screen.until_drawn_again(lambda: screen.slide("fixture.pressure", 250))
    assert screen.page.locator("#pins li").count() == 1
    screen.page.set_input_files("#measured", measured()["measured/rate.csv"])
    screen.until(f"{STATUS}.includes('rows, drawn grey')")
    screen.page.select_option("#axis", "charge")
    screen.shot("run-light")
    screen.page.click("#pins button")
    assert screen.page.locator("#pins li").count() == 0


def test_a_file_that_is_dropped_and_no_measurement_says_why(screen):
    screen.page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["nothing"], "own.csv"));
            document.dispatchEvent(new DragEvent("drop", { dataTransfer: data }));
        }"""
    )
    screen.until(f"{STATUS}.startsWith('own.csv: ')")
    assert "bad" in screen.page.get_attribute("#status", "class")


def test_a_life_streams_and_stops(screen):
    screen.page.click("#tab-life")
    screen.page.fill("#cycles", "20")
    screen.page.click("#life-start")
    screen.until(
        "document.getElementById('life-status').textContent.startsWith('20 cycles in')"
    )
    screen.shot("life-light")
    screen.page.fill("#cycles", "5000")
    screen.page.click("#life-start")
    screen.until(f"{LIFE}.includes(' of 5000')")
    screen.page.click("#life-stop")
    screen.until(f"{LIFE}.endsWith('stopped')")


def test_the_link_brings_the_cell_back(screen, browser):
    text = screen.text.replace("20 MPa", "33 MPa").replace("name: NCM88", "name: µ NCM88")
    screen.until_drawn_again(lambda: screen.page.fill("#text", text))
    screen.until("location.hash.startsWith('#cell=')")
    screen.page.wait_for_timeout(900)
    other = Screen(browser, screen.page.url)
    assert other.text == text
    assert other.stated == []
    other.context.close()


def test_files_are_taken_away(screen):
    screen.page.click("#tab-share")
    for button, beginning in [
        ("#save-yaml", b"# The cell"),
        ("#save-netcdf", b"\x89HDF"),
        ("#save-report", b"<!doctype html>"),
    ]:
        with screen.page.expect_download() as download:
            screen.page.click(button)
        assert Path(download.value.path()).read_bytes().startswith(beginning)


def test_presets_open_with_their_slider(screen):
    count = screen.page.locator("#preset option").count()
    for index in range(1, count):
        screen.until_drawn_again(lambda i=index: screen.page.select_option("#preset", index=i))
        screen.until("document.activeElement.closest('.control.story') !== null")
        assert screen.page.is_visible("#sentence")
        screen.until(f"{STATUS}.startsWith('completed')")
    screen.shot("preset")


def test_keys_alone_reach_everything(screen):
    screen.page.focus("#tab-cell")
    for name in ("run", "life", "study", "fit", "materials", "share", "cell"):
        screen.page.keyboard.press("ArrowRight")
        assert screen.page.is_visible(f"#{name}")
        assert screen.page.evaluate("document.activeElement.id") == f"tab-{name}"
    screen.page.focus("[id='control-fixture.pressure-range']")
    screen.until_drawn_again(lambda: screen.page.keyboard.press("ArrowLeft"))
    unnamed = screen.page.evaluate(
        """[...document.querySelectorAll("input, select, textarea, button")].filter((one) =>
            !one.labels?.length && !one.getAttribute("aria-label") && !one.textContent.trim()
        ).map((one) => one.outerHTML)"""
    )
    assert unnamed == []


@pytest.mark.parametrize("view", ["cell", "run", "life", "study", "fit", "materials"])
def test_dark_and_narrow(browser, link, view):
    options = {"viewport": {"width": 400, "height": 800}, "color_scheme": "dark"}
    screen = Screen(browser, link, **options)
    screen.page.click(f"#tab-{view}")
    if view == "life":
        screen.page.fill("#cycles", "6")
        screen.page.click("#life-start")
        screen.until(
            "document.getElementById('life-status').textContent.startsWith('6 cycles')"
        )
    if view == "cell":
        screen.until_drawn_again(lambda: screen.page.select_option("#preset", index=1))
        screen.until("document.activeElement.closest('.control.story') !== null")
        box = screen.page.locator(".control.story").bounding_box()
        assert box["y"] + box["height"] <= 800.5
    screen.page.wait_for_timeout(800)
    wide = screen.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 400
    screen.shot(f"{view}-dark-400")
    assert screen.stated == []
    screen.context.close()


def test_a_redraw_computes_no_styles_for_single_axes_and_paints_each_plot_once(screen):
    screen.page.click("#tab-run")
    screen.until("document.querySelectorAll('#across .plot > *').length === 3")
    screen.page.wait_for_timeout(1000)
    screen.page.evaluate(
        """() => {
            const view = Bokeh.require("models/plots/plot_canvas").PlotView.prototype;
            const paint = view._actual_paint;
            window.paints = {};
            view._actual_paint = function () {
                window.paints[this.model.id] = (window.paints[this.model.id] ?? 0) + 1;
                paint.call(this);
            };
        }"""
    )
    measured = screen.context.new_cdp_session(screen.page)
    measured.send("Performance.enable")

    def styles():
        metrics = measured.send("Performance.getMetrics")["metrics"]
        return next(m["value"] for m in metrics if m["name"] == "RecalcStyleCount")

    before = styles()
    screen.until_drawn_again(lambda: screen.slide("fixture.pressure", 300))
    screen.page.wait_for_timeout(1000)  # plots out of sight wait for a rest
    axes = screen.page.locator("#charts .plot, #across .plot").count() * 2
    assert styles() - before < axes
    paints = screen.page.evaluate("Object.values(window.paints)")
    assert paints == [1] * (axes // 2)


def test_what_was_moved_while_a_run_was_under_way_goes_with_the_next(screen):
    for place in (200, 300, 400, 500):
        screen.slide("fixture.pressure", place)
    shown = float(screen.page.input_value("[id='control-fixture.pressure']"))
    screen.until(f"document.getElementById('text').value.includes('pressure: {shown:g} MPa')")
    screen.until(f"{STATUS}.startsWith('completed')")
    screen.page.wait_for_timeout(1000)
    assert float(screen.page.input_value("[id='control-fixture.pressure']")) == shown


@pytest.mark.parametrize("view", ["cell", "run"])
def test_a_slider_redraws_while_it_moves(screen, view, record_property):
    screen.page.click(f"#tab-{view}")
    screen.page.wait_for_timeout(500)
    screen.page.evaluate("window.lithomech.redraws.length = 0")
    for place in range(300, 360):
        screen.slide("fixture.pressure", place)
        screen.page.wait_for_timeout(30)
    screen.until("window.lithomech.redraws.length > 3")
    times = screen.page.evaluate("window.lithomech.redraws")
    median = float(np.median(times))
    record_property("median_ms", median)
    assert median < 3000.0, "a machine that is busy is slower, but not by so much"
