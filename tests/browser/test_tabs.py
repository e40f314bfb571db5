"""Studies, fits, materials and interactive reports in a real browser."""

from pathlib import Path

import pytest

from lithomech.app import cli

from .screen import SHOTS, STUDY, driven

pytestmark = driven
ONE_PARAMETER = "parameters={fixture.stiffness: {from: 0.1 MPa/um, to: 1 MPa/um, scale: log}}"


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
