"""The served page and the browser that all tests of the page share."""

import pytest
from playwright.sync_api import sync_playwright

from lithomech.app.app_command import warm_up
from lithomech.app.web.serving import served

from .screen import BROWSER, FLAGS, Screen


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


@pytest.fixture
def screen(browser, link):
    screen = Screen(browser, link, viewport={"width": 1360, "height": 900})
    yield screen
    assert screen.stated == []
    screen.context.close()
