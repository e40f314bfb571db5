"""The page in a real browser: `make test-browser`.

A Chromium is looked for in LITHOMECH_BROWSER, then by name; without one the tests are skipped.
Screenshots stand in the folder LITHOMECH_SCREENSHOTS, where it is set.
"""

import os
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import sync_playwright

from lithomech.app import cli
from lithomech.app.app_command import warm_up
from lithomech.app.web.serving import served
from lithomech.files.packaged import measured

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FOUND = (shutil.which(name) for name in NAMES)
BROWSER = os.environ.get("LITHOMECH_BROWSER") or next(filter(None, FOUND), None)
FLAGS = [
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
SHOTS = os.environ.get("LITHOMECH_SCREENSHOTS")
DRAWN = 60_000  # ms
STATUS = "document.getElementById('status').textContent"
FIT = "document.querySelector('#fit [data-part=status]').textContent"
STUDY = "document.querySelector('#study [data-part=status]').textContent"
LIFE = "document.getElementById('life-status').textContent"
ONE_PARAMETER = "parameters={fixture.stiffness: {from: 0.1 MPa/um, to: 1 MPa/um, scale: log}}"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium found; set LITHOMECH_BROWSER"),
]


@pytest.fixture(scope="module")
def link():
    warm_up()
    with served("ncm88_lpscl_liin") as link:
        yield link


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield browser
        browser.close()


class Screen:
    """A tab with all that its console stated."""

    def __init__(self, browser, link, **options):
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(DRAWN)
        self.stated = []
        self.page.on("console", self.heard)
        self.page.on("pageerror", lambda error: self.stated.append(str(error)))
        self.open(link)

    def heard(self, message):
        if message.type in {"error", "warning"}:
            self.stated.append(message.text)

    def open(self, link):
        self.page.goto(link)
        self.page.wait_for_selector("#stack svg rect")

    def drawn(self):
        return self.page.evaluate("window.lithomech.drawn")

    def until_drawn_again(self, act):
        before = self.drawn()
        act()
        self.until(f"window.lithomech.drawn > {before}")

    def until(self, condition):
        """Wait; the policy of the page forbids what playwright would evaluate in it."""
        for _ in range(DRAWN // 50):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"never came true: {condition}")

    def slide(self, key, place):
        self.page.evaluate(
            """([id, place]) => {
                const range = document.getElementById(id);
                range.value = place;
                range.dispatchEvent(new Event("input"));
                range.dispatchEvent(new Event("change"));
            }""",
            [f"control-{key}-range", place],
        )

    def shot(self, name):
        if SHOTS:
            self.page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)

    @property
    def text(self):
        return self.page.input_value("#text")


@pytest.fixture
def screen(browser, link):
    screen = Screen(browser, link, viewport={"width": 1360, "height": 900})
    yield screen
    assert screen.stated == []
    screen.context.close()


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


def test_a_study_starts_stops_resumes_and_opens_a_member(screen):
    screen.page.click("#tab-study")
    text = screen.page.input_value("#study textarea")
    assert "fixture.pressure: {from: 0.2 MPa, to: 100 MPa" in text
    screen.page.fill("#study textarea", text.replace("points: 13", "points: 400"))
    screen.page.click("#study [data-part=start]")
    screen.until(f"{STUDY}.includes(' of 400 members')")
    screen.page.click("#study [data-part=stop]")
    screen.until(f"{STUDY}.startsWith('stopped')")
    screen.page.click("#study [data-part=start]")
    screen.until(f"{STUDY}.includes(' of 400 members')")
    screen.page.click("#study [data-part=stop]")
    screen.until(f"{STUDY}.startsWith('stopped')")
    screen.page.fill("#study textarea", text.replace("points: 13", "points: 5"))
    screen.page.click("#study [data-part=start]")
    screen.until(f"{STUDY}.startsWith('5 members: 5 completed')")
    screen.until("document.querySelectorAll('#study .plot > *').length === 1")
    screen.shot("study-light")
    screen.page.click("#study summary:has-text('Members')")
    screen.page.click("#study .listing button >> nth=4")
    screen.until("document.getElementById('control-fixture.pressure').value === '100'")
    assert screen.page.is_visible("#cell")


def test_a_mistake_in_a_study_stands_at_its_line(screen):
    screen.page.click("#tab-study")
    screen.page.fill("#study textarea", "base: ncm88_lpscl_liin\nvary:\n  temperatur: [1, 2]\n")
    screen.page.click("#study [data-part=start]")
    screen.page.wait_for_selector("#study .mistakes button")
    assert screen.page.text_content("#study .mistakes button").startswith("line 3: ")
    assert screen.page.text_content("#study .editor b") == "3"


def test_a_fit_is_watched_and_its_cell_opened(screen):
    screen.page.click("#tab-fit")
    screen.page.click("#fit [data-part=try]")
    screen.until(
        "document.querySelector('#fit [data-part=status]').textContent.startsWith('ready')"
    )
    for key in ("diffusivity", "exchange_current_density"):
        screen.page.uncheck(f"#fit tr:has-text('{key}') input[type=checkbox]")
    screen.page.fill("#fit [data-part=starts]", "1")
    screen.page.click("#fit [data-part=start]")
    screen.until("!document.querySelector('#fit [data-part=take]').disabled")
    row = screen.page.locator("#fit tr:has-text('fixture.stiffness')")
    assert "90 %" in row.locator("td").last.text_content()
    screen.until("document.querySelectorAll('#fit .plot > *').length === 2")
    screen.shot("fit-light")
    screen.until_drawn_again(lambda: screen.page.click("#fit [data-part=take]"))
    assert screen.page.is_visible("#cell")


def test_materials_state_their_sources_and_are_sorted_filtered_and_drawn(screen):
    screen.page.click("#tab-materials")
    screen.until("document.querySelectorAll('#materials .plot > *').length === 3")
    rows = "#materials tbody tr"
    everything = screen.page.locator(rows).count()
    screen.page.fill("#materials [data-part=filter]", "chloride")
    assert 0 < screen.page.locator(rows).count() < everything
    screen.page.fill("#materials [data-part=filter]", "")
    screen.page.click("#materials thead button:text-is('density')")
    assert screen.page.locator("th[aria-sort=ascending]").text_content() == "density"
    column = screen.page.evaluate("document.querySelector('[aria-sort]').cellIndex")
    cells = screen.page.locator(f"{rows} > :nth-child({column + 1})").all_text_contents()
    numbers = [float(cell.split()[0]) for cell in cells if cell != "–"]
    assert numbers == sorted(numbers)
    screen.page.select_option("#materials [data-part=role]", "metal")
    mark = screen.page.locator("#materials .mark.assumed").first
    mark.hover()
    assert "assumed" in screen.page.text_content("#materials [data-part=source]")
    assert mark.evaluate("one => one.closest('td').title").startswith("assumed")
    screen.page.focus(f"{rows} td[tabindex='0']")
    before = screen.page.text_content("#materials [data-part=source]")
    screen.page.keyboard.press("ArrowDown")
    assert screen.page.text_content("#materials [data-part=source]") != before
    screen.shot("materials-light")


def test_a_material_of_a_layer_leads_to_its_numbers(screen):
    screen.page.focus("#layers button:text-is('ncm88')")
    screen.until("document.activeElement.title.includes('measured, Song2021')")
    screen.page.click("#layers button:text-is('ncm88')")
    screen.page.wait_for_selector("#materials tbody tr")
    shown = screen.page.locator("#materials tbody th").all_text_contents()
    assert "ncm88" in [name.strip() for name in shown]


REPORTS = {
    "run": (["ncm88_lpscl_liin"], 9),
    "study": (["needed_pressure"], 1),
    "fit": (
        ["fit_voltage_and_pressure", "--set", ONE_PARAMETER, "--set", "method.starts=1"],
        2,
    ),
}


@pytest.mark.parametrize("kind", REPORTS)
def test_an_interactive_report_draws_without_a_server(browser, tmp_path, kind):
    words, plots = REPORTS[kind]
    assert cli.main([kind, *words, "--interactive", "--out", str(tmp_path / "out")]) == 0
    page, stated = browser.new_page(), []
    page.on("pageerror", lambda error: stated.append(str(error)))
    page.on("console", lambda one: stated.append(one.text) if one.type == "error" else None)
    page.goto((tmp_path / "out" / "report.html").as_uri())
    page.wait_for_timeout(1500)
    assert page.locator("#interactive .plot > *").count() == plots
    assert stated == []
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"report-{kind}.png", full_page=True)
    page.close()


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
