"""A browser that is driven, and a tab of it with all that its console stated."""

import os
import shutil
from pathlib import Path

import pytest

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
STUDY = "document.querySelector('#study [data-part=status]').textContent"
LIFE = "document.getElementById('life-status').textContent"
driven = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium found; set LITHOMECH_BROWSER"),
]


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
