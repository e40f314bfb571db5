"""The version stands in several files, which must agree."""

import json
from pathlib import Path

import yaml

from lithomech.version import __version__

ROOT = Path(__file__).parents[2]


def test_every_file_has_the_same_version():
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    meta = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    assert str(cff["version"]) == meta["version"] == __version__
