import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from lithomech.app.report import CAPTIONS, write_report
from lithomech.cell.readout.quantities import outputs
from lithomech.cell.readout.stack import KEYS as OF_POUCH
from lithomech.plot.cell_result import figures
from support.synthetic_result import Source, synthetic_result

VOID = {"meta", "br", "hr", "img", "input", "link"}
EVIL = "</title><script>alert(1)</script>"


class Page(HTMLParser):
    """Reads a page and complains about tags that do not close in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.attributes, self.tags = [], [], Counter()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += [(tag, *pair) for pair in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += [(tag, *pair) for pair in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(synthetic_result(), path)
    return path.read_text(encoding="utf-8")


def written(result, tmp_path):
    write_report(result, tmp_path / "report.html", {})
    return (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_page_is_well_formed_and_names_are_unique(text):
    page = Page(text)
    assert page.open == []
    names = Counter(value for _, name, value in page.attributes if name == "id")
    assert max(names.values()) == 1


def test_references_inside_the_pictures_lead_somewhere(text):
    names = set(re.findall(r'\bid="([^"]+)"', text))
    used = set(re.findall(r'href="#([^"]+)"', text)) | set(re.findall(r"url\(#([^)]+)\)", text))
    assert used
    assert used <= names


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(text):
    page = Page(text)
    assert not {"script", "link", "iframe", "img", "object"} & set(page.tags)
    assert not [a for a in page.attributes if a[1] in ("src", "srcset") or a[1][:2] == "on"]
    outside = re.sub(r'xmlns(:xlink)?="[^"]*"', "", text)
    assert "url(http" not in outside
    assert 'href="http' not in outside
    assert "@import" not in outside


def test_every_figure_has_a_caption_and_a_text_for_those_who_cannot_see_it(text):
    assert set(figures(synthetic_result())) <= set(CAPTIONS)
    labels = [
        v for tag, name, v in Page(text).attributes if (tag, name) == ("svg", "aria-label")
    ]
    assert len(labels) == len(figures(synthetic_result()))
    pressure = synthetic_result().series.stack_pressure / 1e6
    assert f"stack pressure from {min(pressure):.3f} to {max(pressure):.3f} MPa" in labels[0]


def test_pictures_take_the_colours_of_the_page(text):
    assert "prefers-color-scheme: dark" in text
    pictures = "".join(re.findall(r"<svg.*?</svg>", text, flags=re.DOTALL))
    assert not re.findall(r"#[0-9a-f]{6}\b", pictures)
    defined = set(re.findall(r"(--[a-z]+):", text))
    assert set(re.findall(r"var\((--[a-z]+)\)", text)) <= defined


def test_every_quantity_of_a_cycle_is_shown(text):
    (cycle, *_) = synthetic_result().cycles
    assert set(outputs().cycle) == set(cycle)
    for quantity in outputs().cycle.values():
        assert (quantity.label in text) != (quantity.key in OF_POUCH)
    assert '<td class="number">192.7</td>' in text
    assert '<td class="number">–</td>' in text  # no lithium electrode


def test_assumed_values_are_marked(text):
    assert text.count('<td class="mark">assumed</td>') == 1
    assert text.count("(not checked)") == 1


def test_input_keys_are_those_of_set(text):
    assert "<code>cathode.active[0].material</code>" in text
    assert "<code>fixture.stiffness</code></td><td>4e+11</td>" in text


def test_long_tables_of_the_input_are_shown_by_their_ends(tmp_path):
    curve = {"materials": {"x": [0.1 * n for n in range(11)]}}
    text = written(replace(synthetic_result(), input=curve), tmp_path)
    assert "0 … 1 (11 values)" in text


def test_all_text_is_escaped(tmp_path):
    source = Source(EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, False)
    evil = synthetic_result(
        name=EVIL, status=EVIL, reason=EVIL, warnings=(EVIL,), sources=(source,),
        input={EVIL: EVIL}, provenance={EVIL: EVIL},
    )  # fmt: skip
    events = tuple(event._replace(name=EVIL) for event in evil.events)
    text = written(replace(evil, events=events), tmp_path)
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 13
    assert Page(text).open == []


def test_status_is_reported_by_words_and_colour(tmp_path):
    early = synthetic_result(status="contact lost", reason="no contact can carry 0.1C")
    text = written(early, tmp_path)
    assert '<span class="status">Contact lost</span>: no contact can carry 0.1C' in text


def test_a_result_without_cycles_or_sources(tmp_path):
    bare = synthetic_result(cycles=1)
    bare = replace(bare, cycles=(), sources=(), events=(), warnings=(), input={})
    text = written(bare, tmp_path)
    assert "Warnings" not in text
    assert Page(text).open == []
